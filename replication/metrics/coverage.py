"""Share of real images that have a generated one nearby (Naeem et al. 2020, sec. 3)."""

from __future__ import annotations

from replication.metrics._base import Batch, Protocol
from replication.metrics._manifold import overlap

LABEL = "Coverage"
DIRECTION = "higher"
UNIT = ""
LEAST = 0.0
MOST = 1.0
NEEDS = "features"
PROTOCOL = "{samples:,} generated v {heldout:,} held-out, k = {neighbours}"


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """In [0, 1]: real balls with a generated image inside.

    New real images give a little less than 1: 1 - 1/2^k for large sets of one size, more for more
    generated images (likewise). One outlier among the generated images does not
    raise it, as it does recall.
    """
    return overlap(real, fake, protocol.neighbours).coverage
