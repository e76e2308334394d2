"""Scores of samples a share of which are copies of training images."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import names, palette, style
from replication.figures.results import Experiment
from replication.metrics import _base as metrics

TITLE = "Which scores notice copies of the training data?"
CAPTION = (
    "Real digits (the 5,000 of MNIST), from the half of the train part that no generator was trained on, a share of "
    "them replaced by copies from the half that one was, against the held-out digits on LeNet features (k = 3). Thin "
    "lines: one per seed, which draws halves and copies; thick: their mean. Memorised: the share of samples that lie "
    "nearer to a training image than 95 % of the held-out digits do. The classifier has seen both halves."
)
EXPLAINED = (
    "A generator that only repeats its training images gets the best scores there are, since every copy is a real "
    "image. Only a score that compares samples with the training images themselves can tell."
)
TOPIC = "instruments"
PLACE = 7
EXPERIMENTS = ["copies"]

COLOURS = {
    "fid": palette.NEUTRAL[0],
    "two_sample": palette.NEUTRAL[2],
    "precision": palette.NEUTRAL[0],
    "recall": palette.NEUTRAL[1],
    "memorised": palette.NEUTRAL[0],
}


def data(experiment: Experiment) -> pd.DataFrame:
    """Scores by seed and share of copies."""
    table = experiment("copies")
    table = table.assign(stem=[metrics.parts(m).metric for m in table["metric"]])
    return table[table["stem"].isin(COLOURS)].reset_index(drop=True)


def draw(table: pd.DataFrame) -> Figure:
    """FID; shares that look at the held-out images only; the share of memorised samples."""
    figure = style.figure(2.3)
    grid = figure.subplots(1, 3)
    columns = (["fid"], ["two_sample", "precision", "recall"], ["memorised"])
    for axes, stems in zip(grid, columns, strict=True):
        for stem in stems:
            _lines(axes, table[table["stem"] == stem], stem)
        axes.set_xlabel("share of copies")
        own = names.metric(table.loc[table["stem"] == stems[0], "metric"].iloc[0])
        axes.set_ylabel(own.label if len(stems) == 1 else "share of images")
        axes.set_ylim(0, None if stems == ["fid"] else 1.02)
    grid[1].legend(loc="lower left")
    return figure


def _lines(axes: Axes, own: pd.DataFrame, stem: str) -> None:
    wide = own.pivot(index="share", columns="seed", values="value")
    axes.plot(wide.index, wide, color=COLOURS[stem], linewidth=0.5, alpha=0.4)
    mean = wide.mean(axis=1)
    label = names.metric(own["metric"].iloc[0]).label.partition(" (")[0]
    axes.plot(mean.index, mean, color=COLOURS[stem], marker="o", markersize=3, label=label)
