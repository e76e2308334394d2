"""How well each training signal orders the checkpoints of a run by quality, with intervals."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from replication.report import names, style
from replication.report.names import Arm
from replication.report.panels import Frames

TITLE = "Which training signal can be read as progress?"
CAPTION = (
    "Spearman's rank correlation between a training signal and quality over the checkpoints of a run: mean "
    "over seeds with its 95 % interval. At 1 the signal falls exactly when samples get better; at 0 it "
    "says nothing; below 0 it rises while samples get better. A hollow mark has no interval, because too "
    "few seeds were run."
)
MIRRORS = ""
PAPER_SHOWS = ""
RUNS = ["@images/*"]

METRICS = ("fid", "w1_pixels")
MARKS = "osD^vP"


def data(frames: Frames) -> pd.DataFrame:
    """The rows of tracking.csv for FID and exact W1."""
    rows = frames.tracking[frames.tracking["quality"].isin(frames.metrics(*METRICS))]
    return rows.dropna(subset="spearman").reset_index(drop=True)


def draw(table: pd.DataFrame, frames: Frames) -> Figure:
    """A row per arm, a mark per signal, a column per metric."""
    arms = names.arms_of(table)
    signals = [s for s in names.ESTIMATES if s in set(table["estimate"])]
    signals += sorted({*table["estimate"]} - {*signals})
    columns = [s for s in METRICS if s in set(names.stems(table["quality"]))]
    figure = style.figure(
        0.55 + len(arms) * (0.13 + 0.11 * len(signals)) + 0.2 * -(-len(signals) // 3)
    )
    grid = figure.subplots(1, len(columns), sharey=True, squeeze=False)
    for axes, stem in zip(grid[0], columns, strict=True):
        part = table[names.stems(table["quality"]) == stem]
        _forest(axes, part, arms, signals)
        axes.set_xlabel(f"Spearman ρ with {names.metric(part['quality'].iloc[0]).label}")
    grid[0][0].set_yticks(
        range(len(arms)), [style.wrapped(names.arm_label(a, arms), 22) for a in arms]
    )
    grid[0][0].set_ylim(len(arms) - 0.5, -0.5)
    handles = [
        Line2D([], [], marker=MARKS[i % len(MARKS)], linestyle="", color=style.MUTED, markersize=4,
               label=names.ESTIMATES.get(s, names.words(s)))
        for i, s in enumerate(signals)
    ]  # fmt: skip
    figure.legend(handles=handles, loc="outside upper center", ncols=3)
    return figure


def _forest(axes: Axes, part: pd.DataFrame, arms: list[Arm], signals: list[str]) -> None:
    spread = 0.7 / max(1, len(signals) - 1) if len(signals) > 1 else 0.0
    for row in part.itertuples():
        arm = Arm(row.dataset, row.net, row.method, row.variant)
        which = signals.index(row.estimate)
        y = arms.index(arm) + spread * (which - (len(signals) - 1) / 2)
        colour = names.colour(arm.method)
        known = not pd.isna(row.ci_low)
        if known:
            axes.plot([row.ci_low, row.ci_high], [y, y], color=colour, linewidth=1.1)
        axes.plot(row.spearman, y, MARKS[which % len(MARKS)], color=colour, markersize=4,
                  markerfacecolor=colour if known else style.PAPER)  # fmt: skip
    for edge in range(1, len(arms)):
        axes.axhline(edge - 0.5, color=style.GRID, linewidth=0.6)
    axes.axvline(0, color=style.MUTED, linewidth=0.9)
    axes.set_xlim(-1.04, 1.04)
    axes.set_xticks([-1, -0.5, 0, 0.5, 1])
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
