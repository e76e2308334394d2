"""Which claims of the GAN papers hold when you train them yourself?"""

from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Offer `replication.cli.track.track` as ``replication.track``; importing the package loads nothing."""
    if name == "track":
        from replication.cli.track import track

        return track
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
