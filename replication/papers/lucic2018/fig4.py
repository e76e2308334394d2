"""FID of four losses under random settings."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import names, style
from replication.figures.results import Frames
from replication.papers.lucic2018 import _search

TITLE = "Four losses under random settings"
CAPTION = (
    "The lowest FID of every random setting of a loss (rate, beta1, discriminator steps, batch norm in the "
    "discriminator), one run each: box from the first to the third quartile with the median, every setting as a dot. "
    "All have 3,000 discriminator steps."
)
MIRRORS = "lucic2018:fig4"
PAPER_SHOWS = (
    "Box plots of FID over 100 random settings of seven losses on four data sets: each loss spans a wide range, and "
    "the ranges overlap."
)
RUNS = ["*/dcgan_16/*/search_*"]

REACHED = 0.05


def data(frames: Frames) -> pd.DataFrame:
    """The lowest FID of every run."""
    return _search.data(frames)


def draw(table: pd.DataFrame) -> Figure:
    """A plot per data set, a box per loss."""
    datasets = list(table["dataset"].unique())
    figure = style.figure(2.7)
    grid = figure.subplots(1, len(datasets), squeeze=False)[0]
    for axes, dataset in zip(grid, datasets, strict=True):
        own = table[table["dataset"] == dataset]
        for x, method in enumerate(_search.LOSSES):
            values = own.loc[own["method"] == method, "value"]
            if values.empty:
                continue
            colour = names.colour(method)
            axes.boxplot(values, positions=[x], widths=0.5, showfliers=False, medianprops={"color": colour},
                         boxprops={"color": colour}, whiskerprops={"color": colour},
                         capprops={"color": colour})  # fmt: skip
            spread = x + 0.3 * (values.rank(method="first") / (len(values) + 1) - 0.5)
            axes.plot(spread, values, ".", color=colour, alpha=0.45, markersize=4)
        labels = [style.wrapped(names.method_label(method), 16) for method in _search.LOSSES]
        axes.set_xticks(range(len(labels)), labels)
        axes.set_title(names.dataset_label(dataset))
        axes.grid(visible=False, axis="x")
        style.log(axes.yaxis)
    grid[0].set_ylabel(f"lowest {names.metric(str(table['metric'].iloc[0])).title}")
    return figure


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """LUC18-C1: losses that beat the non-saturating GAN on every data set; C2: by loss and data set, spread within.

    The spread is the standard deviation over a loss's settings over that of the medians of the losses.
    """
    if not _search.complete(table):
        return {}
    groups = table.groupby(["dataset", "method"])["value"]
    best = groups.min().unstack("method")
    gain = (1 - best.div(best[_search.BASELINE], axis=0)).min()
    between = groups.median().unstack("method").std(axis=1)
    within = groups.std().unstack("method").div(between, axis=0)
    return {
        "LUC18-C1": [float((gain > REACHED).sum())],
        "LUC18-C2": np.ravel(within[list(_search.LOSSES)]).tolist(),
    }


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """Both: the settings of each loss."""
    return {claim: {"settings": _search.counts(table)} for claim in ("LUC18-C1", "LUC18-C2")}
