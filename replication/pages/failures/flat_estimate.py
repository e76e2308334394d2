"""A flat estimate: the run whose critic's estimate moves least while its samples get much better."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import names, style
from replication.figures.results import Frames
from replication.pages.failures import _cases

TITLE = "Flat estimate: progress that the loss does not show"
CAPTION = (
    "Of all finished runs whose distance to the data (FID on images, the exact W1 on points) at least halves from the "
    "first checkpoint to the last, the one whose held-out estimate moves least: highest less lowest value over the "
    "checkpoints, as a share of the largest absolute one. Left: the estimate, other seeds of the same arm in grey. "
    "Right: the distance."
)
RUNS = ["*"]
CASE = {
    "measure": "range of the held-out estimate over its size",
    "shown": "at most",
    "limit": 0.25,
}
LOOKS = (
    "The curve of the loss is a level line, sometimes from the first steps on, and samples improve all the same. It "
    "is the usual picture of a discriminator that always wins: an estimate near its largest value cannot show by how "
    "much."
)
TRY = [
    "Do not stop a run because its loss is level: look at samples and at a score on held-out data.",
    "Where the loss itself must be readable, take a method whose estimate follows quality; the front page says which "
    "do here.",
    "Compare the estimate on training data with the held-out one: a growing gap is a critic that overfits.",
]


def data(frames: Frames) -> pd.DataFrame:
    """Estimate and distance at every checkpoint of the run and of its arm’s other seeds."""
    curves = frames.curves[[*_cases.KEY, "step", "estimate_heldout"]]
    table = _cases.badness(frames).merge(curves, on=[*_cases.KEY, "step"])
    if not len(table):
        return _cases.nothing()
    scores = table.groupby(_cases.KEY)[["value", "estimate_heldout"]].apply(movement)
    key = _cases.extreme(scores, str(CASE["shown"]))
    return _cases.nothing() if key is None else _cases.course(table, key, scores[key])


def movement(run: pd.DataFrame) -> float:
    """The estimate's range over its largest size, in a run whose ``value`` at least halves; NaN in others."""
    value, said = run["value"].to_numpy(), run["estimate_heldout"].to_numpy()
    size = np.abs(said).max()
    if value[-1] > value[0] / 2 or not np.isfinite(size) or size == 0:
        return float("nan")
    return float(np.ptp(said) / size)


def draw(table: pd.DataFrame) -> Figure:
    """The estimate and the distance over steps."""
    figure = style.figure(2.5)
    left, right = figure.subplots(1, 2)
    symbol = names.estimate(table["method"].iloc[0])["symbol"]
    _cases.lines(left, table, "estimate_heldout", f"held-out estimate, {symbol}")
    low, high = left.get_ylim()
    left.set_ylim(min(low, 0), max(high, 0))
    title = f"distance to the data: {names.metric(table['metric'].iloc[0]).title}"
    _cases.lines(right, table, "value", title)
    right.set_ylim(bottom=0)
    return figure
