"""CIFAR-10 (Krizhevsky 2009): 50,000 colour photographs to train on, 10,000 held out."""

from __future__ import annotations

import io
import pickle
import tarfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from replication.data._checks import Part
from replication.data._torchvision import verified

LABEL = "CIFAR-10"
CLASSES = 10
SHAPE = [3, 32, 32]
DOWNLOADS = True
SOURCE = "Krizhevsky 2009, no licence stated; through torchvision.datasets.CIFAR10"


def read(root: Path) -> tuple[Part, Part]:
    """Official train and test parts: the unpacked batches in ``<root>``, else the archive.

    The archive is downloaded where missing, and not unpacked: a kill could leave half of its files.
    """
    from torchvision.datasets import CIFAR10

    batches = [*CIFAR10.train_list, *CIFAR10.test_list]
    folder = root / CIFAR10.base_folder
    if all((folder / name).exists() for name, _ in batches):
        contents = [verified(folder / name, md5) for name, md5 in batches]
    else:
        archive = verified(root / CIFAR10.filename, CIFAR10.tgz_md5, [CIFAR10.url])
        contents = _members(archive, [f"{CIFAR10.base_folder}/{name}" for name, _ in batches])
    train = len(CIFAR10.train_list)
    return _part(contents[:train]), _part(contents[train:])


def _members(archive: bytes, names: Sequence[str]) -> list[bytes]:
    """Files of a tar archive, unpacked in memory."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        found = {
            member.name: file.read()
            for member in tar
            if member.name in names and (file := tar.extractfile(member))
        }
    return [found[name] for name in names]


def _part(batches: Sequence[bytes]) -> Part:
    """Batches as published: pickles, which are opened only because their checksums were right."""
    entries = [pickle.loads(batch, encoding="latin1") for batch in batches]
    images = np.concatenate([entry["data"] for entry in entries]).reshape(-1, *SHAPE)
    return Part(images, np.concatenate([entry["labels"] for entry in entries]))
