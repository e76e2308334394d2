"""What a generator learns from a discriminator that is trained anew against it, at three ages and before the first.

A generator with a single noise value (its support is a curve) plays GAN with -log D on a ring of 8 narrow
Gaussians. At each age a copy is frozen and a fresh discriminator is trained against it; on the way the norm of
the generator's gradient by its own weights is measured under log(1 - D) and under -log D, with and without noise
on both inputs. From Arjovsky and Bottou 2017, figures 2 and 3 and section 3 (there a DCGAN after 1, 10 and 25
epochs, 4,000 discriminator steps); the untrained generator is for Goodfellow et al. 2014, section 3.

Gradients are measured in double precision and from logits: d log(1 - D) / d logit = -D is exact down to logits of
-350, where the squares in a norm underflow, so no gradient here is lost.

Deviations:
1. a ring in the plane instead of bedrooms, and nets of two hidden layers of 64 instead of a DCGAN;
2. ages of 100, 1,000 and 2,500 generator steps, in the proportion of the printed 1, 10 and 25 epochs;
3. Adam 1e-3 with betas 0.5 and 0.999 and batch 64 for all; the paper does not print the discriminator's.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from replication.data._points import ring
from replication.experiments._base import Play, Sampler, Trial, critic, game, generator, recipe
from replication.losses import minimax, non_saturating
from replication.losses._base import Loss
from replication.methods._base import Method
from replication.plan.config import Experiments
from replication.tensors.draws import Draws
from replication.training.game import gradient_norm

AGES, STEPS, EARLY_STEPS, CHECKS = (0, 100, 1_000, 2_500), 4_000, 1_000, 30
RADIUS, SD, NOISE = 1.0, 0.01, 0.2
WIDTHS, Z_DIM = [64, 64], 1
#: Fresh samples behind a gradient, and fresh points a side behind an accuracy.
PULLED, FRESH = 500, 2_000
RECIPE = recipe()


def measure(budget: Experiments) -> pd.DataFrame:
    """By age (full generator steps), noise and check: seed, step, minimax, non_saturating, mean_d, accuracy.

    The two norms are per seed; `mean_d` is the mean of D on samples; `accuracy` that of the discriminator on fresh
    points a side, both with the noise of the arm.
    """
    draws = Draws(budget.numbers)
    tables = []
    for age, net in _ages(budget, draws):
        for noise in (0.0,) if age == 0 else (0.0, NOISE):
            steps = budget.steps(EARLY_STEPS if age == 0 else STEPS)
            rows = _follow(budget, draws, net, noise, steps)
            tables += [row.assign(age=age, noise=noise) for row in rows]
    return pd.concat(tables, ignore_index=True)


def narrow_ring(draws: Draws, stream: str, index: int, n: int) -> Tensor:
    """Eight Gaussians on a circle: a sampler."""
    centres = torch.tensor(ring(RADIUS))
    modes = (draws.uniform(f"{stream}/mode", index, (n,)) * len(centres)).long()
    return centres[modes] + SD * draws.normal(stream, index, (n, 2))


def noisy(sampler: Sampler, sd: float) -> Sampler:
    """A sampler's points plus N(0, sd^2 I)."""
    return lambda draws, stream, index, n: (
        sampler(draws, stream, index, n) + sd * draws.normal(f"{stream}/noise", index, (n, 2))
    )


def frozen(net: nn.Module) -> Sampler:
    """The samples of a generator that stands still."""

    @torch.no_grad()
    def sample(draws: Draws, stream: str, index: int, n: int) -> Tensor:
        drawn: Tensor = net(draws.normal(f"{stream}/z", index, (n, Z_DIM)))
        return drawn

    return sample


def pull(loss: Loss, net: nn.Module, discriminator: nn.Module, z: Tensor, noise: Tensor) -> Tensor:
    """Norm, per seed, of the gradient of the generator's loss by the generator's weights: [seeds].

    Args:
        loss: on logits.
        net: the generator, in double precision.
        discriminator: likewise.
        z: [seeds, n, z_dim].
        noise: added to the samples, [seeds, n, d].
    """
    net.zero_grad()
    loss.generator_loss(discriminator(net(z) + noise)).sum().backward()
    return gradient_norm(net)


def _ages(budget: Experiments, draws: Draws) -> Iterator[tuple[int, nn.Module]]:
    """The generator at each age, a copy that training does not change."""
    nets = generator(draws, [Z_DIM, *WIDTHS, 2]), critic(draws, [2, *WIDTHS])
    play = Play(
        game(Method(non_saturating.Loss()), RECIPE, *nets, draws), RECIPE, narrow_ring, draws, Z_DIM
    )
    for age in AGES:
        play.train(max(play.step, budget.steps(age) if age else 0) - play.step)
        yield age, copy.deepcopy(nets[0])


def _follow(
    budget: Experiments, draws: Draws, net: nn.Module, noise: float, steps: int
) -> Iterator[pd.DataFrame]:
    """A fresh discriminator, looked at often at first."""
    real, fake = (noisy(s, noise) for s in (narrow_ring, frozen(net)))
    fresh = critic(draws, [2, *WIDTHS], role="discriminator")
    trial = Trial(Method(non_saturating.Loss()), fresh, RECIPE, real, fake, draws)
    sizes = [min(size, max(32, budget.steps(size))) for size in (PULLED, FRESH)]
    for step in np.unique(np.r_[0, np.geomspace(1, steps, CHECKS).round()]).astype(int):
        trial.train(int(step) - trial.step)
        yield _look(trial, net, noise, *sizes)


def _look(trial: Trial, net: nn.Module, noise: float, pulled: int, n: int) -> pd.DataFrame:
    generated, discriminator = copy.deepcopy(net).double(), copy.deepcopy(trial.net).double()
    z = trial.draws.normal("fresh/fake/z", 0, (pulled, Z_DIM)).double()
    added = noise * trial.draws.normal("fresh/fake/noise", 0, (pulled, 2)).double()
    real, fake = trial.fresh(n)
    right = (trial.scores(real) > 0).double().mean(1) + (trial.scores(fake) < 0).double().mean(1)
    norms = {
        "minimax": pull(minimax.Loss(), generated, discriminator, z, added),
        "non_saturating": pull(non_saturating.Loss(), generated, discriminator, z, added),
    }
    others = {"mean_d": trial.scores(fake).double().sigmoid().mean(1), "accuracy": right / 2}
    columns = {name: values.numpy() for name, values in (norms | others).items()}
    return pd.DataFrame({"seed": np.arange(len(right)), "step": trial.step} | columns)
