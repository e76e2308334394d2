"""How unevenly the samples fall on the modes."""

from __future__ import annotations

import torch

from replication.metrics import _modes
from replication.metrics._base import Batch, Protocol

LABEL = "Reverse KL"
DIRECTION = "lower"
UNIT = "nats"
LEAST = 0.0
NEEDS = "modes"
PROTOCOL = "of the nearest modes of {samples:,} generated"


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """KL(generated | data) of the histograms over nearest modes (Lin et al. 2018, section 4.1)."""
    generated = _modes.histogram(real, fake.images, close=False)
    data = _modes.histogram(real, real.images, close=False)
    p, q = generated / generated.sum(), data / data.sum()
    return float(torch.where(p > 0, p * (p / q).log(), 0.0).sum())
