"""What does an objective know of quality when nothing tells it the time? Critics on frozen generators.

In a run quality and everything else move with the step. Here generators are frozen first: of three methods, at
three ages, and the oldest again with noise in its weights, so that an old one may be a bad one. Then a critic of each
objective is trained on each of them from the same initial weights for k steps, with the same real points and the same
z. No critic sees more than one generator, so there is no order from which it could profit. Exact W1 between generated
and held-out points is the quality; the same again on other points is the ceiling, and W1 of a batch is a rival that
needs no critic.

Deviations: nets of two hidden layers of 64 units on the ring of 8 Gaussians; see also `_objectives`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from replication.data import ring
from replication.experiments import _base, _quality
from replication.experiments._objectives import CRITICS, OBJECTIVES, Z_DIM, Played, read
from replication.plan.config import Experiments
from replication.tensors.draws import Draws

#: Seeds below chose recipes; at most so many, since every seed has twelve generators.
FIRST, SEEDS = 100, 6
HIDDEN = (64, 64)

#: What trains the generators, after how many steps of theirs each is frozen, and noise in the weights of the last.
TRAINED_BY = ("gan_ns", "lsgan", "wgan_gp")
AGES, NOISE = (30, 120, 400), 0.2

#: Critic steps after which a critic is asked.
LADDER = (10, 100, 1000)

#: Generated points that a critic is trained on, points that it is asked on, those in W1, and in the W1 of a batch.
POOL, ASKED, POINTS, BATCH = 4000, 1000, 500, 64


def measure(budget: Experiments) -> pd.DataFrame:
    """One row per generator and critic.

    Columns ``seed``; of the generator ``trained_by``, ``age`` (its steps) and ``noise`` (in its weights, relative);
    ``w1``, ``w1_again`` (on other points) and ``w1_batch`` (of 64 points a side); ``critic``, ``k`` (its steps),
    ``estimate`` and ``over_k`` (score gap over the Lipschitz estimate).
    """
    seeds = range(FIRST, FIRST + min(SEEDS, budget.seeds))
    about, generators = frozen(seeds, budget)
    draws = Draws(about["seed"].tolist())
    made = points(generators, draws, POOL + 2 * ASKED)
    heldout = _base.pool(ring.draw(np.random.default_rng(1), 20_000)[0])
    real = heldout(draws, "asked", 0, 2 * ASKED)
    pool, asked, again = made.split([POOL, ASKED, ASKED], 1)
    n = min(ASKED, budget.steps(POINTS))
    about = about.assign(
        w1=_quality.wasserstein(real[:, :n], asked[:, :n]),
        w1_again=_quality.wasserstein(real[:, -n:], again[:, :n]),
        w1_batch=_quality.wasserstein(real[:, :BATCH], asked[:, -BATCH:]),
    )
    parts = [
        about.assign(critic=critic, k=k, estimate=estimate.numpy(), over_k=over.numpy())
        for critic in CRITICS
        for k, estimate, over in _ladder(critic, pool, real[:, :ASKED], asked, draws, budget)
    ]
    return pd.concat(parts, ignore_index=True)


def frozen(seeds: range, budget: Experiments) -> tuple[pd.DataFrame, list[nn.Module]]:
    """Generators of every method and age, each of all seeds, and what they are: seed, trained_by, age, noise."""
    draws, rows, nets = Draws(seeds), [], []
    real = _base.pool(ring.draw(np.random.default_rng(0), 20_000)[0])
    for name in TRAINED_BY:
        objective = OBJECTIVES[name]
        play = Played.in_the_plane(objective, objective.recipe(), HIDDEN, real, draws)
        for age in AGES:
            play.until(budget.steps(age))
            nets.append(_copied(play.game.generator, draws, 0.0))
            rows += [(seed, name, age, 0.0) for seed in seeds]
        nets.append(_copied(play.game.generator, draws, NOISE))
        rows += [(seed, name, AGES[-1], NOISE) for seed in seeds]
    return pd.DataFrame(rows, columns=["seed", "trained_by", "age", "noise"]), nets


def _copied(net: nn.Module, draws: Draws, noise: float) -> nn.Module:
    """A generator as it is now, with Gaussian noise of so many times its weights' root mean square added to them."""
    copy = _base.generator(draws, [Z_DIM, *HIDDEN, 2])
    copy.load_state_dict(net.state_dict())
    disturb(copy, draws, noise)
    return copy.eval()


@torch.no_grad()
def disturb(net: nn.Module, draws: Draws, noise: float) -> None:
    """Add Gaussian noise of `noise` times a tensor's root mean square to every weight, seed by seed."""
    for i, weight in enumerate(net.parameters()):
        size = weight.flatten(1).square().mean(1).sqrt()
        drawn = draws.normal("disturbance", i, tuple(weight.shape[1:]))
        weight += noise * size.reshape(-1, *[1] * (weight.dim() - 1)) * drawn  # type: ignore[misc]


@torch.no_grad()
def points(generators: list[nn.Module], draws: Draws, n: int) -> Tensor:
    """n points of every generator, [generators * seeds, n, 2], of the same z for one seed's generators."""
    per_net = len(draws.seeds) // len(generators)
    z = Draws(draws.seeds[:per_net]).normal("frozen/z", 0, (n, Z_DIM))
    return torch.cat([net(z) for net in generators])


def _ladder(
    name: str, pool: Tensor, real: Tensor, asked: Tensor, draws: Draws, budget: Experiments
) -> Iterator[tuple[int, Tensor, Tensor]]:
    """A critic of an objective on every generator at once: k, estimate and gap over K on the ladder."""
    objective = OBJECTIVES[name]
    train = _base.pool(ring.draw(np.random.default_rng(0), 20_000)[0])
    trial = _base.Trial(
        objective.method(), objective.critic(draws, HIDDEN), objective.recipe(), train, of(pool), draws
    )  # fmt: skip
    for k in LADDER:
        trial.train(budget.steps(k) - trial.step)
        yield k, *read(trial.method, trial.net, real, asked, draws)


def of(pool: Tensor) -> _base.Sampler:
    """Independent draws, with replacement, from points [seeds, N, d] of each seed's own."""
    rows = torch.arange(len(pool))[:, None]
    return lambda draws, stream, index, n: pool[
        rows, (draws.uniform(stream, index, (n,)) * pool.shape[1]).long()
    ]
