"""Precision, recall, density and coverage: one computation, since they count in the same distances.

A set's manifold is the balls around its images that reach the k-th nearest other image, edge included.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

from replication.metrics._base import Batch
from replication.metrics._neighbours import radii, squares


class Overlap(NamedTuple):
    """How the manifolds of generated and real images overlap.

    Attributes:
        precision: share of generated images in a real ball (Kynkäänniemi et al. 2019, eq. 2).
        recall: share of real images in a generated ball (likewise).
        density: real balls that a generated image is in, on average, over k (Naeem et al. 2020).
        coverage: share of real balls with a generated image (likewise).
    """

    precision: float
    recall: float
    density: float
    coverage: float


@lru_cache(maxsize=1)
def overlap(real: Batch, fake: Batch, neighbours: int) -> Overlap:
    """All four scores; the last answer is kept, so that three of them cost nothing."""
    around_real = _reach(real, neighbours)
    around_fake = radii(fake.features, neighbours)
    balls_with = torch.zeros(len(fake.features), dtype=torch.int64)
    visits = torch.zeros(len(real.features), dtype=torch.int64)
    reached = torch.zeros(len(real.features), dtype=torch.bool)
    start = 0
    for block in squares(fake.features, real.features):
        own = slice(start, start := start + len(block))
        inside = block <= around_real
        balls_with[own] = inside.sum(1)
        visits += inside.sum(0)
        reached |= (block <= around_fake[own, None]).any(0)
    return Overlap(
        precision=_share(balls_with > 0),
        recall=_share(reached),
        density=float(balls_with.double().mean()) / neighbours,
        coverage=_share(visits > 0),
    )


@lru_cache(maxsize=1)
def _reach(real: Batch, neighbours: int) -> Tensor:
    """The squared radii ``[N]`` around real images: the same at every checkpoint of a run."""
    return radii(real.features, neighbours)


def _share(holds: Tensor) -> float:
    return float(holds.double().mean())
