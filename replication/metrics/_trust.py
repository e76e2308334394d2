"""Whether the classifier behind a score has learned its classes, by the record beside its weights. No torch here."""

from __future__ import annotations

import json

from replication.metrics._base import OF_HELDOUT, parts
from replication.plan import registry
from replication.plan.study import RESULTS


def warning(extractor: str, dataset: str) -> str:
    """Why scores through an extractor mean little on a data set, with a remedy; empty where nothing is known against.

    Args:
        extractor: its id. One that trains a net for each data set leaves a record of the net's held-out accuracy.
        dataset: the data set whose net is asked for.
    """
    path = RESULTS / "features" / f"{extractor}_{dataset}.json"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ""
    if record.get("learned", True):
        return ""
    label = registry.metadata("features", extractor)["LABEL"]
    return (
        f"the {label} of {dataset} is right on {record['accuracy']:.0%} of held-out images, guessing on "
        f"{record['chance']:.0%}: its scores mean little; check the labels, or raise classifier_epochs in the "
        "profile's evaluation"
    )


def doubted(metric_id: str) -> bool:
    """Whether a metric looks through a classifier that has not learned its classes."""
    _, extractor, dataset = parts(metric_id)
    return bool(extractor and warning(extractor, dataset.removesuffix(OF_HELDOUT)))
