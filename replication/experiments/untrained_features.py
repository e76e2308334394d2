"""The ladders of `disturbances` once more, by the features of a net that was never trained: a control."""

from __future__ import annotations

import pandas as pd

from replication.experiments import disturbances
from replication.plan.config import Experiments
from replication.plan.paths import Paths

DATASET = "mnist_5k"
EXTRACTOR = "untrained"
#: At most so many seeds: means are all that is asked.
SEEDS = 5


def measure(budget: Experiments, paths: Paths) -> pd.DataFrame:
    """Long table: seed, ladder, strength (0: as they are), metric, value; images and damage as in `disturbances`."""
    fewer = budget.model_copy(update={"seeds": min(budget.seeds, SEEDS)})
    return disturbances.climbed(fewer, paths, EXTRACTOR)
