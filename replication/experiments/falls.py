"""Does the estimate rise when quality falls, and fall when it comes back? Runs that are made to get worse for a while.

In most runs quality and estimate both improve, and so does everything that moves with the step. Here a game on the
ring of 8 Gaussians is played until it has learned, then disturbed in one of two ways, then played on as before:

- ``rate``: the generator's learning rate is 20 times as large for 20 steps;
- ``noise``: Gaussian noise of half the weights' root mean square is added to the generator's weights, once.

The critic is not touched. Estimate and exact W1 are looked at before a generator's step, from shortly before the
disturbance to the end, when the clock says nothing of quality.

Deviations: see `_objectives`; nets of three hidden layers of 64 units.
"""

from __future__ import annotations

import copy

import numpy as np
import pandas as pd
from torch import Tensor

from replication.data import ring
from replication.experiments import _base, _quality
from replication.experiments._objectives import OBJECTIVES, Z_DIM, Played, read
from replication.experiments.frozen_generators import disturb
from replication.plan.config import Experiments
from replication.tensors.draws import Draws
from replication.training.optimisers import optimiser

#: Seeds below chose recipes; at most so many.
FIRST, SEEDS = 100, 8
HIDDEN = (64, 64, 64)

#: Generator steps before the disturbance, of the spell, and at the end.
BEFORE, SPELL, END = 300, 20, 600

#: How many times the learning rate, and noise in the weights in units of their root mean square.
TIMES, NOISE = 20.0, 0.5

#: Steps between two looks, and how long before the disturbance the first one is.
EVERY, EARLY = 15, 45

#: Points a side in W1, and those that the critic is asked on.
POINTS, ASKED = 300, 1000


def measure(budget: Experiments) -> pd.DataFrame:
    """One row per seed and look.

    Columns ``seed``, ``method``, ``kind`` (rate or noise), ``step`` (generator steps before the look, counted from
    the disturbance), ``estimate``, ``over_k`` and ``w1``.
    """
    draws = Draws(range(FIRST, FIRST + min(SEEDS, budget.seeds)))
    real = _base.pool(ring.draw(np.random.default_rng(1), 20_000)[0])(draws, "asked", 0, ASKED)
    parts = [_runs(name, draws, real, budget) for name in OBJECTIVES]
    return pd.concat(parts, ignore_index=True)


def _runs(name: str, draws: Draws, real: Tensor, budget: Experiments) -> pd.DataFrame:
    """A game of a method until the disturbance, and from there on in both ways."""
    train = _base.pool(ring.draw(np.random.default_rng(0), 20_000)[0])
    objective = OBJECTIVES[name]
    recipe = objective.recipe()
    play = Played.in_the_plane(objective, recipe, HIDDEN, train, draws)
    early = _Looks(play, draws, real, budget)
    at = budget.steps(BEFORE)
    play.until(at, early.at, early)
    parts = []
    for kind in ("rate", "noise"):
        again = copy.deepcopy(play)
        looks = _Looks(again, draws, real, budget)
        usual = again.game.generator_optimiser
        if kind == "noise":
            disturb(again.game.generator, draws, NOISE)
        else:
            weights = again.game.generator.parameters()
            again.game.generator_optimiser = optimiser(recipe, weights, TIMES * recipe.generator_lr)
        again.until(at + budget.steps(SPELL), looks.at, looks)
        again.game.generator_optimiser = usual
        again.until(budget.steps(END), looks.at, looks)
        parts.append(pd.concat([*early.rows, *looks.rows]).assign(kind=kind))
    return pd.concat(parts).assign(method=name)


class _Looks:
    """What is measured before the generator's steps `at`."""

    def __init__(self, play: Played, draws: Draws, real: Tensor, budget: Experiments) -> None:
        self.play, self.draws, self.real = play, draws, real
        self.start, self.points = budget.steps(BEFORE), min(ASKED, budget.steps(POINTS))
        every, early = budget.steps(EVERY), budget.steps(EARLY)
        self.at = range(max(0, self.start - early), budget.steps(END), every)
        self.rows: list[pd.DataFrame] = []

    def __call__(self, at: int) -> None:
        made = _quality.samples(self.play.game, self.draws, Z_DIM, ASKED)
        game, n = self.play.game, self.points
        estimate, over = read(game.method, game.critic, self.real, made, self.draws)
        row = {
            "seed": self.draws.seeds,
            "step": at - self.start,
            "estimate": estimate.numpy(),
            "over_k": over.numpy(),
            "w1": _quality.wasserstein(self.real[:, :n], made[:, :n]),
        }
        self.rows.append(pd.DataFrame(row))
