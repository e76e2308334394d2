"""What critics trained to near optimality say of a generator that stands still: the data plus N(0, I).

Asked: how much of the exact W1 a critic finds (its estimate over its Lipschitz constant), how simple a
function it is (the share of its variance that a quadratic explains), and how steep it is between data and
samples. From Gulrajani et al. 2017: figure 1a and its code (three hidden layers of 512 rectifiers, He, batch
256, penalty weight 0.1, Adam 1e-4, clip 0.01 with RMSProp 5e-5), Proposition 1 with Corollary 1, appendix C.

Deviations, each for time:
1. layers of 64 units, batch 64 and 1,400 steps (authors: 512, 256, 100,000), and Adam's learning rate ten times theirs;
   of several rates on other seeds these (for clipping the authors' own) came highest in the critics' own objective;
2. a second clip of 0.08, which keeps the authors' product of clip and width, with the rate in proportion;
3. a second penalty weight of 10, that of the paper's Algorithm 1. On a way of length L the best slope under a
   weight w is 1 + L / (2 w): with 0.1 it is far from the norm of one that Corollary 1 is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from replication.data import gaussians8, gaussians25, swiss_roll
from replication.experiments._base import Sampler, Trial, critic, pool, recipe
from replication.losses import wasserstein
from replication.methods._base import Method
from replication.plan.config import Experiments, Recipe
from replication.techniques import _base, clipping, gradient_penalty
from replication.techniques._slopes import interpolate
from replication.tensors.draws import Draws
from replication.transport import plans

STEPS, CHECKS, WIDTHS = 1_400, 20, [2, 64, 64, 64]
POOL, EXACT, SLOPES, SIDE, REACH = 50_000, 1_000, 2_000, 31, 3.0

DATA = {
    "gaussians8": gaussians8.draw,
    "gaussians25": gaussians25.draw,
    "swiss_roll": swiss_roll.draw,
}
#: Followed while they train, on one data set.
FOLLOWED = "gaussians8"
#: The arms whose surface is kept.
DRAWN = ("clip_0.01", "gp_0.1")

PENALISED = recipe(critic_lr=1e-3, betas=(0.5, 0.9))
CLIPPED = partial(recipe, optimiser="rmsprop")
ARMS: dict[str, tuple[Callable[[], _base.Technique], Recipe]] = {
    "clip_0.01": (partial(clipping.Technique, 0.01), CLIPPED(critic_lr=5e-5)),
    "clip_0.08": (partial(clipping.Technique, 0.08), CLIPPED(critic_lr=4e-4)),
    "gp_0.1": (partial(gradient_penalty.Technique, 0.1), PENALISED),
    "gp_10": (partial(gradient_penalty.Technique, 10.0), PENALISED),
    "gp_10_one_sided": (partial(gradient_penalty.Technique, 10.0, True), PENALISED),
}


def measure(budget: Experiments) -> pd.DataFrame:
    """Long table: dataset, arm, what, seed, step, x, y, value.

    `what` is estimate, lipschitz, w1, share, quadratic or slope, one value per seed at the end; slope_mean,
    slope_low and slope_high (a tenth of the slopes lie beyond each) by step on one data set; or surface, the
    critic of seed 0 at (x, y).
    """
    tables = []
    for dataset, draw in DATA.items():
        points, _ = draw(np.random.default_rng(0), POOL)
        tables += [cell.assign(dataset=dataset) for cell in _cells(budget, dataset, pool(points))]
    return pd.concat(tables, ignore_index=True)


def blurred(sampler: Sampler) -> Sampler:
    """A sampler's points plus N(0, I): the authors' fixed generator."""
    return lambda draws, stream, index, n: (
        sampler(draws, stream, index, n) + draws.normal(f"{stream}/blur", index, (n, 2))
    )


def exact(real: Tensor, fake: Tensor) -> list[float]:
    """W1 between points [seeds, n, d] with even masses, for every seed, by POT."""
    even = np.full(real.shape[1], 1 / real.shape[1])
    pairs = zip(real.double().numpy(), fake.double().numpy(), strict=True)
    return [plans.wasserstein(even, even, plans.distances(x, y)) for x, y in pairs]


def quadratic_share(points: Tensor, values: Tensor) -> Tensor:
    """Share of the variance of values [seeds, n] at points [seeds, n, 2] that the best quadratic explains."""
    x, y = (points[..., i].double() for i in (0, 1))
    terms = torch.stack([torch.ones_like(x), x, y, x * x, x * y, y * y], 2)
    target = (values.double() - values.double().mean(1, keepdim=True))[..., None]
    left = target - terms @ torch.linalg.lstsq(terms, target).solution
    share: Tensor = 1 - (left.square().sum((1, 2)) / target.square().sum((1, 2)))
    return share


def _cells(budget: Experiments, dataset: str, real: Sampler) -> Iterator[pd.DataFrame]:
    draws, fake = Draws(budget.numbers), blurred(real)
    n = min(EXACT, max(32, budget.steps(EXACT)))
    w1: Tensor | None = None
    for arm, (technique, settings) in ARMS.items():
        if arm == "gp_10_one_sided" and dataset != FOLLOWED:
            continue
        method = Method(wasserstein.Loss(), technique())
        trial = Trial(method, critic(draws, WIDTHS), settings, real, fake, draws)
        if w1 is None:
            w1 = torch.tensor(exact(*trial.fresh(n)))
        path = list(_train(trial, budget, n if dataset == FOLLOWED else 0))
        ends = _ends(trial, w1, n, min(SLOPES, max(64, budget.steps(SLOPES))))
        surface = [_surface(trial)] if arm in DRAWN else []
        yield pd.concat([*path, *ends, *surface], ignore_index=True).assign(arm=arm)


def _train(trial: Trial, budget: Experiments, n: int) -> Iterator[pd.DataFrame]:
    """Train to the end, and look at `n` slopes on the way; at none where n is 0."""
    ends = np.unique(np.linspace(0, budget.steps(STEPS), CHECKS + 1).astype(int))
    for end in ends:
        trial.train(end - trial.step)
        if n:
            slopes = _between(trial, n)
            low, high = slopes.quantile(0.1, 1), slopes.quantile(0.9, 1)
            for what, values in (("mean", slopes.mean(1)), ("low", low), ("high", high)):
                yield _per_seed(f"slope_{what}", values, step=int(end))


def _between(trial: Trial, n: int) -> Tensor:
    """Slopes [seeds, n] at points between fresh data and samples, drawn as the penalty draws them."""
    real, fake = trial.fresh(n)
    epsilon = trial.draws.uniform("fresh/epsilon", 0, (n,))
    return trial.slopes(interpolate(real, fake, epsilon))


def _ends(trial: Trial, w1: Tensor, n: int, n_slopes: int) -> Iterator[pd.DataFrame]:
    both = torch.cat(trial.fresh(n), 1)
    estimate, steepest = trial.estimate(n), trial.lipschitz(n_slopes)
    yield _per_seed("estimate", estimate)
    yield _per_seed("lipschitz", steepest)
    yield _per_seed("w1", w1)
    yield _per_seed("share", estimate / steepest / w1)
    yield _per_seed("quadratic", quadratic_share(both, trial.scores(both)))
    yield _per_seed("slope", _between(trial, n_slopes).mean(1))


def _per_seed(what: str, values: Tensor, step: int | None = None) -> pd.DataFrame:
    seeds = np.arange(len(values))
    return pd.DataFrame({"what": what, "seed": seeds, "step": step, "value": values.double()})


def _surface(trial: Trial) -> pd.DataFrame:
    """The first seed's critic on a square grid."""
    x, y = (v.ravel() for v in np.meshgrid(*2 * [np.linspace(-REACH, REACH, SIDE)]))
    points = torch.tensor(np.stack([x, y], 1), dtype=torch.float32)
    return pd.DataFrame(
        {"what": "surface", "seed": 0, "x": x, "y": y, "value": trial.scores(points)[0].double()}
    )
