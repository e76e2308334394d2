"""Share of real images on the manifold of generated ones (Kynkäänniemi et al. 2019, eq. 2)."""

from __future__ import annotations

from replication.metrics._base import Batch, Protocol
from replication.metrics._manifold import overlap

LABEL = "Recall"
DIRECTION = "higher"
UNIT = ""
LEAST = 0.0
MOST = 1.0
NEEDS = "features"
PROTOCOL = "{samples:,} generated v {heldout:,} held-out, k = {neighbours}"


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """In [0, 1]: coverage."""
    return overlap(real, fake, protocol.neighbours).recall
