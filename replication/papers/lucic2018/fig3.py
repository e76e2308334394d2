"""What a random search of so many settings is expected to find."""

from __future__ import annotations

from itertools import permutations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import names, style
from replication.figures.results import Frames
from replication.papers.lucic2018 import _search

TITLE = "Expected best FID against the budget of the search"
CAPTION = (
    "The expected lowest FID of so many random settings, mean and one standard deviation over 5,000 resamples of the "
    "settings of each loss."
)
MIRRORS = "lucic2018:fig3"
PAPER_SHOWS = (
    "The same curves for seven losses on four data sets with budgets of 1 to 100: at small budgets the bands "
    "overlap, and a better loss with a small budget is no better than a worse one with a large budget."
)
RUNS = ["*/dcgan_16/*/search_*"]

BUDGETS = tuple(range(1, 21))
SMALL, FEW, ALL = 15, 5, 20


def data(frames: Frames) -> pd.DataFrame:
    """Expected best FID: dataset, method, budget, mean, sd, metric; beside it how many settings there are."""
    found = _search.data(frames)
    rows = []
    for (dataset, method), own in found.groupby(["dataset", "method"]):
        values = own["value"].to_numpy()
        for budget in BUDGETS:
            mean, sd = _search.expected_best(values, budget)
            rows.append((dataset, method, budget, mean, sd, len(values)))
    table = pd.DataFrame(rows, columns=["dataset", "method", "budget", "mean", "sd", "settings"])
    return table.merge(found[["dataset", "metric"]].drop_duplicates(), on="dataset")


def draw(table: pd.DataFrame) -> Figure:
    """A plot per data set, a band per loss."""
    datasets = list(table["dataset"].unique())
    figure = style.figure(2.7)
    grid = figure.subplots(1, len(datasets), squeeze=False)[0]
    for axes, dataset in zip(grid, datasets, strict=True):
        for method in _search.LOSSES:
            own = table[(table["dataset"] == dataset) & (table["method"] == method)]
            low, high = own["mean"] - own["sd"], own["mean"] + own["sd"]
            colour = names.colour(method)
            axes.fill_between(own["budget"], low, high, color=colour, alpha=0.15, linewidth=0)
            label = names.method_label(method) if dataset == datasets[0] else ""
            axes.plot(own["budget"], own["mean"], color=colour, label=label)
        axes.set_title(names.dataset_label(dataset))
        axes.set_xlabel("settings searched")
        axes.set_xticks([1, 5, 10, 15, 20])
    grid[0].set_ylabel(f"expected lowest {names.metric(str(table['metric'].iloc[0])).title}")
    figure.legend(loc="outside upper center", ncols=len(_search.LOSSES))
    return figure


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """LUC18-C3a: the largest gap between the bands of two losses at a budget of 15, over data sets.

    C3b: the largest lead, over data sets, of a worse loss with all settings over a better one with five.
    """
    gaps, leads = [], []
    for _, own in table.groupby("dataset"):
        at = own.set_index(["budget", "method"])
        small, few, every = (at.loc[budget] for budget in (SMALL, FEW, ALL))
        for a, b in permutations(small.index, 2):
            gaps.append((small["mean"] - small["sd"])[a] - (small["mean"] + small["sd"])[b])
            if every["mean"][b] > every["mean"][a]:
                leads.append(few["mean"][a] - every["mean"][b])
    if table.groupby(["dataset", "method"]).ngroups < len(_search.LOSSES):
        return {}
    return {"LUC18-C3a": [float(max(gaps))], "LUC18-C3b": [float(max(leads))]}


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """Both: the settings of each loss."""
    fewest = [float(table["settings"].min())]
    return {claim: {"settings": fewest} for claim in ("LUC18-C3a", "LUC18-C3b")}
