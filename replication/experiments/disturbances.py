"""Do quality metrics notice what is wrong with images? Every metric on ladders of known strength.

Real digits stand for generated ones and are made worse by degrees: six kinds of damage (Heusel et al. 2017,
figure 3), classes left out (Lucic et al. 2018, figure 1), and fewer and fewer distinct images (collapse). Every
rung is scored against the held-out digits by every metric of the project, on the data set's own classifier.

Deviations from Heusel et al.: digits instead of faces, a small classifier instead of Inception; 1,000 images a
rung instead of 50,000; foreign images are digits turned by a quarter, not ImageNet; the swirl's radius is ours.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import torch

from replication.experiments import _damage
from replication.metrics._judge import Judge
from replication.plan.config import Evaluation, Experiments
from replication.plan.paths import Paths

DATASET = "mnist_5k"
SAMPLES, TRANSPORT, SUBSETS = 1_000, 500, 10
#: Fewest images of a rung, so that a small budget still has moments and neighbours.
FEWEST = 100
DROPPED = range(1, 8)
DISTINCT = (4, 16, 64)
COLUMNS = ["seed", "ladder", "strength", "metric", "value"]


def measure(budget: Experiments, paths: Paths) -> pd.DataFrame:
    """Long table: seed, ladder, strength (0: as they are), metric, value. A seed draws the images and the damage."""
    return climbed(budget, paths, "lenet")


def climbed(budget: Experiments, paths: Paths, extractor: str) -> pd.DataFrame:
    """All ladders, as `measure` says, by the features of an extractor."""
    count = max(FEWEST, min(SAMPLES, budget.steps(SAMPLES)))
    protocol = Evaluation(
        samples=count,
        transport_samples=min(TRANSPORT, count),
        kid_subsets=SUBSETS,
        extractor=extractor,
    )
    judge = Judge(paths, DATASET, protocol)
    rows = [
        (seed, ladder, strength, metric, value)
        for seed in budget.numbers
        for ladder, strength, images in rungs(judge, count, seed)
        for metric, value in judge.score(
            torch.from_numpy(images), without=["independent_critic"]
        ).items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def rungs(judge: Judge, count: int, seed: int) -> Iterator[tuple[str, float, _damage.Images]]:
    """(ladder, strength, images [count, C, H, W]) of a seed; strength 0 comes once, under the ladder "none"."""
    rng = np.random.default_rng([2017, seed])
    images, labels = judge.images.train.numpy(), judge.images.train_labels
    assert labels is not None
    order = rng.permutation(len(images))
    plain = images[order[:count]]
    yield "none", 0.0, plain
    for kind, (damage, strengths) in _damage.KINDS.items():
        for strength in strengths:
            yield kind, strength, damage(plain, strength, rng)
    gone = rng.permutation(int(labels.max()) + 1)
    for dropped in DROPPED:
        kept = order[~np.isin(labels.numpy()[order], gone[:dropped])]
        yield "dropped classes", float(dropped), images[kept[:count]]
    for times in DISTINCT:
        yield (
            "repeated images",
            float(times),
            np.repeat(plain[: -(-count // times)], times, 0)[:count],
        )
