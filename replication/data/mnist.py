"""MNIST (LeCun et al. 1998): 60,000 handwritten digits to train on, 10,000 held out."""

from __future__ import annotations

from pathlib import Path

from replication.data._checks import Part
from replication.data._torchvision import mnist_like

LABEL = "MNIST"
CLASSES = 10
SHAPE = [1, 28, 28]
COUNT = [60_000, 10_000]
DOWNLOADS = True
SOURCE = "LeCun, Cortes and Burges, CC BY-SA 3.0; through torchvision.datasets.MNIST"


def read(root: Path) -> tuple[Part, Part]:
    """Official train and test parts, from ``<root>/MNIST/raw``; downloaded there where missing."""
    return mnist_like("MNIST", root)
