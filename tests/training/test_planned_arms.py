"""Every kind of run that stands apart in a profile trains: one step of either player on a few random images."""

from __future__ import annotations

import pytest
import torch

from replication.plan.config import Run
from replication.plan.study import Study, declared_shape
from replication.tensors.draws import Draws
from replication.training import pace
from replication.training.batches import Batches
from replication.training.game import Game

STUDY = Study().another("overnight")
BATCH = 4


def small(run: Run) -> Run:
    """The run with a batch of few images."""
    return run.model_copy(update={"recipe": run.recipe.model_copy(update={"batch": BATCH})})


def shape(run: Run) -> tuple[int, ...]:
    return tuple(declared_shape(run.dataset) or ())


#: One run of each kind; seeds and rates make no other.
KINDS = {pace.likeness(runs[0], shape(runs[0])): arm for arm, runs in STUDY.arms.items()}


@pytest.mark.parametrize("arm", KINDS.values())
def test_an_arm_takes_a_step(arm: str) -> None:
    torch.set_num_threads(1)
    run = small(STUDY.arm(arm)[0])
    size, z_dim = shape(run), run.net.settings["z_dim"]
    assert isinstance(z_dim, int)
    game = Game.set_up(run, size, torch.device("cpu"))
    images = torch.rand(2 * BATCH, *size) * 2 - 1
    batches = Batches(images, Draws(run.seeds), run.recipe, z_dim, torch.arange(2 * BATCH) % 10)
    before = [weight.detach().clone() for weight in game.generator.parameters()]
    game.critic_step(batches.critic(0))
    game.generator_step(batches.generator(0, 1))
    assert all(torch.isfinite(value).all() for value in game.last.values())
    moved = zip(before, game.generator.parameters(), strict=True)
    assert any(not torch.equal(old, new) for old, new in moved)


def test_a_pace_is_multiplied_out_over_a_run() -> None:
    run = small(STUDY.arm("mnist/dcgan_16/wgan_clip/paper")[0])
    run = run.model_copy(
        update={
            "steps": 10,
            "checkpoints": (5, 10),
            "logs": (2, 10),
            "log_batch": 8,
            "copied_critic_steps": 3,
        }
    )
    # 10 times 5 critic steps, and 3 for a copy at either checkpoint; 10 generator steps; two logs of two batches, each
    # scored four times and made twice; 12 samples, three batches, at either checkpoint.
    expected = 56 * 1.0 + 10 * 0.1 + 2 * 2 * (4 * 0.01 + 2 * 0.001) + 2 * 3 * 0.001
    assert pace.Pace(1.0, 0.1, 0.01, 0.001).seconds(run, 12) == pytest.approx(expected)


def test_rates_make_no_other_kind_and_a_step_takes_time() -> None:
    run = small(STUDY.arm("mnist/perceptron_generator_16/gan_ns/paper")[0])
    faster = run.model_copy(update={"recipe": run.recipe.model_copy(update={"critic_lr": 0.5})})
    assert pace.likeness(run, shape(run)) == pace.likeness(faster, shape(run))
    longer = run.model_copy(update={"recipe": run.recipe.model_copy(update={"n_critic": 2})})
    assert pace.likeness(run, shape(run)) != pace.likeness(longer, shape(run))
    found = pace.timed(run, shape(run), 1)
    assert min(found.critic, found.generator, found.scored, found.made) > 0
