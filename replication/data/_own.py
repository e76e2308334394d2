"""The user's own images: an ``.npz`` file or a folder. Read here, judged by `_checks`."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from replication.data._checks import Array, DataError, Part, grey, laid_out, reason
from replication.data._listing import SUFFIXES, Listing, listing
from replication.data._pictures import Tally, look
from replication.plan import registry
from replication.plan.config import Reading

#: Images are read as they are where nobody says otherwise.
AS_THEY_ARE = Reading()

#: Classes that are named with the number of their images.
NAMED = 12


def read(path: Path, place: str, how: Reading = AS_THEY_ARE) -> Part:
    """Images, and labels where there are any, of a file or folder.

    Args:
        path: an ``.npz`` file with ``images`` (uint8) and perhaps ``labels``, or a folder of images
            whose sub-folders, where it has several, are the classes.
        place: where the path was given, for the message.
        how: what is done to the images of a folder.

    Raises:
        DataError: nothing readable is there, or it can only be read by a guess at what is meant.
    """
    require(path, place, how)
    if not path.is_dir():
        return _as_grey(_npz(path, place), place)
    found, tally = listed(path, place), Tally()
    pictures = list(_survey(found.files, place, how, tally, path))
    height, width, _ = pictures[0].shape
    shape = (height, width, tally.channels)
    images = np.stack([np.broadcast_to(picture, shape) for picture in pictures])
    return Part(images, _labels(found), (*tally.notes(), *found.notes(), *_classes(found)))


def require(path: Path, place: str, how: Reading = AS_THEY_ARE) -> None:
    """Raise `DataError` where there is neither a folder nor a whole ``.npz`` file, to be read as it is."""
    if not path.exists():
        raise DataError(
            f"{place}: no such file or folder; correct the path (it starts at {Path.cwd()})"
        )
    if path.is_dir():
        return
    if how.resize or how.backdrop:
        raise DataError(f"{place}: resize and backdrop are for folders; leave them out here")
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
        raise DataError(f"{place}: damaged ({reason(error)}); copy it or save it again") from None
    if "images" not in arrays:
        hint = registry.nearest("images", names)
        raise DataError(f"{place}: holds no array 'images'{hint}; save it under that name")
    if "labels" not in arrays and len(names) > 1:
        others = ", ".join(repr(name) for name in names if name != "images")
        raise DataError(f"{place}: holds {others} but no 'labels'; rename that array, or drop it")
    return Part(arrays["images"], arrays.get("labels"))


def _as_grey(part: Part, place: str) -> Part:
    """The part, with one channel where all three are equal in every image."""
    images = laid_out(part.images, place)
    count, channels, height, width = images.shape
    notes = [f"{count:,} images of {height}x{width}, {'grey' if channels == 1 else 'colour'}"]
    if channels == 3 and grey(images):
        images = images[:, :1]
        notes.append("read as grey: red, green and blue are equal in every image")
    return Part(images, part.labels, tuple(notes))


@dataclass(frozen=True)
class Folder:
    """The images of a folder, all of them looked at once, and each read again when it is asked for.

    Attributes:
        files: one for each image.
        shape: height, width and channels that all share; grey images among coloured ones become coloured.
        place: where the folder was given, for the message.
        how: what is done to each image.
        notes: what was read and converted, one line each.
    """

    files: list[Path]
    shape: tuple[int, int, int]
    place: str
    how: Reading
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, rows: slice) -> Array:
        """uint8 ``[n, H, W, C]``; raises `DataError` for a file that cannot be read."""
        files = self.files[rows]
        images = np.empty((len(files), *self.shape), np.uint8)
        for image, file in zip(images, files, strict=True):
            pixels = look(file, self.place, self.how).pixels
            if pixels.shape[:2] != self.shape[:2] or pixels.shape[2] > self.shape[2]:
                fault = f"{self.place}: {file}: was changed while it was read; run again"
                raise DataError(fault)
            image[:] = pixels
        return images


def folder(path: Path, place: str, how: Reading = AS_THEY_ARE) -> Folder:
    """The images of a folder, whatever their classes.

    Raises:
        DataError: as `read`.
    """
    found, tally = listed(path, place), Tally()
    height, width = 0, 0
    for picture in _survey(found.files, place, how, tally, path):
        height, width, _ = picture.shape
    notes = (*tally.notes(), *found.notes())
    return Folder(found.files, (height, width, tally.channels), place, how, notes)


def listed(path: Path, place: str) -> Listing:
    """The images of a folder: some, and not both beside and in sub-folders."""
    found = listing(path)
    if not found.groups:
        passed = "".join(f" ({note})" for note in found.notes())
        raise DataError(
            f"{place}: no images ({' '.join(SUFFIXES)}) in this folder or its sub-folders{passed}; "
            "put them there, one sub-folder per class or all in one"
        )
    if len(found.groups) > 1 and "" in found.groups:
        raise DataError(
            f"{place}: images lie beside sub-folders of images ({found.groups[''][0].name}); move them into a "
            "sub-folder, or all into one folder"
        )
    return found


def _survey(
    files: list[Path], place: str, how: Reading, tally: Tally, path: Path
) -> Iterator[Array]:
    """The pixels of every image, counted on the way; all must share a size."""
    first: tuple[int, ...] = ()
    for file in files:
        picture = look(file, place, how)
        size = picture.pixels.shape[:2]
        first = first or size
        if size != first:
            side = min(*first, *size)
            raise DataError(
                f"{place}: {files[0].name} is {first[0]}x{first[1]} but {file.name} is {size[0]}x{size[1]}; "
                f"resize all: {{path: {json.dumps(str(path))}, resize: {side}}} in own_data, or each file: "
                f"ImageOps.fit(ImageOps.exif_transpose(Image.open(f)), ({side}, {side})).save(f)"
            )
        tally.add(picture)
        yield picture.pixels


def _labels(found: Listing) -> Array | None:
    """Sub-folders are classes where there are several: images of one kind have no labels."""
    sizes = [len(files) for files in found.groups.values()]
    return np.repeat(np.arange(len(sizes)), sizes) if len(sizes) > 1 else None


def _classes(found: Listing) -> list[str]:
    """Which sub-folder became which class."""
    groups = [f"{name} ({len(files):,})" for name, files in found.groups.items()]
    if len(groups) == 1:
        return [] if "" in found.groups else [f"no labels: all lie in one sub-folder, {groups[0]}"]
    more = ", ..." * (len(groups) > NAMED)
    return [f"{len(groups):,} classes, by sub-folder: {', '.join(groups[:NAMED])}{more}"]
