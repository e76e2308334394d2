"""Runs that are made to get worse and come back: does the estimate rise and fall with them?"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures.results import Experiment
from replication.pages.can_i_read_my_loss import _falls

TITLE = "Fall and recovery: does the estimate rise when quality falls?"
CAPTION = (
    "Games on the ring of 8 Gaussians that have learned for 300 generator steps are disturbed at step 0 and then "
    "go on as before. Dashes: exact W1 between generated and held-out points. Line: the critic’s estimate on "
    "held-out points, before the generator’s step, on an axis of its own. Median over seeds, band from the lowest"
    " to the highest quarter. ρ: Spearman’s correlation of the two over the looks of a run, mean over seeds with "
    "its 95 % interval; and what a clock has, which is not little, since most looks are of the recovery. Rises: "
    "share of the runs in which the estimate is higher where W1 is worst than it was before, and lower again at "
    "the end; no clock does that. Then by how many steps the highest estimate comes after the worst W1, median."
)
EXPERIMENTS = ["falls"]

KINDS = {
    "rate": "20 times the learning rate for 20 steps",
    "noise": "noise in the generator’s weights",
}

CLAIMS = {"WGAN17-C3": "wgan_clip", "WGAN17-C4a": "gan_ns", "WGP17-C7b": "wgan_gp"}


def data(experiment: Experiment) -> pd.DataFrame:
    """Every look of every run, see `_falls.followed`."""
    return _falls.followed(experiment("falls"), "w1")


def draw(table: pd.DataFrame) -> Figure:
    """A row per method, a column per disturbance."""
    return _falls.draw(table, "w1", KINDS)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGAN17-C3 and C4a and WGP17-C7b, parts fall_rate and fall_noise: ρ of every run."""
    return {
        f"{claim}/fall_{kind}": _falls.of(table, method, kind)["rho"].tolist()
        for claim, method in CLAIMS.items()
        for kind in KINDS
    }


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """By run how far quality fell, and how much of the fall is left."""
    return {
        f"{claim}/fall_{kind}": {
            control: _falls.of(table, method, kind)[control].tolist()
            for control in ("fall", "recovery")
        }
        for claim, method in CLAIMS.items()
        for kind in KINDS
    }
