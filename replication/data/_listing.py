"""Which files of a folder are images, and how many are passed over, by reason."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from replication.data._checks import DataError

#: A file of these suffixes is an image, and a fault where it cannot be read.
SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".pgm", ".ppm")

#: By their content, whatever their names say: other formats of Pillow's call programs, as EPS calls Ghostscript.
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")

#: Known by their first bytes under any suffix, as .jfif; a camera's raw file begins like a TIFF.
BY_CONTENT = ("PNG", "JPEG", "GIF", "WEBP")


@dataclass
class Listing:
    """The images of a folder.

    Attributes:
        groups: images by sub-folder, with those of deeper folders; "" holds those of the folder itself.
        deeper: how many lie in deeper folders.
        by_content: images known by their content, by suffix.
        passed: files and folders passed over, by reason.
    """

    groups: dict[str, list[Path]] = field(default_factory=dict)
    deeper: int = 0
    by_content: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)

    @property
    def files(self) -> list[Path]:
        """All images, group by group."""
        return [file for group in self.groups.values() for file in group]

    def notes(self) -> Iterator[str]:
        """What the names of the files leave open, one line each."""
        if self.by_content:
            yield f"known by their content: {counted(self.by_content)}"
        if self.deeper:
            yield f"{self.deeper:,} from deeper folders, read with their sub-folder"
        if self.passed:
            yield f"passed over: {counted(self.passed)}"


def listing(folder: Path) -> Listing:
    """The images of a folder and of all folders in it, in the order of their names.

    Raises:
        DataError: a folder cannot be opened.
    """
    found = Listing()
    for place, names in _walk(folder, found.passed):
        parts = place.relative_to(folder).parts
        images = [place / name for name in names if _is_image(place / name, found)]
        group = found.groups.setdefault(parts[0] if parts else "", [])
        group += images
        found.deeper += len(images) if len(parts) > 1 else 0
    empty = [name for name, images in found.groups.items() if not images]
    found.groups = {name: sorted(found.groups[name]) for name in sorted(found.groups)}
    for name in empty:
        del found.groups[name]
        found.passed["sub-folder without images"] += bool(name)
    found.passed = +found.passed
    return found


def counted(counts: Counter[str], most: int = 12) -> str:
    """``120 RGB, 60 grey``: the largest counts, and how many other kinds there are."""
    said = [f"{count:,} {kind}" for kind, count in counts.most_common(most)]
    others = sum(counts.values()) - sum(count for _, count in counts.most_common(most))
    return ", ".join([*said, f"{others:,} more"] if others else said)


def _walk(folder: Path, passed: Counter[str]) -> Iterator[tuple[Path, list[str]]]:
    """Every folder with the names of its files; links are followed, but none in a circle."""
    seen: set[str] = set()
    for place, inner, names in os.walk(folder, followlinks=True, onerror=_refuse):
        if (real := os.path.realpath(place)) in seen:
            passed["link to a folder that is read already"] += 1
            inner.clear()
            continue
        seen.add(real)
        passed["hidden"] += sum(name.startswith(".") for name in (*inner, *names))
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        yield Path(place), [name for name in names if not name.startswith(".")]


def _is_image(file: Path, found: Listing) -> bool:
    """Whether a file is an image; where its suffix does not say so, it is counted."""
    suffix = file.suffix.lower()
    if not file.is_file():
        found.passed["broken link or special file"] += 1
        return False
    if suffix in SUFFIXES:
        return True
    known = _begins_as_image(file)
    (found.by_content if known else found.passed)[suffix or "without suffix"] += 1
    return known


def _begins_as_image(file: Path) -> bool:
    # Whatever goes wrong, in the file system or in Pillow: it is not known as an image.
    try:
        with Image.open(file, formats=BY_CONTENT):
            return True
    except Exception:
        return False


def _refuse(error: OSError) -> None:
    raise DataError(
        f"{error.filename}: cannot be opened ({error.strerror}); allow it, or move it away"
    )
