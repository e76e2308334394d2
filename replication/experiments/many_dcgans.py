"""Which scores order DCGANs as FID does? Four methods at nine learning rates each, at equal generator steps.

36 models a seed, on 60,000 digits, each by its method's own recipe but for the learning rate, which both players share.
The rates span more than two orders of magnitude, so that some models learn next to nothing and some hardly stay sound.
Asked of each: FID, KID, FID of other samples of it (the ceiling of any score), the exact W1 of a batch of pixels, and a
critic that is trained anew on it (Danihelka et al. 2017).

Deviations: DCGAN of width 8 instead of 64; 600 generator steps; methods that take one critic step a generator step,
since those with five take as long for a model as these for five. Rates, width and steps were fixed before any run of
these; to time them, two methods were looked at on seed 0, after 300 steps at three rates and after 100 at one.
"""

from __future__ import annotations

import pandas as pd
from torch import nn

from replication.experiments import _images
from replication.experiments.frozen_dcgans import FEWEST, most
from replication.experiments.many_samples import scored, seen
from replication.metrics import independent_critic, kid, w1_pixels
from replication.metrics._judge import Judge
from replication.plan.config import Evaluation, Experiments, Run
from replication.plan.paths import Paths

DATASET = "mnist"
#: Names of settings of images: the studies that run it, since it takes a quarter of an hour a seed.
IMAGES = ["images", "paper scale"]
#: No recipe was chosen on these seeds; at most so many.
FIRST, SEEDS = 200, 6

METHODS = ("gan_ns", "lsgan", "sngan", "ebgan")
RATES = (3e-5, 1e-4, 2e-4, 4e-4, 7e-4, 1e-3, 2e-3, 4e-3, 1e-2)
WIDTH, STEPS = 8, 600

#: Samples that every score is taken on, and images a side in the W1 of a batch.
SAMPLES, TRANSPORT = 2000, 500


def measure(budget: Experiments, paths: Paths) -> pd.DataFrame:
    """One row per model: seed, method, rate, fid_before, fid, fid_again, kid, w1_batch, independent.

    ``fid_before`` is that of the untrained generator. A model that has blown up has no scores.
    """
    count = max(FEWEST, most(budget, SAMPLES))
    judge = Judge(paths, DATASET, Evaluation(samples=count, transport_samples=TRANSPORT))
    rows = [
        {"seed": seed, "method": method, "rate": rate}
        | _model(judge, run_at(method, seed, rate), most(budget, STEPS))
        for seed in range(FIRST, FIRST + min(SEEDS, budget.seeds))
        for method in METHODS
        for rate in RATES
    ]
    return pd.DataFrame(rows)


def run_at(method: str, seed: int, rate: float) -> Run:
    """A method's own recipe, but for the learning rate and the width of its nets."""
    run = _images.run_of(method, DATASET, seed)
    recipe = run.recipe.model_copy(update={"critic_lr": rate, "generator_lr": rate})
    narrow = {**_images.NET.settings, "width": WIDTH}
    net = _images.NET.model_copy(update={"settings": narrow})
    return run.model_copy(update={"recipe": recipe, "net": net})


def _model(judge: Judge, run: Run, steps: int) -> dict[str, float]:
    """The scores of one model."""
    ages = _images.generators(run, judge.images.train, [0, steps])
    few = _images.noise(run, "untrained", judge.evaluation.samples)
    before = {"fid_before": scored(judge, seen(judge, next(ages), few))}
    return before | _scores(judge, next(ages), run)


def _scores(judge: Judge, generator: nn.Module, run: Run) -> dict[str, float]:
    """Every score of a generator; none where its samples are not numbers."""
    count, protocol = judge.evaluation.samples, judge.protocol
    batch = seen(judge, generator, _images.noise(run, "scored", count))
    if not batch.finite:
        return {}
    again = seen(judge, generator, _images.noise(run, "again", count))
    return {
        "fid": scored(judge, batch),
        "fid_again": scored(judge, again),
        "kid": kid.compute(judge.real, batch, protocol),
        "w1_batch": w1_pixels.compute(judge.real, batch, protocol),
        "independent": independent_critic.compute(judge.real, batch, protocol),
    }
