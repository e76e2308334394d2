"""Clipped weights make a critic K-Lipschitz with a K that nobody chose: how it depends on the clip and the depth.

Arjovsky et al. 2017, section 3: a small clip lets gradients vanish in a deep critic, a large one delays the
critic's convergence. A critic of L dense layers whose weights lie in [-c, c] has a slope of order c^L, so that
its score gap is W in a unit of its own. Data N((1, 0), 0.5^2 I), generated N((-1, 0), 0.5^2 I), for which W = 2.

*Settles*: of the recorded steps, the first from which on the estimate stays within 5 % of its range (largest
minus smallest record of that seed) of its last record. Records are about 15 % apart, from step 1 on. An estimate
that still moves at the end settles at the last step by this rule, which is then only a lower bound.

Deviations:
1. The paper prints no experiment for these sentences. Ours: clips 0.001, 0.01 and 0.1; critics of 3 and of 5
   dense layers with hidden layers of 16 rectified units; its rate 5e-5 of RMSProp and batch 64; 20,000 steps for
   every clip; a weight that is always pushed one way crosses the widest interval in 4,000.
2. Weights start as PyTorch's do and are clipped after the first step (the authors' code does not re-initialise
   dense layers either). Biases are clipped too, as in the authors' code.
"""

from __future__ import annotations

import copy

import numpy as np
import pandas as pd
import torch
from numpy.typing import ArrayLike, NDArray

from replication.experiments import _base
from replication.losses import wasserstein
from replication.methods._base import Method
from replication.plan.config import Experiments
from replication.techniques import clipping
from replication.tensors.draws import Draws

CLIPS = (1e-3, 1e-2, 1e-1)
DEPTHS = (3, 5)
WIDTH = 16
NEAR, STEPS = 0.05, 20_000
#: Seeds for each of the budget, and the first of them: those before showed which clips settle at all.
FACTOR, LATER = 2, 100


def measure(budget: Experiments) -> pd.DataFrame:
    """Per seed, depth, clip and recorded step the estimate; with slope and K at the end, and the step of settling."""
    budget = budget.times(FACTOR).model_copy(update={"first_seed": LATER + budget.first_seed})
    draws = Draws([seed for _ in CLIPS for seed in budget.numbers])
    records = np.unique(np.geomspace(1, budget.steps(STEPS), 70).round().astype(int))
    tables = []
    for depth in DEPTHS:
        trial, estimates = _trial(draws, depth, budget.seeds), []
        for step in records:
            trial.train(int(step) - trial.step)
            estimates.append(_estimate(trial, 256))
        each = np.stack(estimates, 1)
        ends = pd.DataFrame(
            {
                "layers": depth,
                "clip": np.repeat(CLIPS, budget.seeds),
                "seed": np.tile(budget.numbers, len(CLIPS)),
                "slope": trial.slopes(torch.cat(trial.fresh(256), 1)).double().mean(1).numpy(),
                "K": trial.lipschitz(256).double().numpy(),
                "settled": [settled(records, own) for own in each],
            }
        )
        curves = ends.loc[ends.index.repeat(len(records))]
        tables.append(curves.assign(step=np.tile(records, len(ends)), estimate=each.ravel()))
    return pd.concat(tables, ignore_index=True)


def settled(steps: ArrayLike, estimates: ArrayLike) -> float:
    """The first step from which on all estimates lie within `NEAR` times their range of the last; NaN if one is."""
    at, values = np.asarray(steps, float), np.asarray(estimates, float)
    if not np.isfinite(values).all():
        return float("nan")
    away = np.abs(values - values[-1]) > NEAR * (values.max() - values.min())
    return float(at[np.flatnonzero(away)[-1] + 1]) if away.any() else float(at[0])


def _trial(draws: Draws, depth: int, seeds: int) -> _base.Trial:
    return _base.Trial(
        Method(wasserstein.Loss(), clipping.Technique(np.repeat(CLIPS, seeds).tolist())),
        _base.critic(draws, [2, *[WIDTH] * (depth - 1)], init="fan_in"),
        _base.recipe(critic_lr=5e-5, optimiser="rmsprop"),
        _base.gaussian([1.0, 0.0], 0.5),
        _base.gaussian([-1.0, 0.0], 0.5),
        draws,
    )


@torch.no_grad()
def _estimate(trial: _base.Trial, n: int) -> NDArray[np.float64]:
    """The score gap in float64: the smallest clip leaves gaps far below the last bias, which float32 would round."""
    net = copy.deepcopy(trial.net).double()
    real, fake = (net(points.double()) for points in trial.fresh(n))
    gap: NDArray[np.float64] = trial.method.loss.estimate(real, fake).numpy()
    return gap
