"""DCGANs: does a critic order generators by FID when nothing tells it the time?"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures.results import Experiment
from replication.pages.can_i_read_my_loss import _frozen

TITLE = "Frozen DCGANs: what the objective knows without a clock"
CAPTION = (
    "Eight frozen generators a seed, DCGANs of width 16 on 60,000 digits: of two methods, at three ages, and the "
    "oldest again with noise in its weights. A critic of each objective, as its method trains it, is trained on each "
    "of them from the same start. Spearman’s correlation, over the generators of a seed, of what the critic says of "
    "held-out digits with FID (LeNet): mean over seeds with its 95 % interval; grey: 0.7 and more. Black lines need "
    "no critic: FID of other samples of the same generators (the ceiling), exact W1 of a batch of pixels, and the "
    "generator’s age (a clock)."
)
EXPERIMENTS = ["frozen_dcgans"]


def data(experiment: Experiment) -> pd.DataFrame:
    """How every signal orders the generators of a seed."""
    return _frozen.orders(experiment("frozen_dcgans"), "fid")


def draw(table: pd.DataFrame) -> Figure:
    """Correlation over critic steps."""
    return _frozen.draw(table)
