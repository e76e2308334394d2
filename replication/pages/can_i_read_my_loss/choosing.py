"""What is lost by choosing a checkpoint or a run by a signal in place of its quality."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.analysis.statistics import mean_interval
from replication.analysis.tracking import finished
from replication.figures import forest, names, points, style
from replication.figures.names import ARM
from replication.figures.results import Frames
from replication.pages.can_i_read_my_loss import _runs, _signals
from replication.plan.study import kind

TITLE = "What choosing by the loss costs"
CAPTION = (
    "Quality of what a signal chooses, above the best there was, in percent; 0 is no loss. Left: the checkpoint "
    "of a run at which the signal is lowest; the clock takes the last one. Mean over seeds with its 95 % "
    "interval. Right: of the runs of an arm, the seed whose signal is lowest at the end; the bar is what a seed "
    "drawn at random costs on average. FID (LeNet) on images, exact W1 in 2-D. The axis is logarithmic above 10 "
    "%. The best checkpoint is known only afterwards."
)
RUNS = [
    "@images/*", "ring/points/*/decay", "ring/points/wgan_clip/decay_clip_0.1",
    "ring/points/wgan_gp/decay_lambda_0.1",
]  # fmt: skip

CHECKPOINT, RUN, RANDOM = "checkpoint", "run", "random"
SIGNALS = ("clock", "generator_loss", "estimate_heldout", "w_bound")
QUALITIES = ("fid", "w1")


def data(frames: Frames) -> pd.DataFrame:
    """Columns `ARM`, ``seed`` (-1 of all), ``what`` (checkpoint or run), ``signal`` and ``lost`` in percent."""
    parts = []
    for quality in QUALITIES:
        each = _signals.followed(frames, quality)
        each = each[each["signal"].isin(SIGNALS)]
        parts.append(
            each[[*ARM, "seed", "signal"]].assign(what=CHECKPOINT, lost=100 * each["lost"])
        )
        parts.append(_among_runs(frames, quality))
    table = pd.concat(parts, ignore_index=True)
    return table if table.empty else forest.learned(table, frames)


def _among_runs(frames: Frames, quality: str) -> pd.DataFrame:
    """What choosing the seed costs, by arm and signal."""
    keys = [*ARM, "seed", "step"]
    metrics = frames.metrics(quality)
    own = finished(frames.runs, frames.quality[frames.quality["metric"].isin(metrics)])
    last = own[own["step"] == own.groupby([*ARM, "seed"])["step"].transform("max")]
    last = last.merge(frames.curves[[*keys, *SIGNALS[1:]]], on=keys)
    rows = []
    for arm, runs in last.groupby(ARM):
        if len(runs) < 2:
            continue
        for signal in SIGNALS[1:]:
            sign = _signals.READ[signal]
            rows.append((*arm, -1, signal, RUN, _runs.lost(sign * runs[signal], runs["value"])))
        drawn = 100 * (runs["value"].mean() / runs["value"].min() - 1)
        rows.append((*arm, -1, RANDOM, RUN, drawn))
    return pd.DataFrame(rows, columns=[*ARM, "seed", "signal", "what", "lost"])


def draw(table: pd.DataFrame) -> Figure:
    """A row per arm that learned, a column for checkpoints and one for runs."""
    shown = table[table["learned"]] if table["learned"].any() else table
    arms = names.arms_of(shown)
    figure = style.figure(1.0 + 0.36 * len(arms))
    grid = figure.subplots(1, 2, sharey=True)
    for axes, what in zip(grid, (CHECKPOINT, RUN), strict=True):
        for row, arm in enumerate(arms):
            own = names.rows_of(shown[shown["what"] == what], arm)
            _marks(axes, row, own, names.colour(arm.method))
        axes.axvline(0, color=style.MUTED, linewidth=0.8)
        for edge in range(1, len(arms)):
            axes.axhline(edge - 0.5, color=style.GRID, linewidth=0.6)
        axes.set_xscale("symlog", linthresh=10)
        axes.set_xticks((0, 5, 10, 100, 1000), ("0", "5", "10", "100", "1,000"))
        axes.set_xlim(left=-1)
        axes.set_title(f"choosing the {what}")
        axes.set_xlabel("quality lost (%)")
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False, axis="y")
    grid[0].set_yticks(range(len(arms)), [label(arm, arms) for arm in arms])
    grid[0].set_ylim(len(arms) - 0.5, -0.5)
    figure.legend(handles=_signals.legend(SIGNALS), loc="outside upper center", ncols=4)
    return figure


def label(arm: names.Arm, arms: list[names.Arm]) -> str:
    """The arm, with its data set in a second line where there are several."""
    own = points.label(arm) if kind(arm.dataset) == "points" else names.arm_label(arm, arms)
    several = len({one.dataset for one in arms}) > 1
    return f"{own}\n{names.dataset_label(arm.dataset)}" if several else own


def _marks(axes: Axes, row: int, own: pd.DataFrame, colour: str) -> None:
    for i, signal in enumerate(SIGNALS):
        _, mark, ink = _signals.SHOWN[signal]
        found = mean_interval(own.loc[own["signal"] == signal, "lost"])
        y = row + 0.2 * (i - 1.5)
        if not np.isnan(found.low):
            ends = [max(0.0, found.low), found.high]
            axes.plot(ends, [y, y], color=ink or colour, linewidth=1)
        if found.n:
            axes.plot(found.mean, y, mark, color=ink or colour, markersize=4)
    drawn = own.loc[own["signal"] == RANDOM, "lost"]
    if len(drawn):
        axes.barh(row, drawn.iloc[0], height=0.8, color=style.GRID, zorder=0)
