"""How cost grows with what one may want more of."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import palette, panel, style

TITLE = "How cost grows"
CAPTION = (
    "Time and peak memory over what is varied, each relative to its first point, on one thread: seeds on the leading "
    "axis (points in the plane), width of a DCGAN, batch and number of training images (perceptrons on 28-pixel "
    "images), all of one iteration of Algorithm 1; and samples that the metrics of a checkpoint evaluate. Every point "
    "is a process of its own, median of three turns. Dashes: in proportion. Memory includes the libraries."
)
EXPLAINED = (
    "Where a line lies below the dashes, more is cheaper by the piece. A DCGAN twice as wide has four times the "
    "weights: there, steeper than the dashes is what must be expected."
)
FILES = ["benchmarks/growth.csv"]

COLOURS = {"milliseconds": palette.NEUTRAL[0], "peak_mb": palette.NEUTRAL[1]}
LABELS = {"milliseconds": "time", "peak_mb": "peak memory"}


def data() -> pd.DataFrame:
    """Milliseconds and MiB for every point of every axis."""
    return panel.file(FILES[0])


def draw(table: pd.DataFrame) -> Figure:
    """A plot for every axis, both scales logarithmic."""
    figure = style.figure(2.3)
    axes_names = list(dict.fromkeys(table["axis"]))
    for axes, name in zip(figure.subplots(1, len(axes_names)), axes_names, strict=True):
        own = table[table["axis"] == name]
        times = own["value"] / own["value"].iloc[0]
        axes.plot(
            times, times, color=style.MUTED, linewidth=0.9, linestyle="--", label="in proportion"
        )
        for column, colour in COLOURS.items():
            relative = own[column] / own[column].iloc[0]
            axes.plot(times, relative, "o-", color=colour, markersize=3, label=LABELS[column])
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xticks(times, [f"{value:,}" for value in own["value"]], rotation=60)
        axes.minorticks_off()
        style.plain_log(axes.yaxis)
        axes.set_title(name)
    figure.axes[0].set_ylabel("times the first point")
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure
