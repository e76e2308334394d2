"""Four piles of earth moved into their new shape, one border at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import marks, palette, style
from replication.transport import plans
from replication.words import numbers

TITLE = "Four piles, three moves, five shovelfuls"
CAPTION = (
    "Piles (3, 2, 1, 4) become (1, 2, 4, 3). Each pile is settled in turn with its right neighbour: "
    "the surplus d is carried over, or the debt fetched, by d ← d + P − Q. Dashed: the piles wanted; "
    "dark: settled. The work is the sum of the amounts carried, 2 + 2 + 1 = 5 shovelfuls over one "
    "place each; no plan does with less."
)
EXPLAINED = (
    "On a line, earth must cross every border between neighbours, and how much must cross is fixed by "
    "what lies to the left. Adding up what crosses all borders gives the earth mover's distance "
    "without any search."
)
MIRRORS = "weng2017:fig7"
PAPER_SHOWS = (
    "The post From GAN to WGAN: the same piles with the steps d = 0, 2, 2, -1, 0 and the total 5."
)
TOPIC = "transport"
PLACE = 1

P, Q = (3, 2, 1, 4), (1, 2, 4, 3)


def data() -> pd.DataFrame:
    """The piles before and after each move, what is carried, and the work so far."""
    carried = plans.carried(P, Q)
    piles, rows = np.array(P, float), []
    for border, amount in enumerate(carried):
        if 0 < border < len(P):
            piles[border - 1] -= amount
            piles[border] += amount
        rows.append(
            {"border": border, "d": amount, "work": float(np.abs(carried[: border + 1]).sum())}
            | {f"pile_{i + 1}": height for i, height in enumerate(piles)}
        )
    places = np.arange(len(P), dtype=float)
    cost = plans.distances(places, places)
    return pd.DataFrame(rows).assign(
        pot=plans.wasserstein(P, Q, cost),
        linear_program=plans.work(plans.linear_program(P, Q, cost), cost),
    )


def draw(table: pd.DataFrame) -> Figure:
    """The start and the piles after each of the three moves."""
    steps = table[table["border"] < len(P)]
    figure = style.figure(1.9)
    row: Any = figure.subplots(1, len(steps), sharey=True)
    for axes, (_, step) in zip(row, steps.iterrows(), strict=True):
        _piles(axes, step)
    row[0].set_ylabel("shovelfuls")
    return figure


def _piles(axes: Axes, step: pd.Series) -> None:
    border, d = int(step["border"]), float(step["d"])
    heights = [float(step[f"pile_{i + 1}"]) for i in range(len(P))]
    settled = border if border < len(P) - 1 else len(P)
    colours = [marks.REAL if i < settled else palette.PALE for i in range(len(P))]
    places = range(1, len(P) + 1)
    axes.bar(places, heights, 0.8, color=colours)
    axes.bar(
        places,
        Q,
        0.8,
        facecolor="none",
        edgecolor=marks.FAKE,
        linewidth=1.1,
        linestyle=(0, (3, 1.5)),
    )
    axes.set_xticks(places)
    axes.set_ylim(0, 5.3)
    axes.grid(False)
    if not border:
        axes.set_title("start")
        marks.note(axes, "dashed: wanted", (0.03, 0.99), color=marks.FAKE)
        return
    ends = (border, border + 1) if d > 0 else (border + 1, border)
    axes.annotate(
        "", (ends[1], 4.55), (ends[0], 4.55), arrowprops={"arrowstyle": "-|>", "color": style.INK}
    )
    axes.text(border + 0.5, 4.65, f"{abs(d):g}", ha="center", va="bottom", fontsize=8)
    axes.set_title(f"d = {numbers.plain(d, 'g')},  work {step['work']:g}")
