"""DCGANs that are frozen, and DCGANs that fall: what is frozen, what critics begin with, what a fall leaves alone."""

from __future__ import annotations

import copy

import pandas as pd
import pytest
import torch
from torch import Tensor

from replication.experiments import _images, falling_dcgans, frozen_dcgans
from replication.metrics._judge import Judge
from replication.pages.can_i_read_my_loss import _falls
from replication.plan.config import Evaluation, Experiments
from replication.plan.paths import Paths

TINY = Experiments(seeds=2, effort=0.005)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def images() -> Tensor:
    return torch.rand(128, 1, 28, 28, generator=torch.Generator().manual_seed(0)) * 2 - 1


def test_every_age_is_frozen_and_the_oldest_again_with_noise(images: Tensor) -> None:
    seen = []
    for about, generator, _ in frozen_dcgans.frozen(200, images, TINY):
        seen.append((about, copy.deepcopy(generator.state_dict()), generator.training))
    kinds = [(about["trained_by"], about["age"], about["noise"]) for about, _, _ in seen]
    assert kinds == [
        (method, age, noise)
        for method, ages in frozen_dcgans.TRAINED_BY.items()
        for age, noise in [
            *((a, 0.0) for a in ages),
            *((ages[-1], n) for n in frozen_dcgans.NOISES),
        ]
    ]
    assert not any(training for _, _, training in seen)
    (_, oldest, _), (_, noisy, _) = seen[2], seen[3]
    name = max(oldest, key=lambda key: oldest[key].numel())
    moved = (noisy[name] - oldest[name]).square().mean() / oldest[name].square().mean()
    assert float(moved.sqrt()) == pytest.approx(frozen_dcgans.NOISES[0], rel=0.1)


def test_a_large_budget_buys_no_more_steps() -> None:
    assert frozen_dcgans.most(Experiments(seeds=1, effort=3.0), 100) == 100
    assert frozen_dcgans.most(Experiments(seeds=1, effort=0.1), 100) == 10


def test_no_critic_of_a_frozen_generator_begins_as_one_that_trained_it() -> None:
    trained = set(range(frozen_dcgans.FIRST, frozen_dcgans.FIRST + frozen_dcgans.SEEDS))
    assert not trained & {frozen_dcgans.CRITIC_SEED + seed for seed in trained}


@pytest.mark.slow
def test_games_begin_alike_share_their_looks_before_the_fall_and_keep_the_start(
    digits: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(falling_dcgans, "DATASET", "mnist_5k")
    judge = Judge(digits, "mnist_5k", Evaluation(samples=100, transport_samples=1))
    run = _images.run_of("lsgan", "mnist_5k", 200)
    (learned,) = _images.generators(run, judge.images.train, [3])
    budget = Experiments(seeds=1, effort=0.05)
    falling = falling_dcgans.Falling(run, learned.state_dict(), judge, 100, budget)
    table = falling.table()
    assert set(table["kind"]) == {"rate", "noise"}
    before = table[table["step"] < 0].set_index("step").sort_index()
    rate, noise = (
        before[before["kind"] == kind].drop(columns="kind") for kind in ("rate", "noise")
    )
    assert len(rate)
    pd.testing.assert_frame_equal(rate, noise)
    # The game that both began with stands where the disturbance found it: its own next look is that of the rate.
    (look,) = falling._play(falling.game, falling.start, falling.start + 1)
    at_once = table[(table["kind"] == "rate") & (table["step"] == 0)].iloc[0]
    assert look == pytest.approx(at_once[list(look)].to_dict())
    measured = _falls.followed(table.assign(method="lsgan", seed=200), "fid")
    assert set(_falls.OF_A_RUN) <= set(measured)
