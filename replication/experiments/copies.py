"""What do scores say of a generator that has memorised images?

Half of the train part stands for what a generator was trained on, and the other half for new images. Samples are new
images, a share of which is replaced by copies of training images. Every metric of the project scores them against the
held-out images.

The data set's classifier has seen both halves, so only the difference between them counts.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import torch

from replication.metrics._judge import Judge
from replication.plan.config import Evaluation, Experiments
from replication.plan.paths import Paths

DATASET = "mnist_5k"
SAMPLES, TRANSPORT, SUBSETS = 1_000, 500, 10
#: Fewest samples, so that a small budget still has moments and neighbours.
FEWEST = 100
SHARES = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)


def measure(budget: Experiments, paths: Paths) -> pd.DataFrame:
    """Long table: seed, share of copies, metric, value. A seed draws the halves and the copies."""
    count = max(FEWEST, min(SAMPLES, budget.steps(SAMPLES)))
    protocol = Evaluation(
        samples=count, transport_samples=min(TRANSPORT, count), kid_subsets=SUBSETS
    )
    judge = Judge(paths, DATASET, protocol)
    real, images = judge.real, judge.images.train
    assert real.train is not None
    rows = []
    for seed in budget.numbers:
        order = np.random.default_rng([2020, seed]).permutation(len(images))
        known, new = order[: len(order) // 2], order[len(order) // 2 :][:count]
        judge.real = replace(real, train=real.train[torch.from_numpy(known)])
        for share in SHARES:
            copied = round(share * len(new))
            samples = images[torch.from_numpy(np.concatenate([known[:copied], new[copied:]]))]
            rows += [
                (seed, share, metric, value)
                for metric, value in judge.score(samples, without=["independent_critic"]).items()
            ]
    return pd.DataFrame(rows, columns=["seed", "share", "metric", "value"])
