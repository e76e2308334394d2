"""`replication watch`."""

from __future__ import annotations

from replication.cli.verbs import _base


def watch() -> None:
    """Show all runs live: progress, speed, time left, last FID; once where there is no terminal."""
    from replication.cli import watch as live

    live.watch(_base.study())
