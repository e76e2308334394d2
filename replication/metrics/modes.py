"""Modes of the data that the samples reach."""

from __future__ import annotations

from replication.metrics import _modes
from replication.metrics._base import Batch, Protocol

LABEL = "Modes"
DIRECTION = "higher"
UNIT = "modes with a sample"
LEAST = 0.0
NEEDS = "modes"
PROTOCOL = "with one of {samples:,} generated within 3 standard deviations"


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """Modes with at least one sample within three standard deviations (Lin et al. 2018, section 4.1)."""
    return float((_modes.histogram(real, fake.images, close=True) > 0).sum())
