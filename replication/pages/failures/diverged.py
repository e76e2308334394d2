"""NaN and divergence: the run that ended first, as far as it came."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import style
from replication.figures.results import Frames
from replication.pages.failures import _cases

TITLE = "Divergence: NaN, or losses without bound"
CAPTION = (
    "Of all runs that ended before their last step, the one that did so first, up to the last step that was logged. "
    "Left: the critic’s loss. Right: the norm of the critic’s gradient. Other seeds of the same arm in grey."
)
RUNS = ["*"]
CASE = {"measure": "runs that ended before their last step", "shown": "at least", "limit": 1}
LOOKS = (
    "A loss that is no number any more, or grows by orders of magnitude within a few steps. Such a run is stopped and "
    "counted; it enters no mean, so a table without its count would look better than the method is."
)
TRY = [
    "Lower the rates, the critic’s first.",
    "With a gradient penalty, look at the norm of the critic’s gradient: a weight that is too small lets slopes run "
    "away, one that is too large makes the loss stiff.",
    "With logarithms of probabilities, compute them from the scores (softplus), never from rounded probabilities.",
    "Start it again with the same seed: a run that diverges at the same step is a fault of the recipe, not of the "
    "machine.",
]


def data(frames: Frames) -> pd.DataFrame:
    """Critic loss and gradient norm at every logged step of the arm; the score counts the runs that ended early."""
    ended = frames.runs[frames.runs["state"] != "finished"]
    columns = ["critic_loss", "critic_grad_norm"]
    if not len(ended):
        return _cases.nothing(*columns)
    key = _cases.extreme(ended.set_index(_cases.KEY)["step"], "at most")
    if key is None:
        return _cases.nothing(*columns)
    table = frames.curves[[*_cases.KEY, "step", *columns]]
    return _cases.course(table, key, float(len(ended)))


def draw(table: pd.DataFrame) -> Figure:
    """Loss and gradient norm over steps."""
    figure = style.figure(2.5)
    left, right = figure.subplots(1, 2)
    _cases.lines(left, table, "critic_loss", "critic’s loss")
    _cases.lines(right, table, "critic_grad_norm", "norm of the critic’s gradient")
    left.set_yscale("symlog", linthresh=1)
    right.set_yscale("symlog", linthresh=1)
    return figure
