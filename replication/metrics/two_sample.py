"""How well the nearest neighbour tells generated images from real ones (Lopez-Paz and Oquab 2017)."""

from __future__ import annotations

import torch
from torch import Tensor

from replication.metrics._base import Batch, Protocol
from replication.metrics._neighbours import nearest, radii

LABEL = "1-NN accuracy"
DIRECTION = "lower"
UNIT = ""
LEAST = 0.0
MOST = 1.0
NEEDS = "features"
PROTOCOL = "{transport_samples:,} generated v {transport_samples:,} held-out, leave one out"


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """Share of the images of both sides whose nearest other image is of their own side.

    Leave-one-out accuracy of a 1-nearest-neighbour classifier (Xu et al. 2018) on the first
    images of either side, equally many. 0.5 is perfect: new real images give it. 1 is worst. Less than
    0.5 means that samples lie nearer to held-out images than these lie to one another: copies of them,
    or collapse onto them. A tie counts half.
    """
    n = protocol.transport_samples
    x, y = real.features[:n], fake.features[:n]
    return float((_own(x, y) + _own(y, x)) / 2)


def _own(x: Tensor, y: Tensor) -> Tensor:
    """Share of rows of `x` that have another row of `x` nearer than any of `y`."""
    own, other = radii(x, 1), nearest(x, y)
    return torch.where(own == other, 0.5, (own < other).double()).mean()
