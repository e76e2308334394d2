"""Images: does a critic order generators by FID when nothing tells it the time?"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures.results import Experiment
from replication.pages.can_i_read_my_loss import _frozen

TITLE = "Frozen generators of digits: what the objective knows without a clock"
CAPTION = (
    "Ten frozen generators of digits a seed: perceptrons of two methods, at three ages, and the oldest again "
    "with noise in its weights, at two levels. A critic of each objective, a perceptron, is trained on each of them "
    "from the same start. Spearman’s correlation, over the generators of a seed, of what the critic says of held-out "
    "digits with FID (LeNet): mean over seeds with its 95 % interval; grey: 0.7 and more. Black lines need no "
    "critic: FID of other samples of the same generators (the ceiling), exact W1 of a batch of pixels, and the "
    "generator’s age (a clock)."
)
EXPERIMENTS = ["frozen_images"]


def data(experiment: Experiment) -> pd.DataFrame:
    """How every signal orders the generators of a seed."""
    return _frozen.orders(experiment("frozen_images"), "fid")


def draw(table: pd.DataFrame) -> Figure:
    """Correlation over critic steps."""
    return _frozen.draw(table)
