"""`replication plan`."""

from __future__ import annotations

OPTIONS = {"profile": "of params.yaml; the one in force where none is named"}


def plan(*, profile: str = "") -> None:
    """Say what a study would cost: hours by arm and by claim from a few timed steps, room on the disk, and memory."""
    from replication.cli import cost, terminal
    from replication.cli.verbs import _base

    terminal.show(cost.shown(_base.study(profile or None)))
