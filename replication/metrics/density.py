"""How deep generated images lie among real ones (Naeem et al. 2020, sec. 3)."""

from __future__ import annotations

from replication.metrics._base import Batch, Protocol
from replication.metrics._manifold import overlap

LABEL = "Density"
DIRECTION = "higher"
UNIT = ""
LEAST = 0.0
NEEDS = "features"
PROTOCOL = "{samples:,} generated v {heldout:,} held-out, k = {neighbours}"


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """Real balls that hold a generated image, on average, divided by k.

    New real images give 1. More than 1 means that the samples crowd where real images are dense.
    One outlier among the real images does not raise it, as it does precision.
    """
    return overlap(real, fake, protocol.neighbours).density
