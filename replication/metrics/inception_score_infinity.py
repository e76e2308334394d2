"""Inception score extrapolated to infinitely many samples (Chong and Forsyth 2020)."""

from __future__ import annotations

from torch import Tensor
from torch_fidelity.metric_isc import KEY_METRIC_ISC_MEAN, isc_features_to_metric

from replication.metrics._base import Batch, Protocol
from replication.metrics._infinity import SEED, extrapolated

LABEL = "IS∞"
DIRECTION = "higher"
UNIT = ""
NEEDS = "features"
PROTOCOL = "from {samples:,} generated"


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """`inception_score` of whole sets, without splits, and without the bias of few samples."""

    def score(logits: Tensor) -> float:
        return float(isc_features_to_metric(logits, splits=1, rng_seed=SEED)[KEY_METRIC_ISC_MEAN])

    return extrapolated(score, fake.logits)
