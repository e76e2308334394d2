"""DCGANs that are made to get worse and come back: does the estimate rise and fall with them?"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures.results import Experiment
from replication.pages.can_i_read_my_loss import _falls

TITLE = "Fall and recovery on digits: does the estimate rise when FID does?"
CAPTION = (
    "DCGANs of width 16 on 60,000 digits. Every game of a seed begins with the same generator, which draws digits, "
    "and with a fresh critic that was trained on it for 500 steps; from then on each method plays by its own recipe. "
    "At step 0 the game is disturbed, and then goes on as before. Dashes: FID (LeNet) of 1,000 samples. Line: the "
    "critic’s estimate on held-out digits, before the generator’s step, on an axis of its own. Median over seeds, "
    "band from the lowest to the highest quarter. ρ: Spearman’s correlation of the two over the looks of a run, mean "
    "over seeds with its 95 % interval; and what a clock has. Rises: in how many runs the estimate is higher where "
    "FID is worst than it was before, and lower again at the end. Then by how many steps the highest estimate comes "
    "after the worst FID, median over seeds."
)
EXPERIMENTS = ["falling_dcgans"]

KINDS = {
    "rate": "40 times the learning rate for 10 steps",
    "noise": "noise in the generator’s weights",
}


def data(experiment: Experiment) -> pd.DataFrame:
    """Every look of every run, see `_falls.followed`."""
    return _falls.followed(experiment("falling_dcgans"), "fid")


def draw(table: pd.DataFrame) -> Figure:
    """A row per method, a column per disturbance."""
    return _falls.draw(table, "fid", KINDS)
