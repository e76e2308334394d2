"""Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): clothing, 60,000 to train on, 10,000 held out."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from pathlib import Path

from replication.data._checks import DataError, Part
from replication.data._torchvision import idx_parts, mnist_like

LABEL = "Fashion-MNIST"
CLASSES = 10
SHAPE = [1, 28, 28]
COUNT = [60_000, 10_000]
DOWNLOADS = True
SOURCE = (
    "Zalando SE, MIT; through torchvision.datasets.FashionMNIST or Debian's dataset-fashion-mnist"
)

DEBIAN = "/usr/share/datasets/fashion-mnist"

#: SHA-256 of the unpacked files. Debian's build strips names and times from the gzip headers, so
#: its archives do not have the published MD5s, though they hold the same images.
UNPACKED = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}


def read(root: Path) -> tuple[Part, Part]:
    """Official train and test parts: Debian's where installed, else ``<root>/FashionMNIST/raw``."""
    if Path(DEBIAN).is_dir():
        return idx_parts(_debian)
    return mnist_like(
        "FashionMNIST",
        root,
        UNPACKED,
        "; on Debian or Ubuntu: apt-get install dataset-fashion-mnist",
    )


def _debian(archive: str) -> bytes:
    path = Path(DEBIAN) / archive
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error):
        content = b""
    if hashlib.sha256(content).hexdigest() != UNPACKED[path.stem]:
        raise DataError(
            f"{path}: missing or damaged; apt-get install --reinstall dataset-fashion-mnist"
        )
    return content
