"""Exact Wasserstein-1 distance between images as vectors of pixels, by POT's network simplex."""

from __future__ import annotations

import ot
import torch
from torch import Tensor

from replication.metrics._base import Batch, Protocol

LABEL = "Exact W1"
DIRECTION = "lower"
UNIT = "Euclidean distance, pixels in [-1, 1]"
LEAST = 0.0
NEEDS = "images"
OUTSIDE = True
PROTOCOL = "pixels, {transport_samples:,} generated v {transport_samples:,} held-out"

#: Pivots of the network simplex; POT's default of 1e5 is too few for 1,000 images a side.
PIVOTS = 10_000_000


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """Least E |x - y|_2 over couplings of the first images of either side, all of equal weight."""
    n = protocol.transport_samples
    return transport(fake.images[:n], real.images[:n])


def transport(x: Tensor, y: Tensor) -> float:
    """Least mean distance between as many vectors, of ``[n, ...]`` each, over couplings, in float64.

    Distances from products of matrices are quick, and find the plan; they leave equal vectors about 1e-7 apart.
    The pairs of the plan are few: their distances are those of the differences, so that W1 of equal sets is 0.
    """
    x, y = x.flatten(1).double(), y.flatten(1).double()
    plan = torch.from_numpy(ot.emd([], [], torch.cdist(x, y).numpy(), numItermax=PIVOTS))
    i, j = plan.nonzero(as_tuple=True)
    return float(plan[i, j] @ (x[i] - y[j]).norm(dim=1))
