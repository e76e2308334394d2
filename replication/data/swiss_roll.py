"""A Swiss roll seen from its side, with the constants of Gulrajani et al. 2017."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from replication.data import _points
from replication.data._checks import Array, Part

LABEL = "Swiss roll"
CLASSES = 0
SHAPE = [2]
COUNT = [100_000, 20_000]
DOWNLOADS = False
SOURCE = "drawn by formula; constants of the authors' code of Gulrajani et al. 2017: noise 0.25, over 7.5"


def draw(rng: np.random.Generator, n: int) -> tuple[Array, None]:
    """n points float32 [n, 2]; they have no modes."""
    t = 1.5 * np.pi * (1 + 2 * rng.random(n))
    roll = np.stack([t * np.cos(t), t * np.sin(t)], 1) + 0.25 * rng.standard_normal((n, 2))
    return (roll / 7.5).astype(np.float32), None


def read(root: Path) -> tuple[Part, Part]:
    """The train and the held-out part; `root` is not used."""
    return _points.parts(draw, 3)
