"""Twenty-five Gaussians on a grid, with the constants of Gulrajani et al. 2017."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from replication.data import _points
from replication.data._checks import Array, Part

LABEL = "25 Gaussians"
CLASSES = 25
SHAPE = [2]
COUNT = [100_000, 20_000]
DOWNLOADS = False
SOURCE = "drawn by formula; constants of the authors' code of Gulrajani et al. 2017: step 2, sd 0.05, over 2.828"


def draw(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """n points float32 [n, 2], and the mode of each [n]."""
    return _points.mixture(rng, n, _points.grid(2 / 2.828), 0.05 / 2.828)


def read(root: Path) -> tuple[Part, Part]:
    """The train and the held-out part; `root` is not used."""
    return _points.parts(draw, 25)
