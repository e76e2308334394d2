"""Share of generated images that lie suspiciously close to a training image."""

from __future__ import annotations

from functools import lru_cache

from replication.metrics._base import Batch, Protocol
from replication.metrics._neighbours import nearest

LABEL = "Memorised"
DIRECTION = "lower"
UNIT = "share of samples"
LEAST = 0.0
MOST = 1.0
NEEDS = "features"
PROTOCOL = "{samples:,} generated, nearer to training than 95 % of {heldout:,} held-out"

#: Held-out images so near to a training image are called close: the share that chance alone gives.
CHANCE = 0.05


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """In [0, 1]: images nearer to their nearest training image than `CHANCE` of the held-out images are.

    New real images give 0.05, training images 1. Less than 0.05 is not better: such samples lie far from all
    data. A generator that keeps to the dense middle of the data may exceed 0.05 without a copy. Distances
    are those of features (after Meehan et al. 2020, who compare the same two sets of distances by a rank
    test).
    """
    assert real.train is not None
    return float((nearest(fake.features, real.train) < _close(real)).double().mean())


@lru_cache(maxsize=1)
def _close(real: Batch) -> float:
    """The distance to training below which a share `CHANCE` of the held-out images lie."""
    assert real.train is not None
    return float(nearest(real.features, real.train).quantile(CHANCE))
