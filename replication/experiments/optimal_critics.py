"""What critics look like when they are trained (near) to the end against a generator that never moves.

Four questions, all on a line:

- ``fig2`` (Arjovsky et al. 2017, figure 2): between two separate Gaussians, is a GAN's discriminator flat
  where the generated samples are, and a critic close to a straight line? Shown are D, the critic with clipped
  weights and, beside it, one with gradient penalty.
- ``unconstrained`` (lecture notes): without the 1-Lipschitz constraint, does the critic run to infinity?
- ``pair`` (Goodfellow et al. 2014, Proposition 1 and Theorem 1): does a trained net reach p / (p + q) and the
  value 2 JS - 2 log 2?
- ``smoothed`` (Salimans et al. 2016, section 3.4): does a net trained with soft labels reach
  (alpha p + beta q) / (p + q)?

Deviations:
1. Figure 2 is printed without a set-up. Ours: N(-3, 1) and N(3, 1), two hidden layers of 64 rectified units,
   2,000 steps of 64 points a side. The clipped critic has the paper's rate and clip (RMSProp 5e-5, 0.01); the
   discriminator and the critic with penalty have Adam 1e-3, the penalty's weight is 10.
2. Weights and biases start as PyTorch's do, U(+-1/sqrt(inputs)), for a bias of zero would put the kinks of all
   first units of a net on a line in one place.
3. The gradient penalty is one-sided, as in the lecture notes. On a line the two-sided one is a wall at slope 0: a
   critic that starts out falling the wrong way is kept there, at a gap of -W (1 - W / (2 lambda)). In two
   dimensions its gradient can turn around.
4. `pair` and `smoothed` have two hidden layers of 32 tanh units and 2,000 steps of 256 points a side; the papers
   state these results without any experiment. Distances and values are sums over evenly spaced places in
   float64, so that nothing but the net is a sample.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from scipy.special import log_expit
from torch import Tensor

from replication.experiments import _base
from replication.losses import minimax, wasserstein
from replication.methods._base import Method
from replication.plan.config import Experiments, Recipe
from replication.techniques import clipping, gradient_penalty, label_smoothing
from replication.tensors.draws import Draws
from replication.transport import divergences

FAR = 3.0
SHIFT = 2.0
LABELS = {"none": (1.0, 0.0), "one-sided": (0.9, 0.0), "two-sided": (0.9, 0.1)}

#: Where curves are drawn and distances are averaged: three standard deviations beyond each mean of `fig2`,
#: and the places of the exact figures on the same pairs for the other two.
PLACES = {
    "fig2": np.linspace(-6, 6, 121),
    "pair": np.linspace(-4, 6, 101),
    "smoothed": np.linspace(-4, 10, 71),
}

ADAM = _base.recipe(critic_lr=1e-3)
CLIPPED = _base.recipe(critic_lr=5e-5, optimiser="rmsprop")
SEARCH = _base.recipe(critic_lr=1e-3, batch=256)


def measure(budget: Experiments) -> pd.DataFrame:
    """One row per number: part, critic, quantity, seed, x (a place or a step; NaN where neither), value."""
    draws = Draws(budget.numbers)
    parts = [_fig2(budget, draws), _unconstrained(budget, draws), *_trained(budget, draws)]
    return pd.concat(parts, ignore_index=True)


def mixture(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Density of the generator of `smoothed`: 0.6 N(1, 1) + 0.4 N(7, 1), its far mode where there are no data."""
    return 0.6 * divergences.gaussian(x, 1.0) + 0.4 * divergences.gaussian(x, 7.0)


def straightness(x: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """R^2 of a straight line fitted to each row of values [seeds, places] over x [places]; NaN for a constant."""
    centred, across = values - values.mean(1, keepdims=True), x - x.mean()
    with np.errstate(invalid="ignore"):
        explained = (centred @ across) ** 2 / (across @ across) / (centred**2).sum(1)
    return np.asarray(explained, float)


def _fig2(budget: Experiments, draws: Draws) -> pd.DataFrame:
    """Curves over x, and per seed the mean slope at generated points, K and R^2."""
    x, n = PLACES["fig2"], min(4096, budget.steps(4096))
    # The last entry: whether what is shown is D = sigmoid(score), not the score.
    methods: dict[str, tuple[Method, Recipe, bool]] = {
        "gan_minimax": (Method(minimax.Loss()), ADAM, True),
        "wgan_clip": (Method(wasserstein.Loss(), clipping.Technique(0.01)), CLIPPED, False),
        "wgan_gp": (
            Method(wasserstein.Loss(), gradient_penalty.Technique(10.0, True)),
            ADAM,
            False,
        ),
    }
    tables = []
    for name, (method, recipe, squashed) in methods.items():
        net = _base.critic(draws, [1, 64, 64], init="fan_in")
        sides = _base.gaussian([-FAR], 1.0), _base.gaussian([FAR], 1.0)
        trial = _base.Trial(method, net, recipe, *sides, draws)
        trial.train(budget.steps(2000))
        curve, fake = _at(trial, x), trial.fresh(n)[1]
        slopes = trial.slopes(fake)
        if squashed:
            scores = trial.scores(fake)
            slopes = slopes * scores.sigmoid() * (-scores).sigmoid()
            curve = np.exp(log_expit(curve))
        numbers = {"slope": slopes.mean(1), "K": trial.lipschitz(n), "R2": straightness(x, curve)}
        tables += [_rows("fig2", name, "curve", x, curve)]
        tables += [
            _rows("fig2", name, q, [np.nan], np.asarray(v)[:, None]) for q, v in numbers.items()
        ]
    return pd.concat(tables)


def _unconstrained(budget: Experiments, draws: Draws) -> pd.DataFrame:
    """Score gap and K over steps: N(0, 0.05^2) and N(1, 0.05^2), one start and one optimiser for all critics."""
    steps = budget.steps(1000)
    records = np.unique(np.geomspace(1, steps, 28).round().astype(int))
    methods: dict[str, Method] = {
        "none": Method(wasserstein.Loss()),
        "wgan_clip": Method(wasserstein.Loss(), clipping.Technique(0.01)),
        "wgan_gp": Method(wasserstein.Loss(), gradient_penalty.Technique(10.0, True)),
    }
    tables = []
    for name, method in methods.items():
        net = _base.critic(draws, [1, 32, 32], init="fan_in")
        sides = _base.gaussian([0.0], 0.05), _base.gaussian([1.0], 0.05)
        trial = _base.Trial(method, net, ADAM, *sides, draws)
        found = []
        for step in records:
            trial.train(int(step) - trial.step)
            found.append(torch.stack([trial.estimate(512), trial.lipschitz(512)]))
        gap, lipschitz = torch.stack(found, 2).numpy()
        tables += [_rows("unconstrained", name, "gap", records, gap)]
        tables += [_rows("unconstrained", name, "K", records, lipschitz)]
    return pd.concat(tables)


def _trained(budget: Experiments, draws: Draws) -> Iterable[pd.DataFrame]:
    """D over x of nets trained with and without soft labels, and the value that the plain one reaches."""
    for name, labels in LABELS.items():
        part = "pair" if name == "none" else "smoothed"
        fake = _base.gaussian([SHIFT], 1.0) if name == "none" else far_mode
        net = _base.critic(draws, [1, 32, 32], "tanh", init="fan_in")
        method = Method(minimax.Loss(), label_smoothing.Technique(*labels))
        trial = _base.Trial(method, net, SEARCH, _base.gaussian([0.0], 1.0), fake, draws)
        trial.train(budget.steps(2000))
        x = PLACES[part]
        yield _rows(part, name, "curve", x, np.exp(log_expit(_at(trial, x))))
        if part == "pair":
            grid = divergences.line(12, 2401)
            yield _rows(part, name, "value", [np.nan], _value(grid, _at(trial, grid))[:, None])


def _value(grid: NDArray[np.float64], logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """E_p log D + E_q log(1 - D) of logits [seeds, places], by summation, for N(0, 1) and N(SHIFT, 1)."""
    p, q = divergences.masses(grid), divergences.masses(grid, SHIFT)
    return np.asarray(log_expit(logits) @ p + log_expit(-logits) @ q, float)


def far_mode(draws: Draws, stream: str, index: int, n: int) -> Tensor:
    """Sampler of `mixture`, [seeds, n, 1]."""
    centre = torch.where(draws.uniform(f"{stream}/mode", index, (n, 1)) < 0.6, 1.0, 7.0)
    return centre + draws.normal(stream, index, (n, 1))


def _at(trial: _base.Trial, x: NDArray[np.float64]) -> NDArray[np.float64]:
    points = torch.as_tensor(x, dtype=torch.float32)[:, None]
    return trial.scores(points).numpy().astype(np.float64)


def _rows(
    part: str, critic: str, quantity: str, x: Iterable[float], values: NDArray[np.float64]
) -> pd.DataFrame:
    """Values [seeds, x] as rows."""
    wide = pd.DataFrame(np.asarray(values, float), columns=np.asarray(list(x), float))
    long = wide.rename_axis(index="seed").reset_index().melt("seed", var_name="x")
    long["x"] = long["x"].astype(float)
    return long.assign(part=part, critic=critic, quantity=quantity)
