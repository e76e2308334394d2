"""A training that is asked to stop saves where it is, and its next start goes on from there, to the same bits.

SIGTERM asks: a scheduler sends it before it takes a machine away. Nothing here decides a number, so training's
fingerprint does not cover this module.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from replication import provenance
from replication.config import Run
from replication.data._base import Images, load
from replication.training.loop import Progress, Training
from replication.training.sampler import checkpoint_name


class Stopped(SystemExit):
    """The end of a process that was asked to stop: the code that a shell gives a program ended by SIGTERM."""

    def __init__(self) -> None:
        super().__init__(128 + signal.SIGTERM)


@dataclass
class Request:
    """Whether this process has been asked to stop."""

    made: bool = False


def train(run: Run, progress: Progress) -> None:
    """Train a run as `loop.train` does; asked to stop, save before the next generator step and end.

    What is asked for before the first step waits for it; what is asked for after the last is too late to matter.

    Args:
        run: what to train.
        progress: called with the number of generator steps done, at every logged step.

    Raises:
        DataError: the prepared images are missing or corrupt.
        Stopped: the process was asked to stop, and the state is saved.
    """
    with requests() as request:
        started = provenance.now()
        training = Interruptible(run, load(run.dataset), request)
        training.play(progress)
        training.finish(started)


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


class Interruptible(Training):
    """A training that looks before every generator step whether it has been asked to stop.

    There, and only there, all that the last step decided has been logged. The loop asks its method for the
    number of critic steps at just that point, and is itself covered by the fingerprint of every run.
    """

    def __init__(self, run: Run, images: Images, request: Request) -> None:
        super().__init__(run, images)
        self.drop_strays()
        logs, since, scheduled = set(run.logs), 0.0, self.game.method.critic_steps

        def critic_steps(step: int, n_critic: int) -> int:
            nonlocal since
            if not since or step in logs:
                since = time.perf_counter()
            if request.made:
                self.stop(since)
            return scheduled(step, n_critic)

        self.game.method.critic_steps = critic_steps  # type: ignore[method-assign]

    def stop(self, since: float) -> None:
        """Save, and end the process; `since` is when seconds were last counted."""
        self.synchronise()
        self.seconds += time.perf_counter() - since
        self.save()
        self.drop_strays()
        with contextlib.suppress(BrokenPipeError):  # whoever reads may have been asked to stop too
            print(f"{self.run.id}: asked to stop; saved at step {self.step}", file=sys.stderr)
        raise Stopped

    def drop_strays(self) -> None:
        """Remove generators of steps that are no checkpoints: `save` writes one wherever it is called."""
        due = {f"{checkpoint_name(step)}.safetensors" for step in self.run.checkpoints}
        for file in self.scratch.glob("step*.safetensors"):
            if file.name not in due:
                file.unlink()
