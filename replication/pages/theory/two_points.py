"""Two point masses: the distance that grows and the divergence that does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import marks, style
from replication.transport import divergences, plans

TITLE = "Two points, a distance d apart"
CAPTION = (
    "All of P in one place, all of Q in another, d away. There is one plan only: everything moves by "
    "d, so W = d. JS is log 2 = 0.693 as soon as the points differ, whether they are near or far."
)
EXPLAINED = (
    "W is the distance itself, so moving a little closer always pays. JS only asks whether the two "
    "places are the same, so it cannot say which way is closer."
)
PAPER_SHOWS = "Lecture notes state W(P, Q) = d for two point masses."
TOPIC = "divergences"
PLACE = 2


def data() -> pd.DataFrame:
    """W by POT and JS, for distances from 0 to 5."""
    one = [1.0]
    rows = []
    for d in np.linspace(0, 5, 51):
        _, p, q = divergences.on_common_places(np.zeros((1, 1)), np.full((1, 1), d))
        rows.append(
            {
                "distance": d,
                "W": plans.wasserstein(one, one, plans.distances([0.0], [d])),
                "JS": divergences.js(p, q),
            }
        )
    return pd.DataFrame(rows)


def draw(table: pd.DataFrame) -> Figure:
    """The two points, and both measures over their distance."""
    figure = style.figure(1.95)
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.4])
    _points(left)
    apart = table[table["distance"] > 0]
    right.plot(table["distance"], table["W"], color=marks.COLOURS["W"], linewidth=1.8)
    right.plot(
        [0, *apart["distance"]],
        [divergences.LOG2, *apart["JS"]],
        color=marks.COLOURS["JS"],
        linewidth=1.8,
    )
    right.plot(0, 0, "o", color=marks.COLOURS["JS"], markersize=4, clip_on=False, zorder=4)
    right.plot(0, divergences.LOG2, "o", markerfacecolor=style.PAPER, markersize=4, zorder=4,
               markeredgecolor=marks.COLOURS["JS"], clip_on=False)  # fmt: skip
    marks.end_labels(right, {"W": (5, 5), "JS": (5, divergences.LOG2)}, marks.COLOURS)
    right.set_xlim(0, 5)
    right.set_ylim(0, 5)
    right.set_xlabel("distance d")
    right.set_ylabel("W;  JS in nats")
    return figure


def _points(axes: Any) -> None:
    for x, name, colour in ((0.0, "P", marks.REAL), (3.0, "Q", marks.FAKE)):
        axes.bar(x, 1, 0.35, color=colour)
        axes.text(x, 1.06, name, ha="center", color=colour, fontsize=9)
    axes.annotate(
        "", (2.75, 0.45), (0.25, 0.45), arrowprops={"arrowstyle": "-|>", "color": style.INK}
    )
    axes.text(1.5, 0.5, "d", ha="center", fontsize=9)
    axes.set_xlim(-0.8, 3.8)
    axes.set_ylim(0, 1.3)
    axes.set_xticks([0, 3], ["0", "d"])
    axes.set_yticks([0, 1])
    axes.set_ylabel("mass")
    axes.grid(False)
