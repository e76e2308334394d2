"""How FID and the inception score move with the number of images alone (Chong and Forsyth 2020, section 3).

Real digits of the train part stand for three generators: as they are, blurred, and with noise. Of each, random
subsets of several sizes are scored against all held-out digits, on the data set's classifier.

Deviations: real and damaged digits instead of generators, 250 to 2,000 images instead of 5,000 to 50,000, a small
classifier instead of Inception; so this decides none of the paper's claims.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import torch

from replication.experiments import _damage
from replication.metrics import fid, inception_score
from replication.metrics._base import Batch
from replication.metrics._judge import Judge
from replication.plan.config import Evaluation, Experiments
from replication.plan.paths import Paths

DATASET = "mnist_5k"
SIZES = (250, 300, 400, 500, 700, 1_000, 1_400, 2_000)
#: Every size is scored on so many subsets, and their mean is kept.
SUBSETS = 4
SOURCES = {"real": ("blur", 0.0), "blurred": ("blur", 1.0), "noisy": ("noise", 0.25)}


def measure(budget: Experiments, paths: Paths) -> pd.DataFrame:
    """Table: seed, source, images, fid, inception_score."""
    judge = Judge(paths, DATASET, Evaluation(samples=SIZES[-1], transport_samples=1))
    images = judge.images.train.numpy()
    rows = []
    for source, (kind, strength) in SOURCES.items():
        damaged = _damage.KINDS[kind][0](images, strength, np.random.default_rng(2020))
        batch = judge.see(torch.from_numpy(damaged))
        for seed in budget.numbers:
            rng = np.random.default_rng([2020, seed])
            for size in SIZES:
                scores = [scored(judge, subset(batch, size, rng)) for _ in range(SUBSETS)]
                mean = {key: np.mean([s[key] for s in scores]) for key in scores[0]}
                rows.append({"seed": seed, "source": source, "images": size, **mean})
    return pd.DataFrame(rows)


def subset(batch: Batch, size: int, rng: np.random.Generator) -> Batch:
    """That many different images of a batch."""
    chosen = torch.from_numpy(rng.permutation(len(batch.features))[:size])
    features, logits = batch.features[chosen], batch.logits[chosen]
    return replace(batch, images=batch.images[chosen], features=features, logits=logits)


def scored(judge: Judge, batch: Batch) -> dict[str, float]:
    """FID, and the inception score without splits."""
    protocol = replace(judge.protocol, samples=len(batch.features), inception_splits=1)
    return {
        "fid": fid.compute(judge.real, batch, protocol),
        "inception_score": inception_score.compute(judge.real, batch, protocol),
    }
