"""The ladders of `disturbances` once more, by the features of a net that has learnt nothing: a control."""

from __future__ import annotations

import pandas as pd

from replication.config import Labs
from replication.labs import disturbances

DATASET = "mnist_5k"


def measure(budget: Labs) -> pd.DataFrame:
    """Long table: seed, ladder, strength (0: as they are), metric, value; images and damage as in `disturbances`."""
    return disturbances.climbed(budget, "untrained")
