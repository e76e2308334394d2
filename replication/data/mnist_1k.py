"""The first 1,000 training digits of MNIST, for what a critic does with few images (Gulrajani et al. 2017, fig. 5b)."""

from __future__ import annotations

from pathlib import Path

from replication.data import mnist
from replication.data._checks import Part

LABEL = "MNIST, 1,000 digits"
CLASSES = 10
SHAPE = [1, 28, 28]
COUNT = [1_000, 10_000]
DOWNLOADS = True
SOURCE = "LeCun, Cortes and Burges, CC BY-SA 3.0; through torchvision.datasets.MNIST"


def read(root: Path) -> tuple[Part, Part]:
    """Those of the official train part, and all of the test part."""
    train, test = mnist.read(root)
    assert train.labels is not None
    return Part(train.images[: COUNT[0]], train.labels[: COUNT[0]]), test
