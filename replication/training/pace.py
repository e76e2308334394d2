"""How long the steps of a run take: a few are timed on random images, so that no data set need be there."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

from replication.plan.config import Run
from replication.tensors.draws import Draws
from replication.training.batches import Batches
from replication.training.game import Game

#: What of a recipe decides no time.
RATES = {"critic_lr", "generator_lr", "betas", "alpha", "source", "deviations"}


@dataclass(frozen=True)
class Pace:
    """Seconds of a run.

    Attributes:
        critic: of a critic step.
        generator: of a generator step.
        scored: of the critic's look at a batch.
        made: of a batch of samples.
    """

    critic: float
    generator: float
    scored: float
    made: float

    def seconds(self, run: Run, samples: int) -> float:
        """Of a whole run: training, its logs, the copies of its critic, and the samples that are scored.

        Not counted is what the extractor and exact distances take.
        """
        checkpoints, size = len(run.checkpoints), run.recipe.batch
        critics = run.steps * run.recipe.n_critic + checkpoints * run.copied_critic_steps
        # Held-out and training images beside generated ones, before and after the generator step.
        logged = len(run.logs) * run.log_batch / size * (4 * self.scored + 2 * self.made)
        made = checkpoints * samples / size * self.made
        return critics * self.critic + run.steps * self.generator + logged + made


def likeness(run: Run, shape: tuple[int, ...]) -> str:
    """All that decides how long the steps of a run take, as a key."""
    recipe = run.recipe.model_dump(exclude=RATES)
    return json.dumps([run.net.model_dump(), shape, run.classes, len(run.seeds), recipe])


def timed(run: Run, shape: tuple[int, ...], steps: int) -> Pace:
    """The pace of a run: the fastest of so many steps, after one that warms up.

    Args:
        run: any.
        shape: of its images (C, H, W), or points (d,).
        steps: of either player that are timed.
    """
    usual = "cuda" if torch.cuda.is_available() else "cpu"
    device = torch.device(usual if run.device == "auto" else run.device)
    size = run.recipe.batch
    images = torch.rand(2 * size, *shape, device=device) * 2 - 1
    labels = torch.arange(2 * size, device=device) % run.classes if run.classes else None
    z_dim = run.net.settings["z_dim"]
    assert isinstance(z_dim, int)
    batches = Batches(images, Draws(run.seeds), run.recipe, z_dim, labels)
    game = Game.set_up(run, shape, device)
    took: list[tuple[float, ...]] = []
    for i in range(steps + 1):
        batch, own = batches.critic(i), batches.generator(i, i + 1)
        players = clock(game.critic_step, batch), clock(game.generator_step, own)
        with torch.no_grad():
            scored = clock(game.critic, batch.real, batch.labels)
            took.append((*players, scored, clock(game.generator, batch.z, batch.labels)))
    return Pace(*map(min, zip(*took[1:], strict=True)))


def clock(work: Callable[..., object], *given: object) -> float:
    """Seconds that a call takes, on a GPU too; on a CPU without those that other jobs take meanwhile."""
    _wait()
    start, used = time.perf_counter(), time.process_time()
    work(*given)
    _wait()
    took, used = time.perf_counter() - start, time.process_time() - used
    # Several threads use more than they take.
    return took if torch.cuda.is_available() else min(took, used)


def _wait() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()
