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

#: SHA-256 of the unpacked files.
UNPACKED = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}


def read(root: Path) -> tuple[Part, Part]:
    """Official train and test parts, from ``<root>/MNIST/raw``; downloaded there where missing."""
    return mnist_like("MNIST", root, UNPACKED)
