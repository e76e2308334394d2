"""Rank correlations of every seed as a table, and their means with intervals as a forest."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from replication.analysis import tracking
from replication.analysis.statistics import mean_interval
from replication.figures import names, style
from replication.figures.names import ARM, Arm
from replication.figures.results import Frames

MARKS = "osD^vP"


class Scale(NamedTuple):
    """The horizontal axis of a column.

    Attributes:
        nothing: the value where there is nothing to be seen.
        limits: its ends; free where empty.
        ticks: where `limits` are given.
        within: the values that a mean can have; its interval ends there.
    """

    nothing: float = 0.0
    limits: tuple[float, ...] = ()
    ticks: tuple[float, ...] = ()
    within: tuple[float, float] = (-math.inf, math.inf)


CORRELATION = Scale(0.0, (-1.04, 1.04), (-1, -0.5, 0, 0.5, 1), (-1.0, 1.0))


#: What the players of a run say themselves.
TRAINING = tuple(s for s in names.ESTIMATES if s in tracking.ESTIMATES)


def correlations(
    frames: Frames,
    metrics: list[str],
    statistic: str = "spearman",
    signals: Sequence[str] = TRAINING,
) -> pd.DataFrame:
    """A statistic of every seed that finished: columns `ARM`, seed, quality and one per signal.

    Args:
        frames: the results.
        metrics: ids of the qualities.
        statistic: a field of `tracking.Following`.
        signals: estimates of tracking.csv.
    """
    quality = frames.quality[frames.quality["metric"].isin({*metrics, *signals})]
    each = tracking.correlations(frames.curves, tracking.finished(frames.runs, quality))
    each = each[each["quality"].isin(metrics)]
    keys = [*ARM, "seed", "quality"]
    table = each[keys].drop_duplicates()
    for signal in signals:
        own = each.loc[each["estimate"] == signal, [*keys, statistic]]
        table = table.merge(own.rename(columns={statistic: signal}), on=keys)
    return table


def learned(table: pd.DataFrame, frames: Frames) -> pd.DataFrame:
    """A table of arms with a column ``learned``: false where FID went less than most of its way."""
    able = [arm for arm in names.arms_of(table) if frames.learned(arm)]
    arms = table[ARM].itertuples(index=False, name=None)
    told = np.array([Arm(*arm) in able for arm in arms], dtype=bool)  # of no rows too
    return table.assign(learned=told)


def by_quality(table: pd.DataFrame, stems: Sequence[str]) -> dict[str, pd.DataFrame]:
    """The columns of a forest of correlations: the part of each quality, named by its file, where it was measured."""
    found = names.stems(table["quality"])
    parts = [own for stem in stems if len(own := table[found == stem])]
    return {f"Spearman ρ with {names.metric(p['quality'].iloc[0]).label}": p for p in parts}


def forest(
    columns: Mapping[str, pd.DataFrame],
    labels: Mapping[Arm, str],
    signals: list[str],
    scales: Mapping[str, Scale] | None = None,
) -> Figure:
    """A row per label, a mark per signal, a column per table of `columns` under its name.

    Args:
        columns: tables as `correlations` makes them.
        labels: what the row of an arm is called; arms of one name share a row.
        signals: columns of the tables.
        scales: by name of a column; correlations where it is not named.
    """
    rows = list(dict.fromkeys(labels.values()))
    figure = style.figure(
        0.55 + len(rows) * (0.13 + 0.11 * len(signals)) + 0.2 * -(-len(signals) // 3)
    )
    grid = figure.subplots(1, len(columns), sharey=True, squeeze=False)
    for axes, (name, table) in zip(grid[0], columns.items(), strict=True):
        scale = (scales or {}).get(name, CORRELATION)
        for arm in names.arms_of(table):
            own = names.rows_of(table, arm)[signals]
            _marks(axes, rows.index(labels[arm]), own, names.colour(arm.method), scale)
        _dress(axes, len(rows), scale)
        axes.set_xlabel(name)
    grid[0][0].set_yticks(range(len(rows)), [style.wrapped(row, 22) for row in rows])
    grid[0][0].set_ylim(len(rows) - 0.5, -0.5)
    handles = [
        Line2D([], [], marker=MARKS[i % len(MARKS)], linestyle="", color=style.MUTED, markersize=4,
               label=names.signal(s))
        for i, s in enumerate(signals)
    ]  # fmt: skip
    figure.legend(handles=handles, loc="outside upper center", ncols=3)
    return figure


def _marks(axes: Axes, row: int, own: pd.DataFrame, colour: str, scale: Scale) -> None:
    """The mean of each signal over the seeds in which it is defined; hollow where it has no interval."""
    # The marks of a row stand closer than rows do.
    spread = min(0.28, 0.7 / max(1, own.shape[1] - 1))
    for which, signal in enumerate(own):
        found = mean_interval(own[signal], within=scale.within)
        if found.n == 0:
            continue
        y = row + spread * (which - (own.shape[1] - 1) / 2)
        known = not pd.isna(found.low)
        if known:
            axes.plot([found.low, found.high], [y, y], color=colour, linewidth=1.1)
        axes.plot(found.mean, y, MARKS[which % len(MARKS)], color=colour, markersize=4,
                  markerfacecolor=colour if known else style.PAPER)  # fmt: skip


def _dress(axes: Axes, rows: int, scale: Scale) -> None:
    for edge in range(1, rows):
        axes.axhline(edge - 0.5, color=style.GRID, linewidth=0.6)
    axes.axvline(scale.nothing, color=style.MUTED, linewidth=0.9)
    if scale.limits:
        axes.set_xlim(*scale.limits)
        axes.set_xticks(scale.ticks)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
