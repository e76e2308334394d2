"""The user's own images: an ``.npz`` file or a folder. Read here, judged by `_checks`."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from replication import registry
from replication.data._checks import Array, DataError, Part

if TYPE_CHECKING:
    from PIL.Image import Image

T = TypeVar("T")

#: Other files of a folder (a read-me, a thumbnail cache) are passed over.
SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".pgm", ".ppm")

#: By their content, whatever their names say: other formats of Pillow's call programs, as EPS calls Ghostscript.
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")


def read(path: Path, place: str) -> Part:
    """Images, and labels where there are any, of a file or folder.

    Args:
        path: an ``.npz`` file with ``images`` (uint8) and perhaps ``labels``, or a folder of images
            whose sub-folders, where it has any, are the classes.
        place: where the path was given, for the message.

    Raises:
        DataError: nothing readable is there.
    """
    require(path, place)
    if not path.is_dir():
        return _npz(path, place)
    images, labels = folder(path, place)
    return Part(images[:], labels)


def require(path: Path, place: str) -> None:
    """Raise `DataError` where there is neither a folder nor a whole ``.npz`` file."""
    if not path.exists():
        raise DataError(
            f"{place}: no such file or folder; correct the path (it starts at {Path.cwd()})"
        )
    if path.is_dir():
        return
    if path.suffix != ".npz":
        raise DataError(
            f"{place}: neither an .npz file nor a folder; np.savez_compressed('x.npz', images=...)"
        )
    # A zip file ends with its table of contents: one that was cut short is no zip file any more.
    if not zipfile.is_zipfile(path):
        raise DataError(f"{place}: not a whole .npz file (cut short?); copy it or save it again")


def _npz(path: Path, place: str) -> Part:
    try:
        with np.load(path, allow_pickle=False) as archive:
            names = archive.files
            arrays = {k: np.asarray(archive[k]) for k in ("images", "labels") if k in names}
    # A damaged header fails in numpy, zlib, zipfile or Python's own parser: all mean the same here.
    except Exception as error:
        if "allow_pickle" in str(error):
            raise DataError(
                f"{place}: holds pickled Python objects, which can run code; save plain numbers: "
                "one uint8 array of images that share one size"
            ) from None
        raise DataError(f"{place}: damaged ({_line(error)}); copy it or save it again") from None
    if "images" not in arrays:
        hint = registry.nearest("images", names)
        raise DataError(f"{place}: holds no array 'images'{hint}; save it under that name")
    if "labels" not in arrays and len(names) > 1:
        others = ", ".join(repr(name) for name in names if name != "images")
        raise DataError(f"{place}: holds {others} but no 'labels'; rename that array, or drop it")
    return Part(arrays["images"], arrays.get("labels"))


@dataclass(frozen=True)
class Folder:
    """The images of a folder, each read when it is asked for.

    Attributes:
        files: one for each image.
        shape: height, width and channels that all share; grey images among coloured ones become coloured.
        place: where the folder was given, for the message.
    """

    files: list[Path]
    shape: tuple[int, int, int]
    place: str

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, rows: slice) -> Array:
        """uint8 ``[n, H, W, C]``; raises `DataError` for a file that cannot be read."""
        files = self.files[rows]
        images = np.empty((len(files), *self.shape), np.uint8)
        for image, file in zip(images, files, strict=True):
            found = _opened(file, self.place, _pixels)
            if found.shape[:2] != self.shape[:2] or found.shape[2] > self.shape[2]:
                fault = f"{self.place}: {file}: was changed while it was read; run again"
                raise DataError(fault)
            image[:] = found
        return images


def folder(path: Path, place: str) -> tuple[Folder, Array | None]:
    """The images of a folder and their labels, the headers of all files checked.

    Raises:
        DataError: there are none, a header cannot be read, or sizes differ.
    """
    subfolders = [p for p in sorted(path.iterdir()) if p.is_dir() and not p.name.startswith(".")]
    groups = [files for p in subfolders if (files := _image_files(p))]
    loose = _image_files(path)
    if not groups and not loose:
        raise DataError(
            f"{place}: no images ({' '.join(SUFFIXES)}) in this folder or its sub-folders; "
            "put them there, one sub-folder per class or all in one"
        )
    if groups and loose:
        raise DataError(
            f"{place}: images lie beside sub-folders of images ({loose[0].name}); move them into a "
            "sub-folder, or all into one folder"
        )
    files = [file for group in groups for file in group] or loose
    labels = np.repeat(np.arange(len(groups)), [len(group) for group in groups]) if groups else None
    return Folder(files, _shared(files, place), place), labels


def _image_files(folder: Path) -> list[Path]:
    """Images of a folder by name: the order must not depend on the file system."""
    files = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES)
    return [p for p in files if p.is_file() and not p.name.startswith(".")]


def _shared(files: list[Path], place: str) -> tuple[int, int, int]:
    """Height, width and most channels of images that must share a size."""
    shapes = [_opened(file, place, _shape) for file in files]
    height, width, _ = shapes[0]
    for shape, file in zip(shapes, files, strict=True):
        if shape[:2] != (height, width):
            raise DataError(
                f"{place}: {files[0].name} is {height}x{width} but {file.name} is "
                f"{shape[0]}x{shape[1]}; resize all images to one size"
            )
    return height, width, max(channels for *_, channels in shapes)


def _opened(file: Path, place: str, look: Callable[[Image], T]) -> T:
    """What there is to see in an image file."""
    from PIL import Image

    try:
        with Image.open(file, formats=FORMATS) as image:
            return look(image)
    except DataError as error:
        raise DataError(f"{place}: {file}: {error}") from None
    # Each format's plug-in has its own way to fail on a broken file; all mean the same here.
    except Exception as error:
        reason = _line(error).replace(str(file), file.name)
        raise DataError(f"{place}: {file}: unreadable ({reason}); replace or remove it") from None


def _shape(image: Image) -> tuple[int, int, int]:
    """Height, width and channels by the header: one channel where it is grey, else three."""
    if image.mode.startswith(("I", "F")):
        raise DataError("more than 8 bits a channel; save it with 8")
    return image.height, image.width, 1 if image.mode in ("1", "L", "LA", "La") else 3


def _pixels(image: Image) -> Array:
    """uint8 ``[H, W, C]``; alpha is dropped."""
    shape = _shape(image)
    return np.asarray(image.convert("L" if shape[2] == 1 else "RGB")).reshape(shape)


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
