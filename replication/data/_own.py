"""The user's own images: an ``.npz`` file or a folder. Read here, judged by `_checks`."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from replication import registry
from replication.data._checks import Array, DataError, Part

#: Other files of a folder (a read-me, a thumbnail cache) are passed over.
SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".pgm", ".ppm")


def read(path: Path, place: str) -> Part:
    """Images, and labels where there are any, of a file or folder.

    Args:
        path: an ``.npz`` file with ``images`` (uint8) and perhaps ``labels``, or a folder of images
            whose sub-folders, where it has any, are the classes.
        place: where the path was given, for the message.

    Raises:
        DataError: nothing readable is there.
    """
    if not path.exists():
        raise DataError(
            f"{place}: no such file or folder; correct the path (it starts at {Path.cwd()})"
        )
    if path.is_dir():
        return _folder(path, place)
    if path.suffix != ".npz":
        raise DataError(
            f"{place}: neither an .npz file nor a folder; np.savez_compressed('x.npz', images=...)"
        )
    return _npz(path, place)


def _npz(path: Path, place: str) -> Part:
    # A zip file ends with its table of contents: one that was cut short is no zip file any more.
    if not zipfile.is_zipfile(path):
        raise DataError(f"{place}: not a whole .npz file (cut short?); copy it or save it again")
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


def _folder(folder: Path, place: str) -> Part:
    subfolders = [p for p in sorted(folder.iterdir()) if p.is_dir() and not p.name.startswith(".")]
    groups = [files for p in subfolders if (files := _image_files(p))]
    loose = _image_files(folder)
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
    images = _stack([_image(file, place) for file in files], files, place)
    labels = np.repeat(np.arange(len(groups)), [len(group) for group in groups]) if groups else None
    return Part(images, labels)


def _image_files(folder: Path) -> list[Path]:
    """Images of a folder by name: the order must not depend on the file system."""
    files = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES)
    return [p for p in files if p.is_file() and not p.name.startswith(".")]


def _image(file: Path, place: str) -> Array:
    """uint8 ``[H, W, C]``, one channel where the file is grey, else three; alpha is dropped."""
    from PIL import Image

    try:
        with Image.open(file) as image:
            deep = image.mode.startswith(("I", "F"))
            grey = deep or image.mode in ("1", "L", "LA", "La")
            pixels = np.asarray(image.convert("L" if grey else "RGB"))
    # Each format's plug-in has its own way to fail on a broken file; all mean the same here.
    except Exception as error:
        reason = _line(error).replace(str(file), file.name)
        raise DataError(f"{place}: {file}: unreadable ({reason}); replace or remove it") from None
    if deep:
        raise DataError(f"{place}: {file}: more than 8 bits a channel; save it with 8")
    return pixels[:, :, None] if grey else pixels


def _stack(images: list[Array], files: list[Path], place: str) -> Array:
    """uint8 ``[N, H, W, C]``; grey images among coloured ones become coloured."""
    height, width = images[0].shape[:2]
    for image, file in zip(images, files, strict=True):
        if image.shape[:2] != (height, width):
            raise DataError(
                f"{place}: {files[0].name} is {height}x{width} but {file.name} is "
                f"{image.shape[0]}x{image.shape[1]}; resize all images to one size"
            )
    channels = max(image.shape[2] for image in images)
    return np.stack([np.broadcast_to(image, (height, width, channels)) for image in images])


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
