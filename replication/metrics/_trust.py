"""Whether the classifier behind a score has learned its classes, by the record beside its weights. No torch here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from replication.plan import registry
from replication.plan.paths import Paths

Record = Mapping[str, Any]


def record(paths: Paths, extractor: str, dataset: str) -> Record:
    """What is known of the net that an extractor trains for a data set; empty of one that trains none."""
    path = paths.classifier(dataset).with_name(f"{extractor}_{dataset}.json")
    try:
        known: Record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return known


def doubt(extractor: str, dataset: str, known: Record) -> str:
    """Why scores through an extractor mean little on a data set, with a remedy; empty where nothing is known against.

    Args:
        extractor: its id.
        dataset: the data set whose net is asked for.
        known: the `record` of that net.
    """
    if known.get("learned", True):
        return ""
    label = registry.metadata("features", extractor)["LABEL"]
    return (
        f"the {label} of {dataset} is right on {known['accuracy']:.0%} of held-out images, guessing on "
        f"{known['chance']:.0%}: its scores mean little; check the labels, or raise classifier_epochs in the "
        "profile's evaluation"
    )
