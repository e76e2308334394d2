"""A fresh discriminator against a DCGAN that stands still, after 1, 10 and 25 epochs.

Arjovsky and Bottou 2017, figures 1 and 3: the generator is frozen, a discriminator is trained from scratch, and on the
way its accuracy and the generator's gradient under -log D are measured. The gradient is that of a batch by the
generator's weights; its noise is the coefficient of variation over batches, the root mean square distance of a batch's
gradient from their mean over the norm of that mean.

Deviations:
1. digits instead of bedrooms, and a DCGAN of width 16 instead of 64;
2. accuracies are of batches of 64, as the discriminator is trained on, of held-out digits and of fresh samples, so that
   what it has memorised does not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from replication.data import _base as data
from replication.experiments import _images
from replication.methods import gan_ns
from replication.nets._per_seed import gradients
from replication.plan.config import Experiments, Run
from replication.plan.paths import Paths
from replication.tensors.draws import Draws
from replication.training.batches import Batches
from replication.training.game import Game, critic_step

DATASET = "mnist_5k"
#: Names of settings of images: the studies that run it, since it takes minutes a seed.
IMAGES = ["images", "paper scale"]
METHOD = gan_ns.__name__.rsplit(".", 1)[-1]
EPOCHS, STEPS, CHECKS, MOST = (1, 10, 25), 1_000, 24, 10
#: At full effort, see `Looks`.
GRADIENTS, ACCURACIES = 8, 15


class Looks(NamedTuple):
    """Batches behind a gradient, and behind an accuracy on either side."""

    gradients: int
    accuracies: int


def measure(budget: Experiments, paths: Paths) -> pd.DataFrame:
    """By seed, age (epochs) and step of the discriminator: accuracy, norm and noise of the gradient."""
    images = data.load(paths.dataset(DATASET))
    tables = []
    for seed in range(min(MOST, budget.seeds)):
        run = _images.run_of(METHOD, DATASET, seed)
        epoch = len(images.train) // run.recipe.batch
        ages = [max(1, min(n * epoch, budget.steps(n * epoch))) for n in EPOCHS]
        for age, generator in zip(EPOCHS, _images.generators(run, images.train, ages), strict=True):
            steps = min(STEPS, budget.steps(STEPS))
            looks = Looks(*(min(n, max(2, budget.steps(n))) for n in (GRADIENTS, ACCURACIES)))
            rows = follow(run, generator, images.train, images.heldout, steps, looks)
            tables.append(pd.DataFrame(rows).assign(seed=seed, age=age))
    return pd.concat(tables, ignore_index=True)


def follow(
    run: Run, generator: nn.Module, train: Tensor, heldout: Tensor, steps: int, looks: Looks
) -> Iterator[dict[str, float]]:
    """Train a discriminator from scratch, and look often at first."""
    fresh = run.model_copy(update={"seeds": (run.seeds[0] + 10_000,)})
    game = Game.set_up(fresh, tuple(train.shape[1:]), torch.device("cpu"))
    batches = Batches(train, Draws(fresh.seeds), run.recipe, _images.Z_DIM)
    checks = {0, *np.geomspace(1, steps, CHECKS).round().astype(int).tolist()}
    for step in range(steps + 1):
        if step in checks:
            norm, noise = pull(game, generator, run, looks.gradients)
            accuracy = judged(game, generator, run, heldout, looks.accuracies)
            yield {"step": step, "accuracy": accuracy, "norm": norm, "noise": noise}
        if step < steps:
            batch = batches.critic(step)
            with torch.no_grad():
                fake = generator(batch.z, None)
            batch = replace(batch, labels=None)
            critic_step(game.method, game.critic, game.critic_optimiser, batch, fake)


def pull(game: Game, generator: nn.Module, run: Run, batches: int) -> tuple[float, float]:
    """Mean norm and coefficient of variation of the gradient of batches under -log D by the generator's weights."""
    z = _images.noise(run, "fresh/gradient", batches * run.recipe.batch)
    game.critic.requires_grad_(False)
    rows = []
    for part in z.split(run.recipe.batch):
        generator.zero_grad()
        scores = game.critic(generator(part[None], None), None)
        game.method.loss.generator_loss(scores).sum().backward()
        rows.append(torch.cat([own.flatten() for own in gradients(generator)]))
    generator.zero_grad()
    game.critic.requires_grad_(True)
    return float(torch.stack(rows).norm(dim=1).mean()), variation(torch.stack(rows))


def variation(rows: Tensor) -> float:
    """The coefficient of variation of vectors [n, d]."""
    mean = rows.mean(0)
    return float((rows - mean).square().sum(1).mean().sqrt() / mean.norm())


@torch.no_grad()
def judged(game: Game, generator: nn.Module, run: Run, heldout: Tensor, batches: int) -> float:
    """The share of held-out images and of fresh samples that the discriminator puts on the right side."""
    size = run.recipe.batch
    count = min(batches, len(heldout) // size) * size
    fake = _images.samples(generator, _images.noise(run, "fresh/accuracy", count))
    right = 0.0
    for real, made in zip(heldout[:count].split(size), fake.split(size), strict=True):
        right += float((game.critic(real[None], None) > 0).sum())
        right += float((game.critic(made[None], None) < 0).sum())
    return right / (2 * count)
