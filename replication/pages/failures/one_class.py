"""Collapse on images: the run whose samples are the least varied to a classifier."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.analysis.tracking import finished
from replication.figures import style
from replication.figures.results import Frames
from replication.pages.failures import _cases

TITLE = "Collapse: samples all look alike"
CAPTION = (
    "Of all trained runs on images, the one whose samples a classifier spreads over the fewest classes at the last "
    "checkpoint. Classes in use are the exponential of the class entropy, as a share of that of real images. Left: at "
    "every checkpoint, other seeds of the same arm in grey. Right: samples of the run, nothing picked. "
    "Trained: at some checkpoint it had come half of the way from its first distance to that of real data. Runs whose "
    "last images are all of one grey are passed over."
)
RUNS = ["@images/*"]
CASE = {"measure": "classes in use at the end, of those of real images", "shown": "at most", "limit": 0.5}  # fmt: skip
LOOKS = (
    "The sheet shows one picture over and over, or shapes that are no picture yet. In the first case training has "
    "collapsed, in the second it has hardly begun: the course over steps tells them apart."
)
TRY = [
    "Compare with the sheet of an earlier checkpoint: variety that was there and went is collapse.",
    "Where nothing was ever there, train longer or raise the rates: recipes meant for many steps do little in few.",
    "With weight clipping, widen the clip: narrow weights shrink every gradient on its way to the generator.",
    "Try another seed before another method.",
]


def data(frames: Frames) -> pd.DataFrame:
    """The share of classes in use at every checkpoint of the run and of its arm’s other seeds."""
    done = finished(frames.runs, frames.quality)
    if not (wanted := frames.metrics("class_entropy")):
        return _cases.nothing()
    table = _cases.learned(done[done["metric"].isin(wanted)], frames)
    real = [frames.real(d, m) for d, m in zip(table["dataset"], table["metric"], strict=True)]
    table = table.assign(share=np.exp(table["value"] - np.array(real)))
    table = table[[*_cases.KEY, "step", "share"]]
    last = table.sort_values("step").groupby(_cases.KEY)["share"].last()
    key = _cases.most_extreme_seen(last, str(CASE["shown"]), frames)
    if key is None:
        return _cases.nothing()
    return _cases.pictured(_cases.course(table, key, last[key]), frames)


def draw(table: pd.DataFrame) -> Figure:
    """Classes in use over steps, and samples."""
    figure = style.figure(2.9)
    left, right = figure.subplots(1, 2)
    _cases.lines(left, table, "share", "classes in use, of those of real images")
    left.axhline(1, color=style.MUTED, linestyle=(0, (3, 2)), linewidth=1)
    left.set_ylim(bottom=0)
    _cases.picture(right, table)
    return figure
