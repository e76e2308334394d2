"""Which mode a generated point belongs to: the rule of VEEGAN and PacGAN (Srivastava et al. 2017, Lin et al. 2018)."""

from __future__ import annotations

import torch
from torch import Tensor

from replication.metrics._base import Batch

#: A point belongs to a mode if it lies within so many of its standard deviations of the centre.
DEVIATIONS = 3.0


def nearest(real: Batch, points: Tensor) -> tuple[Tensor, Tensor]:
    """The nearest mode of each point [N], and whether the point belongs to it [N].

    Centre and deviation (root mean square per coordinate) of a mode are those of the held-out points that
    carry its label.
    """
    assert real.labels is not None
    modes = range(int(real.labels.max()) + 1)
    own = [real.images[real.labels == mode] for mode in modes]
    centres = torch.stack([part.mean(0) for part in own])
    spreads = torch.stack(
        [(part - centre).square().mean().sqrt() for part, centre in zip(own, centres, strict=True)]
    )
    distance, which = torch.cdist(points, centres).min(1)
    return which, distance <= DEVIATIONS * spreads[which]


def histogram(real: Batch, points: Tensor, *, close: bool) -> Tensor:
    """How many points each mode has, float64 [modes]; with `close`, only those that belong to it."""
    assert real.labels is not None
    which, belongs = nearest(real, points)
    return torch.bincount(
        which[belongs] if close else which, minlength=int(real.labels.max()) + 1
    ).double()
