"""Fréchet distance of Gaussians fitted to features (Heusel et al. 2017), by torch-fidelity."""

from __future__ import annotations

from torch_fidelity.metric_fid import (
    KEY_METRIC_FID,
    fid_features_to_statistics,
    fid_statistics_to_metric,
)

from replication.metrics._base import Batch, Protocol

LABEL = "FID"
DIRECTION = "lower"
UNIT = ""
LEAST = 0.0
NEEDS = "features"
PROTOCOL = "{samples:,} generated v {heldout:,} held-out"


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """|mu_r - mu_f|^2 + tr(S_r + S_f - 2 (S_r S_f)^1/2); biased upwards for few images."""
    statistics = (fid_features_to_statistics(batch.features) for batch in (fake, real))
    return float(fid_statistics_to_metric(*statistics, verbose=False)[KEY_METRIC_FID])
