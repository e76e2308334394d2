"""Precision and recall: one computation (Kynkäänniemi et al. 2019), by torch-fidelity."""

from __future__ import annotations

from functools import lru_cache

from torch_fidelity.metric_prc import prc_features_to_metric

from replication.metrics._base import Batch


@lru_cache(maxsize=1)
def precision_recall(real: Batch, fake: Batch, neighbours: int) -> dict[str, float]:
    """Both scores; a set's manifold is the balls that reach each point's k-th neighbour.

    The last answer is kept, so that the second metric of a pair costs nothing.
    """
    scores: dict[str, float] = prc_features_to_metric(
        fake.features, real.features, prc_neighborhood=neighbours, verbose=False
    )
    return scores
