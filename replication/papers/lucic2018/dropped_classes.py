"""Scores of digits some classes of which are missing."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import ladders, names, palette, style
from replication.figures.results import Experiment

TITLE = "Missing classes"
CAPTION = (
    "Real digits (of the 5,000 of MNIST), from which whole classes were left out, against held-out digits of all "
    "ten, on LeNet features (k = 3 for precision and recall). Which classes go, and in which order, is drawn by the "
    "seed. Thin lines: one per seed; thick: their mean. Nothing is trained but the classifier."
)
EXPLAINED = (
    "A generator that has forgotten some digits still draws perfect others: precision stays high and recall falls. "
    "FID is one number for both faults: it gets worse with every class that is missing, and cannot say whether "
    "variety was lost or sharpness."
)
MIRRORS = "lucic2018:fig1"
PAPER_SHOWS = (
    "FID of real images rises with the number of classes that are left out, reported from memory."
)
TOPIC = "instruments"
PLACE = 2
EXPERIMENTS = ["disturbances"]

COLOURS = {
    "fid": palette.NEUTRAL[0],
    "inception_score": palette.NEUTRAL[0],
    "precision": palette.NEUTRAL[0],
    "recall": palette.NEUTRAL[1],
}


def data(experiment: Experiment) -> pd.DataFrame:
    """Scores by seed and number of missing classes."""
    table = ladders.scores(experiment("disturbances"), tuple(COLOURS))
    table = table[table["ladder"] == ladders.DROPPED]
    columns = ["ladder", "strength", "seed", "metric", "stem", "value"]
    return table[columns].reset_index(drop=True)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """LUC18-C5: of each seed, the correlation of FID with the number of missing classes."""
    fid = table[table["stem"] == "fid"]
    return {"LUC18-C5": [ladders.following(own) for _, own in fid.groupby("seed")]}


def draw(table: pd.DataFrame) -> Figure:
    """FID, inception score, and precision with recall, side by side."""
    figure = style.figure(2.3)
    grid = figure.subplots(1, 3)
    for axes, stems in zip(grid, (["fid"], ["inception_score"], ["precision", "recall"]), strict=True):  # fmt: skip
        for stem in stems:
            _lines(axes, table[table["stem"] == stem], stem)
        axes.set_xlabel(ladders.UNITS[ladders.DROPPED])
        own = table.loc[table["stem"] == stems[0], "metric"].iloc[0]
        axes.set_ylabel(names.metric(own).label if len(stems) == 1 else "share of images")
    grid[2].legend(loc="lower left")
    grid[0].set_ylim(bottom=0)
    grid[1].set_ylim(bottom=0)
    grid[2].set_ylim(0, 1.02)
    return figure


def _lines(axes: Axes, own: pd.DataFrame, stem: str) -> None:
    wide = own.pivot(index="strength", columns="seed", values="value")
    axes.plot(wide.index, wide, color=COLOURS[stem], linewidth=0.5, alpha=0.4)
    mean = wide.mean(axis=1)
    axes.plot(mean.index, mean, color=COLOURS[stem], marker="o", markersize=3, label=stem)
