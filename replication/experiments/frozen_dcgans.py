"""What does an objective know of the quality of images, for DCGANs on 60,000 digits under the methods' own recipes?

As `frozen_images`, with the nets and recipes of the papers: generators of two methods at three ages, the oldest also
with noise in its weights, and a critic of each objective trained on each of them from the same initial weights for k
steps, as its method trains it. FID of other samples of the same generator is the ceiling; exact W1 of a batch, on
pixels, is the rival that needs no critic.

Deviations: DCGAN of width 16 instead of 64. The estimates are taken on 2,000 held-out digits. Ages, noise and ladder
were chosen on seeds 0 and 1.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pandas as pd
import torch
from torch import Tensor, nn

from replication.experiments import _images, _quality
from replication.experiments._objectives import CRITICS, read
from replication.experiments.frozen_generators import disturb
from replication.experiments.many_samples import scored
from replication.metrics._judge import Judge
from replication.plan.config import Evaluation, Experiments, Run
from replication.plan.paths import Paths
from replication.tensors.draws import Draws
from replication.training.batches import Batches
from replication.training.game import Game, critic_step

DATASET = "mnist"
#: Names of settings of images: the studies that run it, since it takes a quarter of an hour a seed.
IMAGES = ["images", "paper scale"]
#: Seeds below chose what follows; at most so many.
FIRST, SEEDS = 200, 6

#: What trains the generators, after how many steps of theirs each is frozen, and noise in the weights of the last.
TRAINED_BY = {"gan_ns": (100, 400, 2000), "sngan": (100, 400, 2000)}
NOISES = (1.0,)
LADDER = (10, 100, 500)

#: Samples that FID and a critic's answer are taken on, and images a side in the W1 of a batch.
SAMPLES, FEWEST, TRANSPORT = 2000, 100, 256

#: Apart from the seeds of the generators, so that no critic begins as one that trained a generator did.
CRITIC_SEED = 10_000


def measure(budget: Experiments, paths: Paths) -> pd.DataFrame:
    """One row per generator and critic: columns as in `frozen_images`."""
    count = max(FEWEST, most(budget, SAMPLES))
    judge = Judge(paths, DATASET, Evaluation(samples=count, transport_samples=1))
    tables = [
        _asked(judge, about, generator, run, count, budget)
        for seed in range(FIRST, FIRST + min(SEEDS, budget.seeds))
        for about, generator, run in frozen(seed, judge.images.train, budget)
    ]
    return pd.concat(tables, ignore_index=True)


def most(budget: Experiments, steps: int) -> int:
    """So many steps or samples, fewer where the budget is small, and no more where it is large."""
    return min(steps, budget.steps(steps))


def frozen(
    seed: int, train: Tensor, budget: Experiments
) -> Iterator[tuple[dict[str, float | str], nn.Module, Run]]:
    """The generators of a seed, what each is, and the run that trained it."""
    for method, ages in TRAINED_BY.items():
        run = _images.run_of(method, DATASET, seed)
        about: dict[str, float | str] = {"seed": seed, "trained_by": method}
        steps = [most(budget, age) for age in ages]
        for age, generator in zip(ages, _images.generators(run, train, steps), strict=True):
            yield about | {"age": age, "noise": 0.0}, generator, run
        for noise in NOISES:
            worse = copy.deepcopy(generator)
            disturb(worse, Draws(run.seeds), noise)
            yield about | {"age": age, "noise": noise}, worse.eval(), run


def _asked(
    judge: Judge,
    about: dict[str, float | str],
    generator: nn.Module,
    run: Run,
    count: int,
    budget: Experiments,
) -> pd.DataFrame:
    """How good a generator is, and what critics say of it."""
    samples = _images.samples(generator, _images.noise(run, "frozen/z", 2 * count))
    asked, again = samples.split(count)
    heldout = judge.images.heldout
    few = min(TRANSPORT, count)
    (w1,) = _quality.wasserstein(heldout[None, :few].flatten(2), asked[None, :few].flatten(2))
    about = about | {
        "fid": scored(judge, judge.see(asked)),
        "fid_again": scored(judge, judge.see(again)),
        "w1_batch": w1,
    }
    steps = most(budget, LADDER[-1])
    fakes = _images.samples(generator, _images.noise(run, "frozen/pool", steps * run.recipe.batch))
    rows = [
        about | {"critic": name, "k": k, "estimate": estimate, "over_k": over}
        for name in CRITICS
        for k, estimate, over in _ladder(name, run.seeds[0], judge, fakes, asked, budget)
    ]
    return pd.DataFrame(rows)


def _ladder(
    name: str, seed: int, judge: Judge, fakes: Tensor, asked: Tensor, budget: Experiments
) -> Iterator[tuple[int, float, float]]:
    """A fresh critic of a method, trained as the method trains it: k, estimate and gap over K on the ladder."""
    run = _images.run_of(name, DATASET, CRITIC_SEED + seed)
    game, draws = Game.set_up(run, judge.images.shape, torch.device("cpu")), Draws(run.seeds)
    batches = Batches(judge.images.train, draws, run.recipe, _images.Z_DIM)
    real, size, step = judge.images.heldout[None, : len(asked)], run.recipe.batch, 0
    for k in LADDER:
        while step < most(budget, k):
            fake = fakes[None, step * size : (step + 1) * size]
            critic_step(game.method, game.critic, game.critic_optimiser, batches.critic(step), fake)
            step += 1
        estimate, over = read(game.method, game.critic, real, asked[None], draws)
        yield k, float(estimate), float(over)
