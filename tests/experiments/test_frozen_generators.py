"""Critics on frozen generators: what is frozen, what a critic is given, and what its answers are compared with."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch

from replication.data import ring
from replication.experiments import _base, _quality
from replication.experiments import frozen_generators as experiment
from replication.experiments._objectives import CRITICS, OBJECTIVES, Played, read
from replication.losses import wasserstein
from replication.methods._base import Method
from replication.pages.can_i_read_my_loss import _frozen
from replication.plan.config import Experiments
from replication.tensors.draws import Draws
from replication.training.game import Game

TINY = Experiments(seeds=2, effort=0.005)


@pytest.fixture(scope="module")
def measured() -> pd.DataFrame:
    torch.set_num_threads(1)
    return experiment.measure(TINY)


def test_every_critic_sees_every_generator(measured: pd.DataFrame) -> None:
    generators = len(experiment.TRAINED_BY) * (len(experiment.AGES) + 1)
    assert len(measured) == 2 * generators * len(CRITICS) * len(experiment.LADDER)
    assert np.isfinite(measured[["w1", "w1_again", "w1_batch", "estimate"]]).all().all()
    one = measured[measured["critic"] == "lsgan"].groupby(["seed", "k"]).size()
    assert set(one) == {generators}


def test_critics_of_a_seed_start_alike_and_see_the_same_data() -> None:
    draws = Draws([3, 3, 4])
    critic = OBJECTIVES["wgan_gp"].critic(draws, (8,))
    for weight in critic.parameters():
        torch.testing.assert_close(weight[0], weight[1])
    assert not torch.equal(next(iter(critic.parameters()))[0], next(iter(critic.parameters()))[2])
    pool = torch.arange(3.0)[:, None, None].expand(3, 50, 2)
    drawn = experiment.of(pool)(draws, "fake", 0, 5)
    assert drawn.shape == (3, 5, 2)
    assert [row.unique().tolist() for row in drawn] == [[0.0], [1.0], [2.0]]  # each its own


def test_noise_is_relative_to_the_weights_and_none_leaves_them() -> None:
    draws = Draws(range(2))
    net = _base.generator(draws, [2, 64, 64, 2])
    before = [weight.detach().clone() for weight in net.parameters()]
    experiment.disturb(net, draws, 0.0)
    for weight, was in zip(net.parameters(), before, strict=True):
        torch.testing.assert_close(weight, was)
    experiment.disturb(net, draws, 0.5)
    weight, was = next(
        (w, b) for w, b in zip(net.parameters(), before, strict=True) if w.numel() > 5_000
    )
    moved = (weight.detach() - was).flatten(1).square().mean(1).sqrt()
    relative = moved / was.flatten(1).square().mean(1).sqrt()
    assert relative.tolist() == pytest.approx([0.5, 0.5], rel=0.05)


def test_the_gap_over_k_of_a_straight_critic_is_the_distance_along_it() -> None:
    draws = Draws(range(2))
    critic = _base.critic(draws, [2, 4])
    real = torch.zeros(2, 20, 2)
    made = real + torch.tensor([3.0, 0.0])

    class Straight(torch.nn.Module):
        def forward(self, points: torch.Tensor) -> torch.Tensor:
            return -5 * points[..., 0]

    estimate, over = read(Method(wasserstein.Loss()), Straight(), real, made, draws)
    assert estimate.tolist() == pytest.approx([15.0, 15.0])
    assert over.tolist() == pytest.approx([3.0, 3.0])
    assert critic.training


def test_a_game_is_looked_at_after_the_critics_steps_and_before_the_generators() -> None:
    draws, seen = Draws(range(2)), []
    objective = OBJECTIVES["wgan_clip"]
    real = _base.pool(ring.draw(np.random.default_rng(0), 500)[0])
    play = Played.in_the_plane(objective, objective.recipe(), (8,), real, draws)
    order: list[str] = []

    def counted(name: str, step: object) -> object:
        def taken(batch: object) -> None:
            order.append(name)
            step(batch)  # type: ignore[operator]

        return taken

    play.game.critic_step = counted("critic", play.game.critic_step)  # type: ignore[method-assign, assignment]
    play.game.generator_step = counted("generator", play.game.generator_step)  # type: ignore[method-assign, assignment]
    play.until(3, (1,), lambda at: (seen.append(at), order.append("look")))
    assert seen == [1]
    assert order == [
        *["critic"] * 5,
        "generator",
        *["critic"] * 5,
        "look",
        "generator",
        *["critic"] * 5,
        "generator",
    ]


def test_a_look_changes_nothing() -> None:
    def played(looks: tuple[int, ...]) -> Game:
        draws = Draws(range(2))
        objective = OBJECTIVES["sngan"]
        real = _base.pool(ring.draw(np.random.default_rng(0), 500)[0])
        play = Played.in_the_plane(objective, objective.recipe(), (8,), real, draws)

        def look(at: int) -> None:
            made = _quality.samples(play.game, draws, 2, 30)
            read(play.game.method, play.game.critic, real(draws, "x", 0, 30), made, draws)

        play.until(4, looks, look)
        return play.game

    for a, b in zip(
        played(()).critic.parameters(), played((0, 1, 2)).critic.parameters(), strict=True
    ):
        torch.testing.assert_close(a, b, rtol=0, atol=0)


def invented(estimate: str) -> pd.DataFrame:
    """Five generators a seed, of which one critic says what `estimate` does."""
    w1 = np.array([3.0, 2.0, 1.0, 0.5, 2.5])
    age = np.array([10, 20, 30, 40, 40])
    says = {"distance": w1 + 1, "nothing": np.ones(5), "reversed": -w1}[estimate]
    rows = {"trained_by": list("abcde"), "age": age, "noise": 0.0, "w1": w1, "w1_again": w1 * 1.1}
    return pd.concat(
        [
            pd.DataFrame(rows | {"w1_batch": w1, "seed": seed, "critic": "wgan_gp", "k": 100,
                                 "estimate": says, "over_k": w1})
            for seed in (0, 1)
        ]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("estimate", "rho"), [("distance", 1.0), ("nothing", np.nan), ("reversed", -1.0)]
)
def test_estimates_of_known_worth(estimate: str, rho: float) -> None:
    found = _frozen.orders(invented(estimate), "w1")
    assert _frozen.decided(found, "wgan_gp").tolist() == pytest.approx([rho, rho], nan_ok=True)
    assert _frozen.decided(found, "wgan_gp", "over_k").tolist() == pytest.approx([1.0, 1.0])
    once = found[found["critic"] == ""].groupby("signal")["rho"].first()
    assert (once["again"], once["batch"]) == pytest.approx((1.0, 1.0))
    # Ages 10, 20, 30, 40, 40 negated against 3, 2, 1, .5, 2.5, ranks with ties 5 4 3 1.5 1.5 and 5 3 2 1 4.
    assert once["age"] == pytest.approx(0.5643, abs=1e-3)
    assert set(found["range"]) == {6.0}
    assert _frozen.reached(found)
