"""The lead figure: every test of every method's estimate, from the one that a clock passes to those that it cannot."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from replication.analysis.answers import HIGH_MEAN
from replication.figures import names, style
from replication.figures.results import Experiment, Frames
from replication.pages.can_i_read_my_loss import (
    _answers,
    _frozen,
    _signals,
    falls,
    rivals,
    settings,
)

TITLE = "Can the loss be read? Each method, each test"
CAPTION = (
    "How the critic’s estimate goes with how bad the samples are: at 1 it can be read as a distance, at 0 it says"
    " nothing, below 0 it points the wrong way. In a run, and late in it, whatever falls in time does well: grey "
    "ticks are a clock. The other tests are interventions: critics trained from one start on frozen generators; "
    "runs that are made to get worse (does the estimate rise with every fall of a game, as no clock does; does it "
    "follow fall and recovery); and runs of many learning rates and nets at equal steps. Spearman’s ρ, of the rises "
    "the mean of 1 and −1; with 95 % intervals over seeds, runs or settings; grey: 0.7 and more. Circles: 2-D, the "
    "ring of 8 Gaussians, against the exact W1. Squares: digits, against FID. Of each method the arm with the "
    "best samples at the end is shown."
)
RUNS = [
    "@images/*", "ring/points/*/decay", "ring/points/wgan_clip/decay_clip_0.1",
    "ring/points/wgan_gp/decay_lambda_0.1",
]  # fmt: skip
EXPERIMENTS = ["frozen_generators", "frozen_images", "falls", "many_settings"]
LEAD = 2

#: Settings: of points, and of the experiment on 5,000 digits, whatever the study calls its own images.
PLANE, DIGITS = "2-D", "small images"
MARKS = {PLANE: "o"}
ON_IMAGES = "s"


def data(frames: Frames, experiment: Experiment) -> pd.DataFrame:
    """One row per method, setting and test: see `_answers.Row`."""
    images = frames.study.config.budget.images
    rows = _answers.of_runs(_signals.followed(frames.only(["@points/*"]), "w1"), PLANE)
    on_images = rivals.data(frames.only(["@images/*"]))
    rows += _answers.of_runs(on_images[on_images["learned"]], images)
    orders = _frozen.orders(experiment("frozen_generators"), "w1")
    rows += _answers.frozen(orders, PLANE)
    orders = _frozen.orders(experiment("frozen_images"), "fid")
    rows += _answers.frozen(orders, DIGITS)
    rows += _answers.falls(falls.data(lambda name: experiment("falls")), PLANE)
    rows += _answers.settings(settings.data(lambda name: experiment("many_settings")), PLANE)
    return _answers.table(rows)


def finding(table: pd.DataFrame) -> str:
    """Which methods’ estimates can be read in 2-D."""
    return _answers.finding(table, PLANE)


def decisive(table: pd.DataFrame) -> pd.DataFrame:
    """Of every method the test in 2-D that it does worst in."""
    return _answers.decisive(table, PLANE)


def draw(table: pd.DataFrame) -> Figure:
    """A row per method, a column per test, a mark per setting."""
    methods = list(table["method"].unique())
    figure = style.figure(0.9 + 0.4 * len(methods))
    tests = {test: title for test, title in _answers.TESTS.items() if test in set(table["test"])}
    grid = figure.subplots(1, len(tests), sharey=True, squeeze=False)[0]
    for axes, (test, title) in zip(grid, tests.items(), strict=True):
        own = table[table["test"] == test]
        _dress(axes, len(methods))
        for _, row in own.iterrows():
            _mark(axes, methods.index(row["method"]), row, own)
        axes.set_title(style.wrapped(title, 12), fontsize=8)
    grid[0].set_yticks(range(len(methods)), [names.method_label(m) for m in methods])
    figure.supxlabel("Spearman ρ of estimate and badness of samples", fontsize=8)
    figure.legend(handles=_legend(table), loc="outside upper center", ncols=4)
    return figure


def _mark(axes: Axes, place: int, row: pd.Series, own: pd.DataFrame) -> None:
    several = own.loc[own["method"] == row["method"], "setting"].nunique() > 1
    shift = (-0.14 if row["setting"] == PLANE else 0.14) if several else 0.0
    colour, y = names.colour(row["method"]), place + shift
    known = not np.isnan(row["low"])
    if known:
        axes.plot([row["low"], row["high"]], [y, y], color=colour, linewidth=1.3)
    axes.plot(row["clock"], y, "|", color=style.MUTED, markersize=8)
    axes.plot(row["mean"], y, MARKS.get(row["setting"], ON_IMAGES), color=colour, markersize=5,
              markerfacecolor=colour if known else style.PAPER)  # fmt: skip


def _dress(axes: Axes, rows: int) -> None:
    axes.axvspan(HIGH_MEAN, 1.08, color=style.GRID, alpha=0.6, linewidth=0)
    axes.axvline(0, color=style.MUTED, linewidth=0.8)
    for edge in range(1, rows):
        axes.axhline(edge - 0.5, color=style.GRID, linewidth=0.6)
    axes.set_xlim(-1.08, 1.08)
    axes.set_xticks((-1, 0, 1), ("−1", "0", "1"))
    axes.set_ylim(rows - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False)


def _legend(table: pd.DataFrame) -> list[Line2D]:
    marks = {setting: MARKS.get(setting, ON_IMAGES) for setting in table["setting"].unique()}
    return [
        Line2D([], [], marker=mark, markersize=5, label=label, linestyle="", color=style.MUTED)
        for label, mark in (marks | {"a clock": "|"}).items()
    ]
