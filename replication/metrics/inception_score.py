"""Score of confident and varied predictions (Salimans et al. 2016, sec. 4), by torch-fidelity."""

from __future__ import annotations

from torch_fidelity.metric_isc import KEY_METRIC_ISC_MEAN, isc_features_to_metric

from replication.metrics._base import Batch, Protocol

LABEL = "IS"
DIRECTION = "higher"
UNIT = ""
LEAST = 1.0
NEEDS = "features"
PROTOCOL = "{samples:,} images, mean of {inception_splits} splits"

#: Of the shuffle that makes the splits.
SEED = 2020


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """``exp(E KL(p(y|x) | p(y)))``, at most the number of classes; small splits lower it."""
    scores = isc_features_to_metric(fake.logits, splits=protocol.inception_splits, rng_seed=SEED)
    return float(scores[KEY_METRIC_ISC_MEAN])
