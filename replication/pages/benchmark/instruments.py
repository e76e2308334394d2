"""Every metric on every ladder: does it get worse when the images do?"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ladders
from replication.figures.results import Experiment

TITLE = "Which scores notice which fault?"
CAPTION = (
    "Spearman's correlation of the strength of a fault with how bad a score calls the images, mean over seeds: +1, "
    "worse with every step; 0, blind; −1, better with every step. Real MNIST digits, the same number on every "
    "rung, damaged by degrees, with classes left out, or with copies in place of other images, against the held-out "
    "digits. Features are those of the pipeline's LeNet; exact W1 is that of a part of the images. Each ladder has "
    "four rungs or more. The digits are training images, so the memorised share can only fall."
)
EXPLAINED = (
    "Read a row to know what a score can see, and a column to know which score to ask. A score that looks at single "
    "images, as precision does, need not see missing variety; one that looks for variety, as recall does, need not "
    "see damage."
)
TOPIC = "instruments"
PLACE = 3
EXPERIMENTS = ["disturbances"]


def data(experiment: Experiment) -> pd.DataFrame:
    """Correlation by metric, ladder and seed."""
    return ladders.followings(experiment("disturbances"))


def draw(table: pd.DataFrame) -> Figure:
    """Metrics down, ladders across."""
    return ladders.heatmap(table)
