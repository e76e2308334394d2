"""GAN on a line: does the generator reach the data, and does the discriminator end at one half?

Data N(2, 0.5^2); generator and discriminator are trained together from scratch, with `K` steps of the discriminator
for each of the generator. From Goodfellow et al. 2014, figure 1 (a sketch: it prints no constants), Algorithm 1, whose
k is 1 in their experiments and a parameter, and Theorem 1. With one step the discriminator was far from the best one,
p / (p + q), to the end, so that its answer said little of what samples and data have in common.

Deviations: the constants are ours; the generator's loss is -log D, which section 3 advises for training; both learning
rates fall in a straight line to 0.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import torch
from scipy import stats
from torch import Tensor, nn

from replication.experiments._base import Play, critic, game, gaussian, generator, recipe
from replication.losses import non_saturating
from replication.methods._base import Method
from replication.plan.config import Experiments
from replication.techniques import linear_decay
from replication.tensors.draws import Draws

MEAN, SD = 2.0, 0.5
STEPS, CHECKS, WIDTHS, Z_DIM, FRESH = 6_000, 60, [32, 32], 1, 4_000
#: Shares of the training after which the first seed is shown whole.
SHOWN = (0.0, 0.01, 0.05, 1.0)
LINE, BINS = np.linspace(-3, 5, 81), 40
K = 5
RECIPE = recipe(batch=128, n_critic=K)
#: The first seeds of a study gave K.
LATER = 100


def measure(budget: Experiments) -> pd.DataFrame:
    """Long table: what, seed, step, x, value.

    `what` is w1 (between samples and data), half (mean distance of D from one half over both) or best (that from
    D* = p / (p + q) of p and the samples' histogram q, mean over both), by step; of the first seed at four steps also
    discriminator (D at x), density (of samples, about x) and image (x of z = value).
    """
    draws = Draws([LATER + seed for seed in budget.numbers])
    real = gaussian([MEAN], SD)
    nets = (
        generator(draws, [Z_DIM, *WIDTHS, 1], "tanh", "glorot"),
        critic(draws, [1, *WIDTHS], "tanh", "glorot"),
    )
    steps = budget.steps(STEPS)
    method = Method(non_saturating.Loss(), linear_decay.Technique(0, steps))
    play = Play(game(method, RECIPE, *nets, draws), RECIPE, real, draws, Z_DIM)
    n = min(FRESH, max(64, budget.steps(FRESH)))
    shown = [round(share * steps) for share in SHOWN]
    data, z = real(draws, "fresh/real", 0, n), draws.normal("fresh/z", 0, (n, Z_DIM))
    tables = []
    for step in np.unique(np.r_[shown, np.linspace(0, steps, CHECKS + 1)].astype(int)):
        play.train(int(step) - play.step)
        tables += [_state(play, data, z), *(_snapshot(play, z) if step in shown else [])]
    return pd.concat(tables, ignore_index=True)


def w1(x: Tensor, y: Tensor) -> Tensor:
    """Exact W1 between samples of a line [seeds, n, 1], equally many: the mean gap of the sorted ones, [seeds]."""
    return (x.sort(1).values - y.sort(1).values).abs().mean((1, 2))


@torch.no_grad()
def _state(play: Play, data: Tensor, z: Tensor) -> pd.DataFrame:
    samples = play.game.generator(z)
    d = play.game.critic(torch.cat([data, samples], 1)).sigmoid()
    found = {
        "w1": w1(data, samples),
        "half": (d - 0.5).abs().mean(1),
        "best": from_best(play.game.critic, samples),
    }
    return pd.concat(
        [
            pd.DataFrame(
                {"what": what, "seed": range(len(d)), "step": play.step, "value": v.double()}
            )
            for what, v in found.items()
        ]
    )


def from_best(critic: nn.Module, samples: Tensor) -> Tensor:
    """Mean over data and samples of abs(D - D*), [seeds], with the samples' density [seeds, n, 1] from a histogram."""
    edges = torch.linspace(LINE[0], LINE[-1], BINS + 1, dtype=torch.float64)
    p = stats.norm.cdf(edges, MEAN, SD)
    q = torch.stack([torch.histc(own, BINS, LINE[0], LINE[-1]) / len(own) for own in samples])
    p, q = torch.from_numpy(np.diff(p)), q.double()
    centres = ((edges[1:] + edges[:-1]) / 2).float()[None, :, None].expand(len(samples), -1, -1)
    away = (critic(centres).sigmoid() - p / (p + q).clamp_min(1e-12)).abs()
    return (away * (p + q)).sum(1) / (p + q).sum(1)


@torch.no_grad()
def _snapshot(play: Play, z: Tensor) -> Iterator[pd.DataFrame]:
    """The first seed whole: D along the line, where samples lie, and where evenly spaced z go."""
    seeds = len(z)
    line = torch.tensor(LINE, dtype=torch.float32)[None, :, None].expand(seeds, -1, -1)
    samples = play.game.generator(z)[0, :, 0].double().numpy()
    density, edges = np.histogram(samples, BINS, (LINE[0], LINE[-1]))
    width = edges[1] - edges[0]
    ticks = torch.linspace(-2, 2, 17)[None, :, None].expand(seeds, -1, -1)
    found = {
        "discriminator": (LINE, play.game.critic(line).sigmoid()[0]),
        "density": (edges[:-1] + width / 2, density / len(samples) / width),
        "image": (play.game.generator(ticks)[0, :, 0], ticks[0, :, 0]),
    }
    for what, (x, value) in found.items():
        yield pd.DataFrame(
            {
                "what": what,
                "seed": 0,
                "step": play.step,
                "x": np.asarray(x, float),
                "value": np.asarray(value, float),
            }
        )
