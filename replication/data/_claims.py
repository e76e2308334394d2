"""What files of images claim to hold, read before anything is unpacked: a file of kilobytes can claim terabytes.

Asked by the command line before a file is read. That it stands apart from the reading keeps the size of a machine
out of what decides a data set.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

from replication.data import _own
from replication.data._checks import DataError
from replication.data._listing import FORMATS, listing
from replication.plan.config import Reading
from replication.words import numbers

#: Images are held as bytes, and as floats of four bytes; one more copy of either is made on the way.
COPIES = 8


def check(path: Path, place: str, how: Reading = _own.AS_THEY_ARE) -> None:
    """Let images pass that fit this machine all at once; whether they are there and whole is not judged here.

    Args:
        path: an ``.npz`` file or a folder of images; nothing else is looked at.
        place: where the path was given, for the message.
        how: images that are resized are held small, and one of them at a time as it is stored.

    Raises:
        DataError: they claim more, or an image is of a format that is not in `FORMATS`.
    """
    if path.is_dir():
        fits(held(sizes(path, place), how), place)
    elif path.suffix == ".npz" and zipfile.is_zipfile(path):
        fits(_unpacked(path), place)


def fits(claimed: int, place: str) -> None:
    """Let so many bytes of images pass; raises `DataError` where they are more than the memory holds `COPIES` of."""
    budget = _memory() // COPIES
    if claimed > budget:
        raise DataError(
            f"{place}: unpacks to {numbers.size(claimed)}, and {numbers.size(budget)} is what this machine's "
            "memory allows; give fewer or smaller images"
        )


def held(stored: list[int], how: Reading) -> int:
    """Bytes of images of these sizes, held together as they are read."""
    resized = 3 * (how.resize or 0) ** 2 * len(stored)
    return resized + max(stored, default=0) if how.resize else sum(stored)


def sizes(folder: Path, place: str) -> list[int]:
    """Bytes of every image of a folder by its header; raises `DataError` for a format that is not in `FORMATS`."""
    return [_pixels(file, place) for file in listing(folder).files]


def _unpacked(path: Path) -> int:
    """Bytes of all members; Python's zipfile reads none beyond the size that is stated here."""
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(member.file_size for member in archive.infolist())
    except Exception:  # its reader says what is wrong with it
        return 0


def _pixels(file: Path, place: str) -> int:
    """Bytes of an image in colour, by its header."""
    from PIL import Image

    try:
        with Image.open(file, formats=FORMATS) as image:
            return 3 * image.width * image.height
    except Exception as error:
        reason = " ".join(str(error).split()).replace(str(file), file.name)
        raise DataError(f"{place}: {file}: unreadable ({reason}); replace or remove it") from None


def _memory() -> int:
    """Bytes of this machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
