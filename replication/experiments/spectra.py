"""Which directions a critic keeps under clipping, weight and spectral normalisation, and what that costs it.

Asked by Miyato et al. 2018, figures 3 (singular values of the critic's weights), 9 (the largest singular
value of the normalised weights while training) and 11 (quality against critic steps per generator step),
there on CIFAR-10 and STL-10. Here: the game on 25 Gaussians, nets of three hidden layers of 64, leaky ReLU
in the critic, and setting E of their Table 1: Adam, rate 1e-3, betas 0.5 and 0.999, 5 critic steps, batch 64.

Deviations:
1. Points and perceptrons instead of images and convolutions: the weights are plain matrices, so the norm
   that is normalised is that of the layer as an operator.
2. Weight and spectral normalisation share the hinge loss, which figure 11 does not say, so that the two
   differ in the divisor alone. Clipping has the WGAN's loss, as there.
3. Clipping, to 0.01 as in the paper, has the same Adam as the others (as in its Table 1); its biases are clipped too.
4. Quality is minus the exact W1 of 1,000 generated against 1,000 held-out points after the last step,
   chosen before any run; the paper's is the Inception score. Critic steps stop at 10 (paper: 20).
5. The generator takes `STEPS` steps (figure 11: 10,000).
6. Largest singular values are those of the weights as the next critic pass uses them, about every 20 critic
   steps; the generator's pass takes a power iteration too, as in the authors' code.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from replication.data import gaussians25
from replication.experiments import _base, _quality
from replication.losses import hinge, wasserstein
from replication.methods._base import Method
from replication.nets._layers import Weighted
from replication.plan.config import Experiments
from replication.techniques import clipping, spectral_norm, weight_norm
from replication.tensors.draws import Draws

#: Generator steps of every game; critic steps before each of them; those at which weights are looked at.
STEPS, CRITIC_STEPS, LOOKED_AT = 400, (1, 2, 5, 10), 5

#: Bound of clipped weights. Trials with seeds 100 and 101, which no budget reaches: 0.1 did no better.
CLIP = 0.01

#: Points a side in W1, and how often weights are looked at while training, at most.
POINTS, LOOKS = 1000, 175

Z_DIM, HIDDEN = 2, (64, 64, 64)


METHODS: dict[str, Callable[[], Method]] = {
    "sn": lambda: Method(hinge.Loss(), spectral_norm.Technique()),
    "wn": lambda: Method(hinge.Loss(), weight_norm.Technique()),
    "clip": lambda: Method(wasserstein.Loss(), clipping.Technique(CLIP)),
}


def measure(budget: Experiments) -> pd.DataFrame:
    """Everything of every game, long.

    Columns ``seed``, ``what``, ``method``, ``n_dis``, ``layer`` (from 0), ``at`` and ``value``: ``squared``
    is singular value `at` squared over the largest squared, ``rank`` the effective rank over the full rank
    (both after training, and before it where the method is ``start``), ``largest`` the largest singular
    value of the normalised weight after `at` critic steps, ``w1`` the exact W1 at the end, and its method
    ``real`` that of held-out points against others.
    """
    games = [("sn", n) for n in CRITIC_STEPS] + [("wn", n) for n in CRITIC_STEPS]
    parts = [_played(method, n, budget) for method, n in [*games, ("clip", LOOKED_AT)]]
    draws = Draws(budget.numbers)
    start = _base.critic(draws, [2, *HIDDEN], "leaky_relu")
    real, other = _held_out(draws, budget, "fresh/real"), _held_out(draws, budget, "fresh/other")
    reference = _rows(draws, _quality.wasserstein(real, other), what="w1", method="real")
    return pd.concat([*parts, *_spectra(start, draws, "start"), reference], ignore_index=True)


def _held_out(draws: Draws, budget: Experiments, stream: str) -> Tensor:
    points, _ = gaussians25.draw(np.random.default_rng(1), 20_000)
    return _base.pool(points)(draws, stream, 0, budget.steps(POINTS))


def _played(method: str, n_dis: int, budget: Experiments) -> pd.DataFrame:
    """One game from its start to its end, all seeds at once."""
    draws = Draws(budget.numbers)
    recipe = _base.recipe(n_critic=n_dis)
    critic = _base.critic(draws, [2, *HIDDEN], "leaky_relu")
    generator = _base.generator(draws, [Z_DIM, *HIDDEN, 2])
    points, _ = gaussians25.draw(np.random.default_rng(0), 20_000)
    game = _base.game(METHODS[method](), recipe, generator, critic, draws)
    play = _base.Play(game, recipe, _base.pool(points), draws, Z_DIM)
    steps = budget.steps(STEPS)
    parts: list[pd.DataFrame] = []
    every = max(20 // n_dis, -(-steps // LOOKS))
    for taken in range(0, steps, every):
        play.train(min(every, steps - taken))
        if (method, n_dis) == ("sn", LOOKED_AT):
            parts += _largest(critic, draws, play.step * n_dis)
    if n_dis == LOOKED_AT:
        parts += _spectra(critic, draws, method)
    made = _quality.samples(game, draws, Z_DIM, budget.steps(POINTS))
    distances = _quality.wasserstein(_held_out(draws, budget, "fresh/real"), made)
    parts.append(_rows(draws, distances, what="w1", method=method))
    return pd.concat(parts, ignore_index=True).assign(n_dis=n_dis)


def _rows(draws: Draws, values: Any, **rest: Any) -> pd.DataFrame:
    """One row per seed."""
    blank = {"n_dis": LOOKED_AT, "layer": -1, "at": -1}
    return pd.DataFrame({"seed": draws.seeds, "value": values} | blank | rest)


def _largest(critic: nn.Module, draws: Draws, at: int) -> Iterator[pd.DataFrame]:
    for i, weight in enumerate(normalised(critic)):
        values = singular_values(weight)[:, 0].tolist()
        yield _rows(draws, values, what="largest", method="sn", layer=i, at=at)


def _spectra(critic: nn.Module, draws: Draws, method: str) -> Iterator[pd.DataFrame]:
    """Of hidden layers: the last has one output and so one singular value."""
    for i, weight in enumerate(normalised(critic)[:-1]):
        values = singular_values(weight)
        ranks = (effective_rank(values) / values.shape[1]).tolist()
        yield _rows(draws, ranks, what="rank", method=method, layer=i)
        squared = (values / values[:, :1]).square()
        for at, column in enumerate(squared.unbind(1), 1):
            yield _rows(draws, column.tolist(), what="squared", method=method, layer=i, at=at)


@torch.no_grad()
def normalised(critic: nn.Module) -> list[Tensor]:
    """The weight [seeds, inputs, outputs] of each dense layer as its next training pass will use it.

    Spectral normalisation changes its vector in a pass, so a copy of it is asked.
    """
    weights = []
    for layer in critic.modules():
        if isinstance(layer, Weighted):
            weight, divisor = layer.weight.detach(), copy.deepcopy(layer.sigma)
            if divisor is not None:
                weight = weight / divisor(weight).reshape(len(weight), 1, -1)
            weights.append(weight)
    return weights


def singular_values(weight: Tensor) -> Tensor:
    """Of weights [seeds, rows, columns], in falling order: float64 [seeds, full rank]; NaN where not finite."""
    sound = weight.isfinite().flatten(1).all(1)
    values = torch.linalg.svdvals(weight.detach().double().nan_to_num(0, 0, 0))
    return torch.where(sound[:, None], values, torch.nan)


def effective_rank(values: Tensor) -> Tensor:
    """(sum s^2)^2 / sum s^4 of singular values s [..., n]: n where all are equal, 1 where one is alone."""
    squared = values.square()
    return squared.sum(-1).square() / squared.square().sum(-1)
