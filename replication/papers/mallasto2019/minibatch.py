"""Three critics' estimates of the distance of minibatches, against the exact one."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from replication.figures import names, palette, style
from replication.figures.results import Experiment

TITLE = "Who estimates the distance of a minibatch?"
CAPTION = (
    "Eight Gaussians on a circle against three opponents that stand still: the same blurred, the same shifted, and a "
    "small blob in the middle. One dot per minibatch of 64 points a side, the first of each seed: exact W1 (POT) "
    "across, the critic's estimate as a share of it upwards; grey: where both agree. Right: mean relative error, a "
    "dot per seed, a bar for their mean. Every critic has three hidden layers of 64 units. Clipping at 0.01 is drawn "
    "as it is, in a unit of its own in which every estimate is nearly 0 whatever the critic has learned, and on the "
    "right also over the critic's Lipschitz estimate K; the claim takes the better of the two, seed by seed."
)
EXPLAINED = (
    "A few points of two distributions are nearly always farther apart than the distributions are, and a "
    "critic trained over many batches does not see that. The c-transform computes the second half of the "
    "critic on the very batch, so its estimate holds some of what belongs to that batch alone."
)
MIRRORS = "mallasto2019:experiments"
PAPER_SHOWS = (
    "Estimates of the minibatch distance while a generator learns images: the c-transform stays close to "
    "the exact distance, the penalised and the clipped critic do not."
)
TOPIC = "critics"
PLACE = 10
EXPERIMENTS = ["minibatch_transport"]

#: Solver: the method whose colour it wears (none has the c-transform), label and marker.
SOLVERS = {
    "c_transform": ("", "c-transform", "o"),
    "penalty": ("wgan_gp", "gradient penalty", "s"),
    "clip": ("wgan_clip", "clipping", "^"),
}
DRAWN = 8
PAIRS = ("blurred", "shifted", "collapsed")


def data(experiment: Experiment) -> pd.DataFrame:
    """Exact W1 and estimate of the first minibatches, beside the mean relative error over all of them.

    `error` is that of the estimate as it is, `scaled` that of the estimate over the critic's steepest slope.
    """
    table = experiment("minibatch_transport")
    keys = ["pair", "solver", "seed"]
    units = {"error": 1.0, "scaled": table["k"].where(table["k"] > 0, 1.0)}
    for column, unit in units.items():
        relative = (table["estimate"] / unit / table["exact"] - 1).abs()
        table[column] = relative.groupby([table[k] for k in keys]).transform("mean")
    columns = [*keys, "minibatch", "exact", "estimate", *units]
    return table.loc[table["minibatch"] < DRAWN, columns]


def errors(table: pd.DataFrame, column: str = "error") -> pd.DataFrame:
    """Mean relative error by seed (rows) and solver (columns), every pair weighing the same."""
    by_pair = table.groupby(["seed", "solver", "pair"])[column].mean()
    return by_pair.groupby(level=["seed", "solver"]).mean().unstack("solver")


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """MAL19-C1a and C1b: by how much of itself the c-transform lowers the error of the penalty, and of clipping.

    A clipped critic's estimate has a unit of its own, so of its estimate as it is and its estimate over its
    steepest slope the one with the smaller error counts, seed by seed.
    """
    error = errors(table)
    clip = np.minimum(error["clip"], errors(table, "scaled")["clip"])
    return {
        "MAL19-C1a": (1 - error["c_transform"] / error["penalty"]).tolist(),
        "MAL19-C1b": (1 - error["c_transform"] / clip).tolist(),
    }


def draw(table: pd.DataFrame) -> Figure:
    """A plot per pair of the estimate's share of the exact distance, and the errors."""
    figure = style.figure(2.5)
    *squares, right = figure.subplots(1, len(PAIRS) + 1)
    for axes in squares[1:]:
        axes.sharey(squares[0])
        axes.tick_params(labelleft=False)
    for axes, pair in zip(squares, PAIRS, strict=True):
        part = table[table["pair"] == pair]
        _agreement(axes, part)
        axes.set_title(pair)
        axes.set_xlabel("exact W1")
    squares[0].set_ylabel("critic's estimate / exact W1")
    _errors(right, table)
    handles = [
        Line2D(
            [], [], color=_colour(method), marker=marker, linestyle="", markersize=4, label=label
        )
        for method, label, marker in SOLVERS.values()
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=3)
    return figure


def _colour(method: str) -> str:
    return names.colour(method) if method else palette.NEUTRAL[0]


def _agreement(axes: Axes, part: pd.DataFrame) -> None:
    axes.axhline(1, color=style.MUTED, linewidth=1, zorder=3)
    for solver, (method, _, marker) in SOLVERS.items():
        own = part[part["solver"] == solver]
        share = own["estimate"] / own["exact"]
        axes.plot(own["exact"], share, marker, color=_colour(method), markersize=1.8, alpha=0.35,
                  markeredgewidth=0, rasterized=True)  # fmt: skip


def _errors(axes: Axes, table: pd.DataFrame) -> None:
    """A column per solver, and one for clipping over its slope, hollow."""
    error = errors(table)
    columns = [(error[solver], *SOLVERS[solver][::2], False) for solver in SOLVERS]
    columns.append((errors(table, "scaled")["clip"], *SOLVERS["clip"][::2], True))
    for i, (shares, method, marker, hollow) in enumerate(columns):
        values, colour = 100 * shares.to_numpy(), _colour(method)
        axes.plot([i] * len(values), values, marker, color=colour, markersize=3, alpha=0.6,
                  markerfacecolor=style.PAPER if hollow else colour)  # fmt: skip
        axes.plot([i - 0.28, i + 0.28], [values.mean()] * 2, color=colour, linewidth=2)
    axes.set_xticks(range(len(columns)), ["c-tr.", "pen.", "clip", "clip/K"])
    axes.set_xlim(-0.6, len(columns) - 0.4)
    axes.set_ylim(0, None)
    axes.set_ylabel("mean relative error (%)")
    axes.set_title("all three")
