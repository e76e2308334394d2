"""Does the estimate rise when images get worse, and fall when they come back? DCGANs that are made to get worse.

As `falls`, on 60,000 digits, with the nets of the papers and each method's own recipe. All games of a seed begin with
the same generator, which a GAN (non-saturating) has trained until it draws digits, and with a fresh critic that is
trained on it alone for 500 steps: so all methods stand at the same quality, however fast they learn. A game is played
for a while, then disturbed in one of two ways, then played on as before.

- ``rate``: the generator's learning rate is 40 times as large for 10 steps;
- ``noise``: Gaussian noise of the weights' own root mean square is added to the generator's weights, once.

The critic is not touched. Estimate and FID are looked at before a generator's step.

Deviations: DCGAN of width 16 instead of 64; z as the GAN has it. The estimates are taken on 1,000 held-out digits.
Lengths and disturbances were chosen on seeds 0 and 1.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping

import pandas as pd
import torch
from torch import Tensor

from replication.experiments import _images
from replication.experiments._objectives import OBJECTIVES, read
from replication.experiments.frozen_dcgans import FEWEST, most
from replication.experiments.frozen_generators import disturb
from replication.experiments.many_samples import scored
from replication.metrics._judge import Judge
from replication.plan.config import Evaluation, Experiments, Run
from replication.plan.paths import Paths
from replication.tensors.draws import Draws
from replication.training.batches import Batches
from replication.training.game import Game
from replication.training.optimisers import optimiser

DATASET = "mnist"
#: Names of settings of images: the studies that run it, since it takes a quarter of an hour a seed.
IMAGES = ["images", "paper scale"]
#: Seeds below chose what follows; at most so many.
FIRST, SEEDS = 200, 6

#: What trains the generator, its steps, and the steps of a fresh critic on it.
TRAINED_BY, AGE, FRESH = "gan_ns", 2000, 500

#: Generator steps before the disturbance, of the spell, and at the end.
BEFORE, SPELL, END = 90, 10, 450

#: How many times the learning rate, and noise in the weights in units of their root mean square.
TIMES, NOISE = 40.0, 1.0

#: Steps between two looks, and samples, and held-out images, of one.
EVERY, SAMPLES = 30, 1000


def measure(budget: Experiments, paths: Paths) -> pd.DataFrame:
    """One row per seed and look.

    Columns ``seed``, ``method``, ``kind`` (rate or noise), ``step`` (generator steps before the look, counted from
    the disturbance), ``estimate``, ``over_k`` and ``fid``.
    """
    count = max(FEWEST, most(budget, SAMPLES))
    judge = Judge(paths, DATASET, Evaluation(samples=count, transport_samples=1))
    tables = []
    for seed in range(FIRST, FIRST + min(SEEDS, budget.seeds)):
        trainer = _images.run_of(TRAINED_BY, DATASET, seed)
        (learned,) = _images.generators(trainer, judge.images.train, [most(budget, AGE)])
        for method in OBJECTIVES:
            recipe = _images.run_of(method, DATASET, seed).recipe
            recipe = recipe.model_copy(update={"z": trainer.recipe.z})
            run = _images.run_of(method, DATASET, seed).model_copy(update={"recipe": recipe})
            falling = Falling(run, learned.state_dict(), judge, count, budget)
            tables.append(falling.table().assign(method=method, seed=seed))
    return pd.concat(tables, ignore_index=True)


class Falling:
    """A game until the disturbance, and from there on in both ways.

    Args:
        run: method, recipe and seed.
        learned: weights that the generator begins with.
        judge: of samples.
        count: of samples in a look.
        budget: of steps.
    """

    def __init__(
        self, run: Run, learned: Mapping[str, Tensor], judge: Judge, count: int, budget: Experiments
    ) -> None:
        self.run, self.judge, self.draws = run, judge, Draws(run.seeds)
        self.game = Game.set_up(run, judge.images.shape, torch.device("cpu"))
        self.game.generator.load_state_dict(learned)
        self.batches = Batches(judge.images.train, self.draws, run.recipe, _images.Z_DIM)
        self.fresh, self.every = most(budget, FRESH), most(budget, EVERY)
        self.start, self.spell, self.end = (most(budget, n) for n in (BEFORE, SPELL, END))
        self.real = judge.images.heldout[None, :count]
        self.z = _images.noise(run, "fresh/z", count)

    def table(self) -> pd.DataFrame:
        """Every look of both ways; what was before the disturbance they share."""
        for i in range(self.fresh):
            self.game.critic_step(self.batches.critic(i))
        early = self._play(self.game, 0, self.start)
        parts = []
        for kind in ("rate", "noise"):
            game = copy.deepcopy(self.game)
            usual = game.generator_optimiser
            if kind == "noise":
                disturb(game.generator, self.draws, NOISE)
            else:
                recipe, weights = self.run.recipe, game.generator.parameters()
                game.generator_optimiser = optimiser(recipe, weights, TIMES * recipe.generator_lr)
            rows = self._play(game, self.start, self.start + self.spell)
            game.generator_optimiser = usual
            rows += self._play(game, self.start + self.spell, self.end)
            parts.append(pd.DataFrame([*early, *rows]).assign(kind=kind))
        return pd.concat(parts, ignore_index=True)

    def _play(self, game: Game, first: int, end: int) -> list[dict[str, float]]:
        """Algorithm 1 from one generator step to another, and what the looks on the way saw."""
        rows, n = list[dict[str, float]](), self.run.recipe.n_critic
        for step in range(first, end):
            before = self.fresh + step * n
            for i in range(before, before + n):
                game.critic_step(self.batches.critic(i))
            if step % self.every == 0:
                rows.append(self._look(game, step))
            game.generator_step(self.batches.generator(step, before + n))
        return rows

    def _look(self, game: Game, step: int) -> dict[str, float]:
        game.generator.eval()
        made = _images.samples(game.generator, self.z)
        game.generator.train()
        estimate, over = read(game.method, game.critic, self.real, made[None], self.draws)
        fid = scored(self.judge, self.judge.see(made)) if made.isfinite().all() else float("nan")
        return {
            "step": step - self.start,
            "estimate": float(estimate),
            "over_k": float(over),
            "fid": fid,
        }
