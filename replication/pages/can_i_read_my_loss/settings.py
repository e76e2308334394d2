"""Many settings at equal steps, failed ones among them: does the estimate at the end tell which run is good?"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import names, style
from replication.figures.results import Experiment
from replication.pages.can_i_read_my_loss import _runs
from replication.words import numbers

TITLE = "Across runs at equal steps: does the estimate tell a good run from a failed one?"
CAPTION = (
    "Every method with five learning rates and two nets on the ring of 8 Gaussians, three seeds each, after 300 "
    "generator steps; a dot per run, hollow where it failed: exact W1 still 0.8 of that of the untrained "
    "generator, or more. Upper row: the estimate as it is logged; lower row: the score gap over K. Rank of the "
    "estimate within the method across, W1 up. An estimate that can be read puts good runs to the lower left. ρ: "
    "Spearman’s correlation over runs, with the 95 % interval of a bootstrap over settings."
)
EXPERIMENTS = ["many_settings"]

READ = {"estimate": "estimate", "over_k": "score gap over K"}
SETTING = ("net", "rate")


def data(experiment: Experiment) -> pd.DataFrame:
    """Every run, twice: by ``signal`` its value, rank in its method, whether it failed, and of its method `Ordered`.

    ``lost`` is what choosing the learning rate by the signal costs, in percent of W1, by net and seed; ``random`` what
    a rate drawn at random costs.
    """
    table = experiment("many_settings")
    parts = []
    of_methods = [own for _, own in table.groupby("method", sort=False)]
    for own, signal in product(of_methods, READ):
        found = _runs.ordered(own, signal, SETTING)._asdict()
        part = own[["seed", "method", "net", "rate", "w1"]].assign(
            signal=signal,
            value=own[signal],
            rank=own[signal].rank(),
            bad=~(own["w1"] < _runs.FAILED * own["w1_before"]),
            **found,
        )
        costs = [
            (*key, _runs.lost(rates[signal], rates["w1"]), _random(rates["w1"]))
            for key, rates in own.groupby(["net", "seed"])
        ]
        cost = pd.DataFrame(costs, columns=["net", "seed", "lost", "random"])
        parts.append(part.merge(cost, on=["net", "seed"]))
    return pd.concat(parts, ignore_index=True)


def _random(badness: pd.Series) -> float:
    """What a learning rate drawn at random costs on average; one that diverged counts as the worst that did not."""
    known = badness[np.isfinite(badness)]
    return float(100 * (badness.where(np.isfinite(badness), known.max()).mean() / known.min() - 1))


def draw(table: pd.DataFrame) -> Figure:
    """A column per method, a row per signal."""
    methods = sorted(table["method"].unique(), key=lambda m: (names.year(m), m))
    figure = style.figure(3.6)
    grid = figure.subplots(len(READ), len(methods), sharey=True, squeeze=False)
    for line, (signal, called) in zip(grid, READ.items(), strict=True):
        for axes, method in zip(line, methods, strict=True):
            own = table[(table["method"] == method) & (table["signal"] == signal)]
            _dots(axes, own, names.colour(method))
            above = (
                f"{style.wrapped(names.method_label(method), 11)}\n" if signal == "estimate" else ""
            )
            axes.set_title(above + said(own.iloc[0]), fontsize=6.5)
            axes.set_xticks([])
            axes.set_xlabel(f"rank of\n{called}", fontsize=6.5)
        line[0].set_ylabel("exact W1")
        style.log(line[0].yaxis)
    return figure


def said(row: pd.Series) -> str:
    """ρ with its interval, on two lines."""
    ends = f"{numbers.plain(row['low'])} to {numbers.plain(row['high'])}"
    return f"ρ {numbers.plain(row['rho'])}\n{ends}"


def _dots(axes: Axes, own: pd.DataFrame, colour: str) -> None:
    for bad, part in own.groupby("bad"):
        axes.plot(part["rank"], part["w1"], "o", color=colour, markersize=3.2,
                  markerfacecolor=style.PAPER if bad else colour)  # fmt: skip
