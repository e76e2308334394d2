"""Exact Wasserstein-1 distance between point sets, by POT's network simplex."""

from __future__ import annotations

from replication.metrics import w1_pixels
from replication.metrics._base import Batch, Protocol

LABEL = "Exact W1"
DIRECTION = "lower"
UNIT = "Euclidean distance"
LEAST = 0.0
NEEDS = "points"
OUTSIDE = True
PROTOCOL = "{transport_samples:,} generated v {transport_samples:,} held-out points"


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """Least E |x - y|_2 over couplings of the first points of either side, all of equal weight."""
    return w1_pixels.compute(real, fake, protocol)
