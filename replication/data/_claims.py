"""What files of images claim to hold, read before anything is unpacked: a file of kilobytes can claim terabytes.

Asked by the command line before a file is read. That it stands apart from the reading keeps the size of a machine
out of what decides a data set.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

from replication import numbers
from replication.data import _own
from replication.data._checks import DataError

#: Images are held as bytes, and as floats of four bytes; one more copy of either is made on the way.
COPIES = 8


def check(path: Path, place: str) -> None:
    """Let images pass that fit this machine all at once; whether they are there and whole is not judged here.

    Args:
        path: an ``.npz`` file or a folder of images; nothing else is looked at.
        place: where the path was given, for the message.

    Raises:
        DataError: they claim more, or an image is of a format that is not in `_own.FORMATS`.
    """
    if path.is_dir():
        fits(sum(sizes(path, place)), place)
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


def sizes(folder: Path, place: str) -> list[int]:
    """Bytes of every image of a folder by its header; raises `DataError` for a format that is not in `FORMATS`."""
    return [_pixels(file, place) for file in _files(folder)]


def _files(folder: Path) -> list[Path]:
    """All images that a reader of this folder would open."""
    inside = (p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
    seen = (p for place in (folder, *inside) for p in place.iterdir())
    files = (p for p in seen if p.suffix.lower() in _own.SUFFIXES and not p.name.startswith("."))
    return sorted(p for p in files if p.is_file())


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
        with Image.open(file, formats=_own.FORMATS) as image:
            return 3 * image.width * image.height
    except Exception as error:
        reason = " ".join(str(error).split()).replace(str(file), file.name)
        raise DataError(f"{place}: {file}: unreadable ({reason}); replace or remove it") from None


def _memory() -> int:
    """Bytes of this machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
