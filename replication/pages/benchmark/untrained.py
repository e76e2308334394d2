"""Every metric on every ladder, by a net that was never trained."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ladders
from replication.figures.results import Experiment

TITLE = "What needs no learning?"
CAPTION = (
    "As the figure before, but features are those of the same small classifier before any training: weights are "
    "drawn, and only the normalisation has seen images. What such features follow too, a score owes to the pixels; "
    "what they miss, it owes to having learned the classes. The exact W1 and the Parzen window look at pixels and are "
    "the same in both figures."
)
EXPLAINED = (
    "A ruler must be checked against a ruler that knows nothing. Damage to pixels is visible to almost any net; which "
    "images belong together is not."
)
TOPIC = "instruments"
PLACE = 4
EXPERIMENTS = ["untrained_features"]


def data(experiment: Experiment) -> pd.DataFrame:
    """Correlation by metric, ladder and seed."""
    return ladders.followings(experiment("untrained_features"))


def draw(table: pd.DataFrame) -> Figure:
    """Metrics down, ladders across."""
    return ladders.heatmap(table)
