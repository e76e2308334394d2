"""Collapse on points: the run that reaches the smallest share of the data's modes."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.analysis.tracking import finished
from replication.figures import style
from replication.figures.results import Frames
from replication.pages.failures import _cases

TITLE = "Collapse: modes are lost"
CAPTION = (
    "Of all runs on points at least half of whose samples lie on modes at the last checkpoint, the one that reaches "
    "the smallest share of the data’s modes; a mode is reached by one sample within three standard deviations. Left: "
    "modes reached at every checkpoint, other seeds of the same arm in grey. Right: samples."
)
RUNS = ["@points/*"]
CASE = {"measure": "share of the data’s modes reached at the end", "shown": "at most", "limit": 0.5}
SHARP = 0.5
LOOKS = (
    "Samples cover some clusters of the data and leave others empty. The critic’s loss need not show it, and "
    "a score of precision alone even looks good."
)
TRY = [
    "Look at samples and at recall, coverage or the number of modes, not at one sample or at precision.",
    "See whether the run has had enough steps: a mode that was never reached is slow training, a mode that was left is "
    "collapse.",
    "Let the critic see several samples at once, by packing or minibatch discrimination.",
    "Take a loss that still tells near from far, such as WGAN-GP’s, or give the critic more steps.",
]


def data(frames: Frames) -> pd.DataFrame:
    """Modes reached, and their share, at every checkpoint of the run and of its arm’s other seeds."""
    done = finished(frames.runs, frames.quality)
    table = done[done["metric"] == "modes"].rename(columns={"value": "modes"})
    table = table[pd.MultiIndex.from_frame(table[_cases.KEY]).isin(_sharp(done))]
    real = table["dataset"].map(lambda dataset: frames.real(dataset, "modes")).astype(float)
    table = table.assign(share=table["modes"] / real)[[*_cases.KEY, "step", "modes", "share"]]
    last = table.sort_values("step").groupby(_cases.KEY)["share"].last()
    key = _cases.extreme(last, str(CASE["shown"]))
    if key is None:
        return _cases.nothing()
    return _cases.pictured(_cases.course(table, key, last[key]), frames)


def _sharp(done: pd.DataFrame) -> pd.Index:
    """The runs whose samples lie on modes in the end: those of others miss the data, which is no collapse."""
    rows = done[done["metric"] == "high_quality"].sort_values("step")
    last = rows.groupby(_cases.KEY)["value"].last()
    return last.index[last >= SHARP]


def draw(table: pd.DataFrame) -> Figure:
    """Modes over steps, and samples."""
    figure = style.figure(2.7)
    left, right = figure.subplots(1, 2)
    _cases.lines(left, table, "modes", "modes reached")
    left.set_ylim(bottom=0)
    left.yaxis.get_major_locator().set_params(integer=True)
    _cases.picture(right, table)
    return figure
