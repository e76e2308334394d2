"""Does the estimate at the end tell the better run from the worse one?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import stats

from replication.figures import names, style
from replication.figures.names import ARM
from replication.figures.results import Frames
from replication.words import numbers

TITLE = "Can the loss rank finished runs?"
CAPTION = (
    "FID at the end against the held-out estimate at the end, a dot per run that finished; all runs of a method on "
    "one net and data set together, filled with the paper's recipe and hollow with another. An estimate that ranks "
    "runs puts the better one further to the left. ρ: Spearman's correlation over those runs, with the p-value of its "
    "permutation test against none; picked: FID of the run with the lowest estimate above the best run's, in percent. "
    "With recipes of several learning rates in one plot, an estimate may rank recipes and not seeds."
)
RUNS = ["@images/*"]

COLUMNS = 4
GROUP = ["dataset", "net", "method"]
SCORES = ["spearman", "p", "picked"]
#: Fewest runs of which a rank correlation is worth a number.
FEWEST = 5
#: Beyond as many permutations they are drawn, always the same.
PERMUTATIONS = 9_999


def data(frames: Frames) -> pd.DataFrame:
    """Held-out estimate and FID at the last checkpoint of every run that finished, with the `scores` of its group."""
    keys = [*ARM, "seed", "step"]
    fid = frames.quality[frames.quality["metric"].isin(frames.metrics("fid"))]
    table = fid.merge(frames.curves[[*keys, "estimate_heldout"]], on=keys)
    done = frames.runs.loc[frames.runs["state"] == "finished", [*ARM, "seed"]]
    last = (
        table.sort_values("step", kind="stable")
        .drop_duplicates([*ARM, "seed"], keep="last")
        .merge(done)
    )
    last = last[np.isfinite(last["estimate_heldout"]) & np.isfinite(last["value"])]
    last = last[[*keys, "metric", "estimate_heldout", "value"]].sort_values(keys)
    found = [(*group, *scores(own)) for group, own in last.groupby(GROUP)]
    return last.merge(pd.DataFrame(found, columns=[*GROUP, *SCORES]), on=GROUP, how="left")


def draw(table: pd.DataFrame) -> Figure:
    """One small plot per method, its own scale on both axes."""
    groups = names.in_order(
        names.Arm(dataset, net, method, names.PLAIN)
        for dataset, net, method in table[GROUP].drop_duplicates().to_numpy().tolist()
    )
    rows = -(-len(groups) // COLUMNS)
    figure = style.figure(2.1 * rows)
    grid = figure.subplots(rows, COLUMNS, squeeze=False)
    for axes in grid.flat[len(groups) :]:
        axes.set_axis_off()
    for axes, group in zip(grid.flat, groups, strict=False):
        own = table[(table[GROUP] == list(group)[:3]).all(axis=1)]
        _plot(axes, own, names.colour(group.method))
        label = style.wrapped(names.arm_label(group, groups), 22)
        axes.set_title(f"{label}\n{says(own)}", linespacing=1.35)
        axes.set_xlabel(f"{names.estimate(group.method)['symbol']}, held-out")
    for axes in grid[:, 0]:
        axes.set_ylabel(names.metric(table["metric"].iloc[0]).title)
    return figure


def scores(own: pd.DataFrame) -> tuple[float, float, float]:
    """The correlation, its p-value, and FID of the lowest estimate over the best run's less 1; NaN of too few runs."""
    if len(own) < FEWEST:
        return float("nan"), float("nan"), float("nan")
    picked = own.loc[own["estimate_heldout"].idxmin(), "value"] / own["value"].min() - 1
    return *ranked(own["estimate_heldout"], own["value"]), float(picked)


def says(own: pd.DataFrame) -> str:
    """The correlation with its p-value, and what the lowest estimate costs."""
    if len(own) < FEWEST:
        return f"{len(own)} runs: too few"
    rho, p, picked = own[SCORES].iloc[0]
    chance = "" if np.isnan(p) else f", p {numbers.plain(p, '.2g')}"
    return f"ρ {numbers.plain(rho)}{chance}\npicked: +{numbers.plain(100 * picked, '.0f')} %"


def ranked(estimate: pd.Series, fid: pd.Series) -> tuple[float, float]:
    """Spearman's correlation of two columns, and the two-sided p-value of permuting one of them.

    Both are NaN where one of the columns never changes.
    """
    if estimate.nunique() < 2 or fid.nunique() < 2:
        return float("nan"), float("nan")
    x, y = stats.rankdata(estimate), stats.rankdata(fid)

    def correlation(shuffled: np.ndarray) -> float:
        return float(np.corrcoef(shuffled, y)[0, 1])

    test = stats.permutation_test(
        (x,), correlation, permutation_type="pairings", n_resamples=PERMUTATIONS, rng=0
    )
    return float(test.statistic), float(test.pvalue)


def _plot(axes: Axes, own: pd.DataFrame, colour: str) -> None:
    for plain, part in own.groupby(own["variant"] == names.PLAIN):
        fill = colour if plain else style.PAPER
        axes.plot(part["estimate_heldout"], part["value"], "o", color=colour, markersize=4,
                  markerfacecolor=fill)  # fmt: skip
    axes.locator_params(axis="x", nbins=4)
    axes.margins(0.12)
