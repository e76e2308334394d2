"""Parallel lines once more, with critics that had to learn what they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import marks, names, style
from replication.figures.results import Experiment
from replication.transport import divergences

TITLE = "Parallel lines, as trained critics see them"
CAPTION = (
    "The lines of figure 1, sampled: data (0, y), generator (θ, y). One small net per θ and seed, "
    "trained to tell the two apart. Left: the score gap of a critic with gradient penalty; the dashes "
    "are W = |θ|. Middle: that of a critic with clipped weights, in a unit of its own. Right: a "
    "discriminator's estimate of JS; the dashes are JS itself. A thin line per seed, the median thick; "
    "all nets have leaky rectified units."
)
EXPLAINED = (
    "A critic that trains gives the distance between the lines, so its estimate falls as they come closer. "
    "A trained discriminator says log 2 for near and far lines alike, and notices nothing until they "
    "lie on each other."
)
MIRRORS = "wgan2017:fig1"
PAPER_SHOWS = "Figure 1 shows the exact EM and JS; no estimator is trained."
TOPIC = "divergences"
PLACE = 5
EXPERIMENTS = ["parallel_lines"]

METHODS = ("wgan_gp", "wgan_clip", "gan_minimax")
APART = 0.2


def data(experiment: Experiment) -> pd.DataFrame:
    """Estimate and K by method, theta and seed."""
    table = experiment("parallel_lines")
    table = table[table["method"].isin(METHODS)].rename(columns={"x": "theta"})
    keys = ["method", "theta", "seed"]
    return table.pivot(index=keys, columns="quantity", values="value").reset_index()


def correlations(table: pd.DataFrame, method: str) -> list[float]:
    """Per seed, Pearson's correlation over all theta of a method's estimate with |theta|; NaN if one is."""
    wide = table[table["method"] == method].pivot(index="theta", columns="seed", values="estimate")
    return [float(np.corrcoef(np.abs(wide.index), wide[seed])[0, 1]) for seed in wide]


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGAN17-C1b and C1c.

    C1b: the critic with gradient penalty, whose unit is that of x (the clipped one is drawn beside it).
    C1c: the smallest JS estimate over |theta| >= 0.2, nats.
    """
    own = table[(table["method"] == "gan_minimax") & (table["theta"].abs() >= APART - 1e-9)]
    least = own.groupby("seed")["estimate"].agg(lambda v: v.min(skipna=False))
    return {
        "WGAN17-C1b": correlations(table, "wgan_gp"),
        "WGAN17-C1c": least.tolist(),
    }


def draw(table: pd.DataFrame) -> Figure:
    """The three estimates over theta."""
    figure = style.figure(2.3)
    row = figure.subplots(1, 3)
    thetas = np.sort(table["theta"].unique())
    for axes, method in zip(row, METHODS, strict=True):
        wide = table[table["method"] == method].pivot(
            index="theta", columns="seed", values="estimate"
        )
        colour = names.colour(method)
        axes.plot(wide.index, wide, color=colour, linewidth=0.5, alpha=0.4)
        axes.plot(wide.index, wide.median(axis=1), color=colour, marker="o", markersize=2.5)
        axes.set(xlabel="θ", xlim=(-1.05, 1.05), title=names.method_label(method))
        axes.ticklabel_format(axis="y", scilimits=(-2, 3), useMathText=True)
    row[0].plot(thetas, np.abs(thetas), **_exact("W"))
    row[0].set_ylabel("score gap, units of x")
    row[1].set_ylabel("score gap, critic's own unit")
    row[2].set_ylabel("JS estimate, nats")
    _jump(row[2])
    for axes in row[:2]:
        axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
    return figure


def _exact(name: str) -> dict[str, Any]:
    return {"color": marks.COLOURS[name], "linestyle": style.DASHES[1], "linewidth": 1.0}


def _jump(axes: Axes) -> None:
    axes.axhline(divergences.LOG2, **_exact("JS"))
    axes.text(-1, divergences.LOG2 + 0.015, "log 2", color=marks.COLOURS["JS"], va="bottom")
    axes.set_ylim(-0.05, 0.8)
