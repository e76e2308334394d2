"""Fréchet distance extrapolated to infinitely many samples (Chong and Forsyth 2020)."""

from __future__ import annotations

from functools import lru_cache

from torch import Tensor

from replication.metrics._base import Batch, Protocol
from replication.metrics._frechet import Gaussian, Moments
from replication.metrics._infinity import extrapolated

LABEL = "FID∞"
DIRECTION = "lower"
UNIT = ""
NEEDS = "features"
PROTOCOL = "from {samples:,} generated v {heldout:,} held-out"


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """`fid` without the bias of few samples; that of the held-out images stays.

    A small value may be negative, by the noise of the line. With fewer samples than four times the width
    of the features the bias is no longer c/N, and some of it is left.
    """
    target = _target(real)

    def score(features: Tensor) -> float:
        own = Moments(features.shape[1]).add(features)
        return target.distance(own.mean, own.covariance)

    return extrapolated(score, fake.features)


@lru_cache(maxsize=1)
def _target(real: Batch) -> Gaussian:
    """The held-out side: the same at every checkpoint of a run."""
    own = Moments(real.features.shape[1]).add(real.features)
    return Gaussian(own.mean, own.covariance)
