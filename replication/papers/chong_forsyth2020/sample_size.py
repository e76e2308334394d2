"""FID and the inception score over one divided by the number of images."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import palette, style
from replication.figures.results import Experiment
from replication.words import numbers

TITLE = "Fewer images, worse scores"
CAPTION = (
    "FID against the held-out digits of MNIST (5,000 digits; LeNet features) and inception score without splits, of "
    "250 to 2,000 real digits of the train part as they are, blurred (sd 1 pixel) and with noise (a quarter), over "
    "one divided by the number of images; each dot is the mean over seeds of four random subsets, the band two "
    "standard deviations between seeds. Dashes: a straight line through the dots, drawn on to infinitely many "
    "images; where it ends is in the legend and taken off."
)
EXPLAINED = (
    "A covariance estimated from few images is off in many directions at once, and FID counts every one of them as "
    "distance: so scores from different numbers of images must never stand in one column. The line shows how much "
    "of a score is owed to the number alone, and where it would end with images without number."
)
MIRRORS = "chong_forsyth2020:fig1"
PAPER_SHOWS = (
    "FID and inception score of GANs from 5,000 to 50,000 samples lie on lines over one divided by the number, and "
    "the slopes differ between generators."
)
TOPIC = "instruments"
PLACE = 6
EXPERIMENTS = ["sample_size"]

COLOURS = dict(zip(("real", "blurred", "noisy"), palette.NEUTRAL, strict=False))
TICKS = (250, 500, 1000)
AXES = {"fid": "FID (LeNet)", "inception_score": "inception score (LeNet)"}


def data(experiment: Experiment) -> pd.DataFrame:
    """Scores by seed, source and number of images."""
    return experiment("sample_size")


def draw(table: pd.DataFrame) -> Figure:
    """One plot per score, a line per source, each above or below its own end."""
    figure = style.figure(2.6)
    for axes, score in zip(figure.subplots(1, 2), AXES, strict=True):
        for source, colour in COLOURS.items():
            _line(axes, table[table["source"] == source], score, colour)
        axes.set_ylabel(f"{AXES[score]}, less its end")
        axes.set_xticks([0, *(1 / n for n in TICKS)], ["∞", *(f"1/{n}" for n in TICKS)])
        axes.set_xlabel("1 / number of images")
        axes.legend(title="end of the line", title_fontsize=7.5)
    return figure


def _line(axes: Axes, own: pd.DataFrame, score: str, colour: str) -> None:
    by_size = own.groupby("images")[score]
    mean, spread = by_size.mean(), by_size.std().fillna(0)
    x = 1 / mean.index.to_numpy(float)
    slope, end = np.polyfit(x, mean, 1)
    away = mean - end
    axes.fill_between(
        x, away - 2 * spread, away + 2 * spread, color=colour, alpha=0.12, linewidth=0
    )
    label = f"{own['source'].iloc[0]}: {numbers.plain(end, '.3g')}"
    axes.plot(x, away, "o", color=colour, markersize=3, label=label)
    axes.plot([0, x.max()], [0, slope * x.max()], color=colour, linewidth=1, linestyle="--")
