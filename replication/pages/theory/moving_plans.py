"""All ways to move one row of bars onto another, and the best of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import marks, palette, style
from replication.transport import plans

TITLE = "Every moving plan, and the best one"
CAPTION = (
    "P is moved onto Q, in whole blocks, in every possible way. Top: P, and Q as three of the plans build it, "
    "each block in the colour of the place it came from, with the average distance moved. Bottom: that distance "
    "for all plans, and the three plans as matrices: blocks from each place to each, with their sums P and Q. W "
    "is the smallest average; POT and a general linear program find it without listing the plans."
)
EXPLAINED = (
    "There are many ways to reshape one pile of earth into another, and each has an average distance "
    "over which the earth is carried. The earth mover's distance is the smallest of these averages, "
    "that of the laziest plan."
)
PAPER_SHOWS = (
    "Lecture notes draw two bar charts with one wasteful and one thrifty moving plan, and the best "
    "plan as a matrix with P and Q as its margins."
)
TOPIC = "transport"
PLACE = 2

P, Q = (1, 3, 1, 0, 2), (2, 0, 2, 2, 1)


def data() -> pd.DataFrame:
    """One row per move of every plan, plans from the best to the worst; distances per unit of mass."""
    places = np.arange(len(P), dtype=float)
    cost, total = plans.distances(places, places), sum(P)
    found = sorted(plans.every_plan(P, Q), key=lambda plan: plans.work(plan, cost))
    rows = [
        {
            "plan": rank,
            "average_distance": plans.work(plan, cost) / total,
            "from": i + 1,
            "to": j + 1,
            "blocks": int(plan[i, j]),
        }
        for rank, plan in enumerate(found, start=1)
        for i, j in np.argwhere(plan > 0)
    ]
    return pd.DataFrame(rows).assign(
        pot=plans.wasserstein(P, Q, cost) / total,
        linear_program=plans.work(plans.linear_program(P, Q, cost), cost) / total,
    )


def draw(table: pd.DataFrame) -> Figure:
    """P and its histogram of plans on the left; the best, a middle and the worst plan beside them."""
    average = table.groupby("plan")["average_distance"].first()
    shown = {
        "best plan": 1,
        "middle plan": len(average) // 2,
        "worst plan": len(average),
    }
    figure = style.figure(3.7)
    grid: Any = figure.subplots(2, 4, width_ratios=[1.25, 1, 1, 1], height_ratios=[1, 1.15])
    marks.stacked(grid[0, 0], np.diag(P))
    grid[0, 0].set_title("P")
    grid[0, 0].set_ylabel("blocks")
    _histogram(grid[1, 0], average)
    for (name, rank), axes, below in zip(shown.items(), grid[0, 1:], grid[1, 1:], strict=True):
        matrix = _matrix(table[table["plan"] == rank])
        marks.stacked(axes, matrix)
        axes.set_title(f"Q, {name}: {average[rank]:.2f}", fontsize=8)
        _show(below, matrix)
    for axes in grid[0]:
        axes.set_ylim(0, 3.4)
        axes.set_yticks(range(4))
    return figure


def _matrix(moves: pd.DataFrame) -> np.ndarray:
    plan = np.zeros((len(P), len(Q)), int)
    plan[moves["from"] - 1, moves["to"] - 1] = moves["blocks"]
    return plan


def _histogram(axes: Axes, average: pd.Series) -> None:
    values, counts = np.unique(average.round(9), return_counts=True)
    colours = [marks.COLOURS["W"], *[palette.PALE] * (len(values) - 1)]
    axes.bar(values, counts, width=0.11, color=colours)
    axes.annotate(f"W = {values[0]:.3f}", (values[0], counts[0]), xytext=(-3, 76), ha="left",
                  textcoords="offset points", color=marks.COLOURS["W"], fontsize=8,
                  arrowprops={"arrowstyle": "-", "color": marks.COLOURS["W"]})  # fmt: skip
    axes.set_title(f"All {len(average)} plans")
    axes.set_xlabel("average distance moved")
    axes.set_ylabel("plans")


def _show(axes: Axes, plan: np.ndarray) -> None:
    axes.imshow(plan, cmap="Greens", vmin=0, vmax=4.5, aspect="equal")
    for (i, j), blocks in np.ndenumerate(plan):
        axes.text(j, i, str(blocks) if blocks else "·", ha="center", va="center",
                  color=marks.ON_PALE if blocks else palette.PALER, fontsize=8)  # fmt: skip
    n, m = plan.shape
    for i in range(n):
        axes.text(
            m - 0.2,
            i,
            str(plan[i].sum()),
            ha="center",
            va="center",
            color=style.MUTED,
            fontsize=7.5,
        )
    for j in range(m):
        axes.text(
            j,
            n - 0.2,
            str(plan[:, j].sum()),
            ha="center",
            va="center",
            color=style.MUTED,
            fontsize=7.5,
        )
    axes.set_xlim(-0.5, m + 0.2)
    axes.set_ylim(n + 0.2, -0.5)
    # The sums of rows and columns stand under the names of what they are.
    axes.set_xticks([*range(m), m - 0.2], [*(str(j + 1) for j in range(m)), "P"])
    axes.set_yticks([*range(n), n - 0.2], [*(str(i + 1) for i in range(n)), "Q"])
    axes.xaxis.tick_top()
    axes.set_ylabel("from place")
    axes.set_title("to place", fontsize=8, loc="center")
    axes.tick_params(length=0)
    axes.grid(False)
    axes.spines[:].set_visible(False)
