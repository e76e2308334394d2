"""Kernel distance between features (Binkowski et al. 2018, sec. 4), by torch-fidelity."""

from __future__ import annotations

from torch_fidelity.metric_kid import KEY_METRIC_KID_MEAN, kid_features_to_metric

from replication.metrics._base import Batch, Protocol

LABEL = "KID"
DIRECTION = "lower"
UNIT = ""
NEEDS = "features"
PROTOCOL = (
    "{samples:,} generated v {heldout:,} held-out, "
    "mean of {kid_subsets} subsets of {kid_subset_size:,}"
)

#: The subsets are the same at every checkpoint of every run.
SEED = 2020


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """Unbiased MMD^2 with the kernel (x.y / D + 1)^3; may fall a little below 0."""
    scores = kid_features_to_metric(
        fake.features,
        real.features,
        kid_subsets=protocol.kid_subsets,
        kid_subset_size=protocol.kid_subset_size,
        rng_seed=SEED,
        verbose=False,
    )
    return float(scores[KEY_METRIC_KID_MEAN])
