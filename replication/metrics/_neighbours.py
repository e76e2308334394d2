"""Distances between rows in float64, in blocks: memory does not grow with the product of the sets."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

#: Squared distances held at once: few enough to stay in the cache.
BLOCK = 500_000


def squares(x: Tensor, y: Tensor) -> Iterator[Tensor]:
    """Squared Euclidean distances ``[n, M]`` of some rows of `x` ``[N, D]`` at a time to all of `y` ``[M, D]``.

    By |x|^2 + |y|^2 - 2 x.y about the mean of `y`, so their error is that of rounding |x|^2.
    """
    centre = y.mean(0)
    x, y = x - centre, y - centre
    lengths = y.square().sum(1)
    for rows in x.split(max(1, BLOCK // max(1, len(y)))):
        block = torch.addmm(lengths, rows, y.T, alpha=-2)
        yield block.add_(rows.square().sum(1, keepdim=True)).clamp_(min=0)


def nearest(x: Tensor, y: Tensor) -> Tensor:
    """Squared distance ``[N]`` from each row of `x` ``[N, D]`` to the nearest of `y` ``[M, D]``."""
    return torch.cat([block.amin(1) for block in squares(x, y)])


def radii(x: Tensor, k: int) -> Tensor:
    """Squared distance ``[N]`` from each row of `x` ``[N, D]`` to its `k`-th nearest other row."""
    return torch.cat([b.topk(k + 1, largest=False).values[:, k] for b in squares(x, x)])
