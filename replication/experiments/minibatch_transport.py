"""How well do critics estimate the exact distance of minibatches (Mallasto et al. 2019, section 4)?

A critic completed by the c-transform (phi is trained, psi = phi^c is computed on the batch, and the estimate
is E phi + E phi^c), one with gradient penalty and one with clipped weights learn the same three pairs of
distributions in the plane. On fresh minibatches of the size that they trained on, each one's estimate is
held against the exact W1 of that minibatch (POT). Reference: the distance of the two distributions themselves
is not asked for; a minibatch is usually farther away than that.

Deviations from the paper:

1. Fixed pairs of points in the plane instead of generators that learn images: the question about the
   estimate is the same, and the exact answer is at hand.
2. 1,500 critic steps of 64 points a side, three hidden layers of 64 units, Adam 1e-3 (0.5, 0.9); RMSProp 1e-3
   for clipping, since 5e-5 moves nothing in so few steps. Penalty weight 10 and bound 0.01 are those of the
   methods' papers.
3. The plain c-transform only; the paper also softens it with an entropy term.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from replication.data._points import ring
from replication.experiments._base import Sampler, Trial, critic, gaussian, recipe
from replication.losses import wasserstein
from replication.methods._base import Method
from replication.plan.config import Experiments
from replication.techniques import _base, clipping, gradient_penalty
from replication.techniques._base import Critic
from replication.techniques._batch import Batch
from replication.tensors.draws import Draws
from replication.transport import plans
from replication.transport.transforms import c_transform, dual_value

STEPS, BATCH, MINIBATCHES = 1200, 64, 40

#: The eight Gaussians of Gulrajani et al. 2017 (authors' code): radius and standard deviation.
RADIUS, SD = 2 / 1.414, 0.02 / 1.414


class CTransform(_base.Technique):
    """The critic maximises E phi(x) + E phi^c(y), the dual of the batch's own transport (Mallasto et al. 2019)."""

    def critic_loss(self, loss: Tensor, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """-E phi(x); the other half needs the points, and is the penalty."""
        return -real_scores.mean(1)

    def penalty(self, critic: Critic, batch: Batch, fake: Tensor) -> Tensor:
        """-E phi^c(y)."""
        return -c_transform(torch.cdist(batch.real, fake), critic(batch.real)).mean(1)


def mixture(shift: float = 0.0, blur: float = 0.0) -> Sampler:
    """Eight Gaussians on a circle, moved along both axes by `shift` / sqrt(2) and widened by `blur`."""
    centres, moved = torch.tensor(ring(RADIUS)), shift / 2**0.5
    sd = (SD**2 + blur**2) ** 0.5

    def sample(draws: Draws, stream: str, index: int, n: int) -> Tensor:
        modes = (draws.uniform(f"{stream}/mode", index, (n,)) * len(centres)).long()
        return centres[modes] + moved + sd * draws.normal(stream, index, (n, 2))

    return sample


def opponents() -> dict[str, Sampler]:
    """What the eight Gaussians are held against: W1 grows from the first to the last."""
    return {
        "blurred": mixture(blur=0.25),
        "shifted": mixture(shift=0.5),
        "collapsed": gaussian([0.0, 0.0], 0.1),
    }


def solvers() -> dict[str, tuple[_base.Technique, dict[str, object]]]:
    """What makes a critic of the score gap each solver's own, and its optimiser."""
    adam: dict[str, object] = {"betas": (0.5, 0.9)}
    return {
        "c_transform": (CTransform(), adam),
        "penalty": (gradient_penalty.Technique(10.0), adam),
        "clip": (clipping.Technique(0.01), {"optimiser": "rmsprop"}),
    }


def measure(budget: Experiments) -> pd.DataFrame:
    """Estimate and exact W1 by seed, pair, solver and minibatch, and the critic's steepest slope."""
    draws, count = Draws(budget.numbers), budget.steps(MINIBATCHES)
    tables: list[pd.DataFrame] = []
    for pair, opponent in opponents().items():
        for name, (technique, settings) in solvers().items():
            net = critic(draws, (2, 64, 64, 64), init="fan_in")
            chosen = recipe(batch=BATCH, **settings)
            method = Method(wasserstein.Loss(), technique)
            trial = Trial(method, net, chosen, mixture(), opponent, draws)
            trial.train(budget.steps(STEPS))
            real, fake = trial.fresh(count * BATCH)
            if not tables or tables[-1]["pair"].iloc[0] != pair:
                exact = exact_distances(real, fake)  # the same points for every solver
            found = estimates(trial, real, fake, dual=isinstance(technique, CTransform))
            where = pd.MultiIndex.from_product([draws.seeds, range(count)])
            table = where.to_frame(index=False, name=["seed", "minibatch"])
            slope = np.repeat(trial.lipschitz(500).numpy(), count)
            tables.append(
                table.assign(
                    pair=pair, solver=name, exact=exact.ravel(), estimate=found.ravel(), k=slope
                )
            )
    return pd.concat(tables, ignore_index=True)


def minibatches(points: Tensor) -> Tensor:
    """[seeds, count * batch, d] to [seeds, count, batch, d]."""
    return points.unflatten(1, (-1, BATCH))


def exact_distances(real: Tensor, fake: Tensor) -> np.ndarray:
    """W1 of every minibatch by POT, float64 [seeds, count], for points [seeds, count * batch, d]."""
    x, y = (minibatches(v).double().numpy() for v in (real, fake))
    even = np.full(BATCH, 1 / BATCH)
    return np.array(
        [
            [
                plans.wasserstein(even, even, plans.distances(a, b))
                for a, b in zip(s, t, strict=True)
            ]
            for s, t in zip(x, y, strict=True)
        ]
    )


def estimates(trial: Trial, real: Tensor, fake: Tensor, dual: bool) -> np.ndarray:
    """What the critic says of every minibatch, [seeds, count]: E f - E f, or the `dual` value."""
    f, g = (minibatches(trial.scores(points)[..., None])[..., 0] for points in (real, fake))
    if dual:
        cost = torch.cdist(minibatches(real), minibatches(fake))
        return dual_value(cost, f).double().numpy()
    return (f.mean(2) - g.mean(2)).double().numpy()
