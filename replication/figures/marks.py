"""What the exact figures share: one colour for data, one for generated, one per distance."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from replication.figures import palette, style

REAL, FAKE = palette.SLATE, palette.VERMILLION

#: Text on a pale ground: unlike `style.INK` it stays dark where a page is dark.
ON_PALE = palette.ON_PALE

#: A distance wears the colour of the method that minimises it.
COLOURS = {
    "W": palette.GREEN,
    "JS": palette.BLUE,
    "TV": palette.SKY,
    "KL": palette.PURPLE,
    "reverse KL": palette.ORANGE,
}

#: Colours of places, where a figure follows masses from place to place.
PLACES = (palette.BLUE, palette.ORANGE, palette.GREEN, palette.PURPLE, palette.SKY)


def stacked(axes: Axes, masses: ArrayLike, width: float = 0.82) -> None:
    """Bars of blocks: `masses` [from, to], each bar built of blocks in the colours of where they come from."""
    grid = np.asarray(masses, float)
    base = np.zeros(grid.shape[1])
    for colour, blocks in zip(PLACES, grid, strict=False):
        axes.bar(range(1, len(base) + 1), blocks, width, bottom=base, color=colour,
                 edgecolor=style.PAPER, linewidth=0.8)  # fmt: skip
        base += blocks
    axes.set_xticks(range(1, len(base) + 1))
    axes.grid(False)


def note(axes: Axes, text: str, xy: tuple[float, float], **more: Any) -> None:
    """Small text at a place of the axes (fractions of their width and height)."""
    looks: dict[str, Any] = {"fontsize": 7.5, "va": "top"} | more
    axes.text(*xy, text, transform=axes.transAxes, **looks)


def end_labels(axes: Axes, labels: dict[str, tuple[float, float]], colours: dict[str, str]) -> None:
    """Name each line at its right end, in its colour: labels by name, each with its end point (data)."""
    for name, end in labels.items():
        axes.annotate(name, end, xytext=(3, 0), textcoords="offset points", va="center",
                      color=colours[name], fontsize=7.5, annotation_clip=False)  # fmt: skip
