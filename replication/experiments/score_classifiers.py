"""How far does the inception score depend on the classifier's random weights, and on the size of its splits?

Five classifiers a seed, alike but for their seed, are trained on the train part and score the same held-out real
digits (Barratt and Sharma 2018, who score real CIFAR-10 images by Inception networks of three libraries).

Deviations: digits and the pipeline's LeNet, for 5 epochs instead of the pipeline's 20.
"""

from __future__ import annotations

import pandas as pd
import torch
from torch import Tensor
from torch_fidelity.metric_isc import (
    KEY_METRIC_ISC_MEAN,
    KEY_METRIC_ISC_STD,
    isc_features_to_metric,
)

from replication.data import _base as data
from replication.features import lenet
from replication.metrics import inception_score
from replication.plan.config import Experiments
from replication.plan.paths import Paths

DATASET = "mnist_5k"
CLASSIFIERS, EPOCHS, IMAGES = 5, 5, 4_000
#: At most so many seeds: every one of them trains five classifiers.
SEEDS = 6
#: Into how many parts the images are split; the score is the mean over them.
SPLITS = (1, 2, 5, 10, 20, 50)
FEWEST = 200


def measure(budget: Experiments, paths: Paths) -> pd.DataFrame:
    """Table: seed, classifier, accuracy, splits, images (of a split), score, and spread (sd over splits)."""
    images = data.load(paths.dataset(DATASET))
    labels, truth = images.train_labels, images.heldout_labels
    assert labels is not None
    assert truth is not None
    used = max(FEWEST, min(IMAGES, budget.steps(IMAGES)))
    rows = []
    for seed in budget.numbers[:SEEDS]:
        for classifier in range(CLASSIFIERS):
            drawn = 1 + CLASSIFIERS * seed + classifier
            net = lenet.fit(images.train[:used], labels[:used], EPOCHS, seed=drawn)
            _, logits = lenet.extract(net, images.heldout)
            row = {
                "seed": seed,
                "classifier": classifier,
                "accuracy": lenet.accuracy(logits, truth),
            }
            rows += [
                row | {"splits": n, "images": len(logits) // n, **scored(logits, n)} for n in SPLITS
            ]
    return pd.DataFrame(rows)


def scored(logits: Tensor, splits: int) -> dict[str, float]:
    """Inception score of logits [N, classes], the mean over splits, and its spread over them (0 for one)."""
    found = isc_features_to_metric(
        logits.to(torch.float64), splits=splits, rng_seed=inception_score.SEED
    )
    return {"score": float(found[KEY_METRIC_ISC_MEAN]), "spread": float(found[KEY_METRIC_ISC_STD])}
