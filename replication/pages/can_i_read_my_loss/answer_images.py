"""The answer on images, method by method, in the same tests: DCGANs on digits."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures.results import Experiment, Frames
from replication.pages.can_i_read_my_loss import _answers, _falls, _frozen, answer, rivals

TITLE = "Can the loss be read on images? Each method, each test"
CAPTION = (
    "As the figure of the plane, for DCGANs of width 16 on 60,000 digits, each method by its own recipe, against FID "
    "(LeNet): in a run, and late in it, where whatever falls in time does well (grey ticks are a clock); critics "
    "trained from one start on frozen generators; and games that are made to get worse. Spearman’s ρ with 95 % "
    "intervals over seeds; grey: 0.7 and more. Of runs, the arms that are finished."
)
RUNS = ["@images/*"]
EXPERIMENTS = ["frozen_dcgans", "falling_dcgans"]
LEAD = 1


def data(frames: Frames, experiment: Experiment) -> pd.DataFrame:
    """One row per method and test: see `_answers.Row`."""
    images = frames.study.config.budget.images
    runs = rivals.data(frames)
    rows = _answers.of_runs(runs[runs["learned"]], images) if len(runs) else []
    rows += _answers.frozen(_frozen.orders(experiment("frozen_dcgans"), "fid"), images)
    falling = _falls.followed(experiment("falling_dcgans"), "fid")
    # The estimates of both WGANs are highest long after FID is, which the rule of the plane would call no rise.
    rows += _answers.falls(falling, images, rises=False)
    return _answers.table(rows)


def finding(table: pd.DataFrame) -> str:
    """Which methods’ estimates can be read on images."""
    return _answers.finding(table, _setting(table))


def decisive(table: pd.DataFrame) -> pd.DataFrame:
    """Of every method the test on images that it does worst in."""
    return _answers.decisive(table, _setting(table))


def _setting(table: pd.DataFrame) -> str:
    """What the images are called."""
    return str(table["setting"].iloc[0]) if len(table) and "setting" in table else ""


def draw(table: pd.DataFrame) -> Figure:
    """A row per method, a column per test."""
    return answer.draw(table)
