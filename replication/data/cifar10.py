"""CIFAR-10 (Krizhevsky 2009): 50,000 colour photographs to train on, 10,000 held out."""

from __future__ import annotations

import io
import pickle
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from replication.data._checks import DataError, Part
from replication.data._torchvision import verified

LABEL = "CIFAR-10"
CLASSES = 10
SHAPE = [3, 32, 32]
COUNT = [50_000, 10_000]
DOWNLOADS = True
SOURCE = "Krizhevsky 2009, no licence stated; through torchvision.datasets.CIFAR10"

#: All that a pickled array of bytes names.
PARTS = {
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.numeric", "_frombuffer"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("_codecs", "encode"),
}


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
    """Batches as published, which is as pickles."""
    entries = [Arrays(io.BytesIO(batch), encoding="latin1").load() for batch in batches]
    images = np.concatenate([entry["data"] for entry in entries]).reshape(-1, *SHAPE)
    return Part(images, np.concatenate([entry["labels"] for entry in entries]))


class Arrays(pickle.Unpickler):
    """Reads arrays, numbers, texts and lists. A pickle may name any function to be called; here only an array's parts.

    Checksums are verified before; this is the second lock on the same door, since MD5 can be forged.
    """

    def find_class(self, module: str, name: str) -> Any:
        """What a pickle asks for, where it is needed to build an array; raises DataError for all else."""
        if (module.replace("numpy.core", "numpy._core"), name) not in PARTS:
            raise DataError(
                f"cifar10: a batch asks for {module}.{name}, which no array needs: refused; "
                "delete the files and download them again"
            )
        return super().find_class(module, name)
