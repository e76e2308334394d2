"""The shape and number of a data set's images, as far as they are known without reading them. No torch here."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.lib import format as npy
from safetensors import SafetensorError, safe_open

from replication.data import _own
from replication.data._base import FEWEST, HELDOUT_SHARE
from replication.data._checks import DataError, laid_out
from replication.data._pictures import look
from replication.plan import registry
from replication.plan.config import Config, Reading
from replication.plan.paths import Paths

Shape = tuple[int, ...]


class Known(NamedTuple):
    """What is known of a data set before it is prepared.

    Attributes:
        shape: of one image, channels first; of one point.
        train: images to train on, at most: equal images stay on one side of the split.
        heldout: images held out.
        labelled: whether they have labels.
    """

    shape: Shape
    train: int
    heldout: int
    labelled: bool


def shape_of(dataset: str, config: Config) -> Known | None:
    """Read the metadata of a built-in data set, or headers of the user's own files.

    Of a folder the first image is opened, and the others are counted. Where the user's files are gone, what was
    prepared of them counts.

    Returns:
        What is known; None where only reading the files can tell, which then says what is wrong with them.

    Raises:
        DataError: the user's files are missing, or hold no images that could be trained on.
    """
    if dataset not in config.own_data:
        metadata = registry.metadata("data", dataset)
        train, heldout = metadata["COUNT"]
        return Known(tuple(metadata["SHAPE"]), train, heldout, metadata["CLASSES"] > 0)
    own = config.own_data[dataset]
    path, place = Path(own.path).expanduser(), f"params.yaml: own_data.{dataset}: {own.path}"
    if not path.exists() and (known := _prepared(Paths.of(config.profile).dataset(dataset))):
        return known
    _own.require(path, place, own)
    return _folder(path, place, own) if path.is_dir() else _npz(path, place)


def _prepared(path: Path) -> Known | None:
    """The header of a prepared data set."""
    try:
        with safe_open(path, framework="np") as tensors:
            train, heldout = (
                tensors.get_slice(f"{part}_images").get_shape() for part in ("train", "heldout")
            )
            labelled = "train_labels" in set(tensors.keys())
    except (OSError, SafetensorError):
        return None
    return Known(tuple(train[1:]), train[0], heldout[0], labelled)


def _npz(path: Path, place: str) -> Known | None:
    """The header of the array ``images``, which stands before its pixels."""
    try:
        with zipfile.ZipFile(path) as archive:
            labelled = "labels.npy" in archive.namelist()
            with archive.open("images.npy") as stream:
                read = {
                    (1, 0): npy.read_array_header_1_0,
                    (2, 0): npy.read_array_header_2_0,
                }[npy.read_magic(stream)]
                shape, _, dtype = read(stream)
    # Damage shows in many ways, each of which the reader of the whole file puts into words.
    except Exception:
        return None
    if dtype != np.uint8:
        return None
    # One byte stands for all pixels.
    images = laid_out(np.broadcast_to(np.uint8(0), shape), place)
    return _split(len(images), images.shape[1:], labelled, place)


def _folder(path: Path, place: str, how: Reading) -> Known:
    """The first image of a folder, as it is read, and the number of all."""
    found = _own.listed(path, place)
    height, width, channels = look(found.files[0], place, how).pixels.shape
    return _split(len(found.files), (channels, height, width), len(found.groups) > 1, place)


def _split(count: int, shape: Shape, labelled: bool, place: str) -> Known:
    """Images of one part, split as `_base.split` does."""
    if count < FEWEST:
        raise DataError(f"{place}: {count} images; at least {FEWEST} different ones are needed")
    heldout = round(HELDOUT_SHARE * count)
    return Known(shape, count - heldout, heldout, labelled)
