"""A training that is asked to stop saves where it is, and its next start goes on from there, to the same bits.

SIGTERM asks: a scheduler sends it before it takes a machine away.
"""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from replication.plan.config import Run
from replication.plan.paths import Paths
from replication.training import loop


class Stopped(SystemExit):
    """The end of a process that was asked to stop: the code that a shell gives a program ended by SIGTERM."""

    def __init__(self) -> None:
        super().__init__(128 + signal.SIGTERM)


@dataclass
class Request:
    """Whether this process has been asked to stop."""

    made: bool = False


def train(run: Run, paths: Paths, progress: loop.Progress) -> None:
    """Train a run as `loop.train` does; asked to stop, save before the next generator step and end.

    What is asked for before the first step waits for it; what is asked for after the last is too late to matter.

    Args:
        run: what to train.
        paths: the study's.
        progress: called with the number of generator steps done, at every logged step.

    Raises:
        DataError: the prepared images are missing or corrupt.
        Stopped: the process was asked to stop, and the state is saved.
    """
    with requests() as request:
        try:
            loop.train(run, paths, progress, lambda: request.made)
        except loop.Paused as pause:
            with contextlib.suppress(
                BrokenPipeError
            ):  # whoever reads may have been asked to stop too
                print(f"{run.id}: asked to stop; saved at step {pause.step}", file=sys.stderr)
            raise Stopped from None


@contextlib.contextmanager
def requests() -> Iterator[Request]:
    """Turn SIGTERM into a request; for the main thread of a process."""
    request = Request()

    def ask(number: int, frame: object) -> None:
        request.made = True

    before = signal.signal(signal.SIGTERM, ask)
    try:
        yield request
    finally:
        signal.signal(signal.SIGTERM, before)
