"""The control of every estimate: how far the critic is behind a copy of it that is trained on."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.analysis.tracking import finished
from replication.controls import critic_lag
from replication.controls._base import Trained
from replication.figures import forest, names, seeds, style
from replication.figures.names import ARM
from replication.figures.results import Frames
from replication.pages.can_i_read_my_loss.choosing import label

TITLE = "Is the critic near its optimum? The gap to a copy that is trained on"
CAPTION = (
    "At every checkpoint a copy of the critic takes 100 more steps against the generator as it stands. Shown is the "
    "gap between the estimate and that of the copy, relative to the copy’s, median over the checkpoints of a run: a "
    "dot per run, mean over seeds with its 95 % interval, the smallest first. Dashes: 10 %, within which the tests of"
    " the papers’ claims call a number an estimate. To the right of it the logged curve says how far the critic is, "
    "as much as how good the samples are."
)
RUNS = [
    "@images/*", "ring/points/*/decay", "ring/points/wgan_clip/decay_clip_0.1",
    "ring/points/wgan_gp/decay_lambda_0.1",
]  # fmt: skip

#: The control's threshold in the papers' tests.
NEAR = 0.1
#: What the axis has at least, in percent.
SHOWN = (1, 100)


def data(frames: Frames) -> pd.DataFrame:
    """Columns `ARM`, seed and ``gap``, and whether the arm learned."""
    done = finished(frames.runs, frames.curves)
    rows = [
        (*arm, seed, gap)
        for arm, own in done.groupby(ARM)
        for seed, gap in critic_lag.measured(Trained(own, frames.quality.iloc[:0], {})).items()
    ]
    table = pd.DataFrame(rows, columns=[*ARM, "seed", "gap"])
    return table if table.empty else forest.learned(table, frames)


def draw(table: pd.DataFrame) -> Figure:
    """A block per data set, a row per arm that learned, the smallest gap first."""
    shown = table[table["learned"]] if table["learned"].any() else table
    blocks = {str(dataset): own for dataset, own in shown.groupby("dataset")}
    sizes = [len(names.arms_of(own)) for own in blocks.values()]
    figure = style.figure(0.5 + 0.24 * sum(sizes) + 0.25 * len(sizes))
    grid = figure.subplots(len(sizes), 1, sharex=True, squeeze=False, height_ratios=sizes)[:, 0]
    for axes, (dataset, own) in zip(grid, blocks.items(), strict=True):
        _rows(axes, own)
        axes.set_title(names.dataset_label(dataset))
    style.log(grid[-1].xaxis)
    low, high = grid[-1].get_xlim()
    grid[-1].set_xlim(min(low, SHOWN[0]), max(high, SHOWN[1]))
    grid[-1].set_xlabel("gap to the copied critic (%)")
    return figure


def _rows(axes: Axes, own: pd.DataFrame) -> None:
    every = names.arms_of(own)
    arms = sorted(every, key=lambda arm: float(names.rows_of(own, arm)["gap"].mean()))
    for row, arm in enumerate(arms):
        values = 100 * names.rows_of(own, arm)["gap"]
        seeds.dots(axes, row, values, names.colour(arm.method), width=0.4, across=True)
    axes.axvline(100 * NEAR, color=style.MUTED, linewidth=0.9, linestyle=(0, (3, 2)))
    axes.set_yticks(range(len(arms)), [label(arm, every) for arm in arms])
    axes.set_ylim(len(arms) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
