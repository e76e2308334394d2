"""Twenty-five Gaussians on a grid, with the constants of VEEGAN and PacGAN."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from replication.data import _points
from replication.data._checks import Array, Part

LABEL = "Grid of 25"
CLASSES = 25
SHAPE = [2]
COUNT = [100_000, 20_000]
DOWNLOADS = False
SOURCE = "drawn by formula; constants of Lin et al. 2018: places -4, -2, 0, 2 and 4, sd 0.05"


def draw(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """n points float32 [n, 2], and the mode of each [n]."""
    return _points.mixture(rng, n, _points.grid(2.0), 0.05)


def read(root: Path) -> tuple[Part, Part]:
    """The train and the held-out part; `root` is not used."""
    return _points.parts(draw, 102)
