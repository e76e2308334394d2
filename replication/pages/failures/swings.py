"""Oscillation: the run whose quality gets worse again by the largest factor, late in training."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import names, style
from replication.figures.results import Frames
from replication.pages.failures import _cases

TITLE = "Oscillation: better, worse, better"
CAPTION = (
    "Of all trained runs, the one in whose last half quality gets worse again by the largest factor: a checkpoint’s "
    "distance to the data over the smallest one of that half before it. On images the distance is FID, on points the "
    "exact W1. Left: the distance at every checkpoint, other seeds of the same arm in grey; the last half is shaded. "
    "Right: samples of that run at its last checkpoint. "
    "Trained: at some checkpoint it had come half of the way from its first distance to that of real data. Runs whose "
    "last images are all of one grey are passed over."
)
RUNS = ["*"]
CASE = {
    "measure": "factor by which the distance to the data rises again in the last half",
    "shown": "at least",
    "limit": 1.5,
}
LOOKS = (
    "Quality comes and goes from checkpoint to checkpoint, and the last one is good or bad by luck. Losses swing too, "
    "but losses of a game may also swing while samples get better."
)
TRY = [
    "Keep checkpoints and choose among them by a score on held-out data.",
    "Halve the learning rates, or let the critic learn faster than the generator (two learning rates, or more critic "
    "steps).",
    "Average the generator’s weights over the last steps, or take a lower first momentum in Adam.",
    "Report the mean over seeds and the spread, never the best checkpoint of the best seed.",
]


def data(frames: Frames) -> pd.DataFrame:
    """The distance to the data at every checkpoint of the run and of its arm’s other seeds."""
    table = _cases.learned(_cases.badness(frames), frames)
    if not len(table):
        return _cases.nothing()
    scores = table.groupby(_cases.KEY)[["step", "value"]].apply(rebound)
    key = _cases.most_extreme_seen(scores, str(CASE["shown"]), frames)
    if key is None:
        return _cases.nothing()
    return _cases.pictured(_cases.course(table, key, scores[key]), frames)


def rebound(run: pd.DataFrame) -> float:
    """The largest factor by which ``value`` rises above its lowest earlier one in the last half of the steps.

    NaN where the half has fewer than two checkpoints, or a value is not positive.
    """
    late = run[run["step"] >= run["step"].max() / 2]["value"].to_numpy()
    if len(late) < 2 or not (late > 0).all():
        return float("nan")
    return float((late / np.minimum.accumulate(late)).max())


def draw(table: pd.DataFrame) -> Figure:
    """The distance over steps, and samples."""
    figure = style.figure(2.7)
    left, right = figure.subplots(1, 2)
    _cases.lines(left, table, "value", names.metric(table["metric"].iloc[0]).title)
    end = table["step"].max()
    left.axvspan(end / 2, end, color=style.GRID, alpha=0.5, linewidth=0)
    style.log(left.yaxis)
    _cases.picture(right, table)
    return figure
