"""Share of samples that lie close to a mode of the data."""

from __future__ import annotations

from replication.metrics import _modes
from replication.metrics._base import Batch, Protocol

LABEL = "High quality"
DIRECTION = "higher"
UNIT = "share of samples"
LEAST = 0.0
MOST = 1.0
NEEDS = "modes"
PROTOCOL = "within 3 standard deviations of a mode, {samples:,} generated"


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """Share of samples within three standard deviations of the nearest mode (Lin et al. 2018, section 4.1)."""
    return float(_modes.nearest(real, fake.images)[1].double().mean())
