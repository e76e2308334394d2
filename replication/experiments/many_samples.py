"""How FID of a trained generator moves with the number of its samples, and with the noise they are made from.

Chong and Forsyth 2020: of each seed two generators, GAN and LSGAN, are trained on digits, and 50,000 samples of each
are looked at. FID at a number of samples is the mean over all disjoint sets of that size. FID extrapolated to
infinitely many samples is the height of the least-squares line against one over the number; it is made many times of
few samples, from independent noise and from Sobol's points.

Deviations:
1. the classifier's features are few, and its FID has little bias: sets are of 500 to 5,000 samples, not 5,000 to
   50,000;
2. the noise is uniform, as DCGAN has it, so Sobol's points need no normal quantiles.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import torch
from scipy.stats import qmc
from torch import Tensor, nn

from replication.experiments import _images
from replication.methods import gan_ns, lsgan
from replication.metrics import fid
from replication.metrics._base import Batch
from replication.metrics._judge import Judge
from replication.plan.config import Evaluation, Experiments, Run
from replication.plan.paths import Paths

DATASET = "mnist_5k"
#: Names of settings of images: the studies that run it, since it takes minutes a seed.
IMAGES = ["images", "paper scale"]
METHODS = tuple(m.__name__.rsplit(".", 1)[-1] for m in (gan_ns, lsgan))
STEPS, MOST = 1_000, 10
POOL, SIZES = 50_000, tuple(np.linspace(500, 5_000, 15).round().astype(int).tolist())
LARGE = 10_000
#: Extrapolations of few samples, for each kind of noise.
REPEATS, FEW = 10, 4_096


def measure(budget: Experiments, paths: Paths) -> pd.DataFrame:
    """Long table: seed, method, what, samples, repeat, value.

    ``what`` is untrained, real, fid (a mean over disjoint sets; `repeat` is the half of the samples), large (FID of a
    set of 10,000), independent or sobol (extrapolated).
    """
    share = min(1.0, budget.effort)
    judge = Judge(paths, DATASET, Evaluation(samples=FEW, transport_samples=1))
    train = judge.images.train
    real = scored(judge, judge.see(train))
    rows: list[tuple[int, str, str, int, int, float]] = []
    for seed in range(min(MOST, budget.seeds)):
        for method in METHODS:
            run = _images.run_of(method, DATASET, seed)
            ages = _images.generators(run, train, [0, budget.steps(STEPS)])
            batch = seen(judge, next(ages), _images.noise(run, "untrained", SIZES[0]))
            found = [("real", len(train), 0, real)]
            found.append(("untrained", SIZES[0], 0, scored(judge, batch)))
            generator = next(ages)
            found += _by_size(judge, generator, run, share)
            found += _extrapolated(judge, generator, run, share)
            rows += [(seed, method, *row) for row in found]
    return pd.DataFrame(rows, columns=["seed", "method", "what", "samples", "repeat", "value"])


def seen(judge: Judge, generator: nn.Module, z: Tensor) -> Batch:
    """What the extractor sees in samples."""
    return judge.see(_images.samples(generator, z))


def scored(judge: Judge, batch: Batch) -> float:
    """FID of some samples."""
    return fid.compute(judge.real, batch, replace(judge.protocol, samples=len(batch.features)))


def _by_size(
    judge: Judge, generator: nn.Module, run: Run, share: float
) -> list[tuple[str, int, int, float]]:
    """FID at every size, of either half of the samples, and of large sets."""
    count = max(4 * SIZES[0], round(POOL * share))
    batch = seen(judge, generator, _images.noise(run, "pool", count))
    rows = []
    for half, own in enumerate(parts(batch, count // 2)[:2]):
        for size in SIZES:
            if sets := parts(own, size):
                rows.append(("fid", size, half, float(np.mean([scored(judge, s) for s in sets]))))
    large = min(LARGE, count // 2)
    rows += [("large", large, i, scored(judge, s)) for i, s in enumerate(parts(batch, large))]
    return rows


def parts(batch: Batch, size: int) -> list[Batch]:
    """Disjoint sets of that size; a rest is left out."""
    starts = range(0, len(batch.features) - size + 1, size)
    return [
        replace(
            batch,
            images=batch.images[i : i + size],
            features=batch.features[i : i + size],
            logits=batch.logits[i : i + size],
        )
        for i in starts
    ]


def _extrapolated(
    judge: Judge, generator: nn.Module, run: Run, share: float
) -> list[tuple[str, int, int, float]]:
    """FID extrapolated from few samples of independent noise and of Sobol's points, many times."""
    rows = []
    few = FEW if share == 1 else FEW // 8
    for repeat in range(max(2, round(REPEATS * share))):
        points = qmc.Sobol(_images.Z_DIM, rng=np.random.default_rng([run.seeds[0], repeat]))
        sobol = torch.from_numpy(2 * points.random(few) - 1).float()
        independent = _images.noise(run, f"few/{repeat}", few)
        for what, z in (("sobol", sobol), ("independent", independent)):
            images = _images.samples(generator, z)
            sizes = [few // 8, few // 4, few // 2, few]
            # The first of Sobol's points fill the cube too, so sets are beginnings, as in the paper's code.
            fids = [scored(judge, judge.see(images[:size])) for size in sizes]
            rows.append((what, few, repeat, line(sizes, fids)[1]))
    return rows


def line(sizes: list[int], fids: list[float]) -> tuple[float, float]:
    """Slope and height at 0 of the least-squares line through FID against one over the number of samples."""
    slope, height = np.polyfit(1 / np.asarray(sizes), fids, 1)
    return float(slope), float(height)
