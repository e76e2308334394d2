"""What the figures of this paper share: a colour and a name per normalisation."""

from __future__ import annotations

from replication.figures import palette
from replication.plan import registry

NAMES = {
    "sn": "spectral normalisation",
    "wn": "weight normalisation",
    "clip": "weight clipping",
    "start": "before training",
}


def colours() -> dict[str, str]:
    """Methods wear their own colour; weight normalisation is no method's."""
    return {
        "sn": str(registry.metadata("methods", "sngan")["COLOUR"]),
        "wn": palette.INDIGO,
        "clip": str(registry.metadata("methods", "wgan_clip")["COLOUR"]),
        "start": palette.MUTED,
    }
