"""How the seeds of an arm are drawn: as dots with their mean, and as a course over steps."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from replication.analysis.statistics import mean_interval
from replication.figures import style


def dots(
    axes: Axes,
    at: float,
    values: pd.Series,
    colour: str,
    width: float = 0.08,
    across: bool = False,
    size: float = 4.5,
) -> None:
    """Every seed as a pale dot, and the mean over seeds with its 95 % interval where there is one.

    Args:
        axes: where.
        at: the place of the arm, on the x axis; with `across` on the y axis.
        values: one per seed; NaN is passed over.
        colour: of the arm.
        width: over which the seeds' dots are spread, in units of that axis.
        across: whether values lie along the x axis.
        size: of the mark of the mean; small where the seeds would hide under it.
    """
    places = at + width * (values.rank(method="first") / (len(values) + 1) - 0.5)
    found = mean_interval(values)
    known = not pd.isna(found.low)
    marks: list[tuple[Any, Any, dict[str, Any]]] = [
        (places, values, {"marker": ".", "markersize": 3.5, "alpha": 0.4, "markeredgewidth": 0}),
        ([at, at], [found.low, found.high], {"linestyle": "-", "linewidth": 1.4}),
        ([at], [found.mean], {"marker": "o", "markersize": size,
                              "markerfacecolor": colour if known else style.PAPER}),
    ]  # fmt: skip
    for place, value, look in marks:
        x, y = (value, place) if across else (place, value)
        axes.plot(x, y, **{"color": colour, "linestyle": "", **look})


def course(axes: Axes, table: pd.DataFrame, column: str, colour: str, **look: Any) -> None:
    """The mean over seeds of a column at every step, in a band from the lowest seed to the highest."""
    steps = table.groupby("step")[column].agg(["mean", "min", "max"])
    axes.fill_between(
        steps.index, steps["min"], steps["max"], color=colour, alpha=0.15, linewidth=0
    )
    axes.plot(steps.index, steps["mean"], color=colour, **look)
