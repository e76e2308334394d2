"""Quality against critic steps per generator step, under spectral and weight normalisation."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import style
from replication.figures.results import Experiment
from replication.papers.sngan2018 import _look

TITLE = "Does training the critic longer help?"
CAPTION = (
    "Games on 25 Gaussians with 1, 2, 5 and 10 critic steps per generator step, all with equally many "
    "generator steps; hinge loss, Adam at learning rate 1e-3, nets of three hidden layers of 64 units. Exact W1 of "
    "1,000 generated against 1,000 held-out points at the end. Thin lines: seeds, which share initial weights "
    "and data order across games; thick: mean. Grey dashes: W1 of other held-out points, the best to hope "
    "for. Right: slope of minus W1 against the logarithm of critic steps, a dot per seed, a bar at the mean; "
    "above 0 more steps help."
)
EXPLAINED = (
    "A critic that has learned more tells the generator more, if it stays smooth while it learns. The "
    "figure asks which way of keeping it in check lets the generator profit from a better critic."
)
MIRRORS = "sngan2018:fig11"
PAPER_SHOWS = (
    "Figure 11: Inception score on CIFAR-10 after 10,000 generator updates with 1, 2, 5, 10 and 20 critic "
    "steps each. Under weight normalisation more steps hurt; under spectral normalisation they do not."
)
EXPERIMENTS = ["spectra"]

SHOWN = ("sn", "wn")


def data(experiment: Experiment) -> pd.DataFrame:
    """W1 at the end of every game of every seed; of ``real`` points likewise."""
    table = experiment("spectra")
    own = table[(table["what"] == "w1") & table["method"].isin([*SHOWN, "real"])]
    return own[["method", "n_dis", "seed", "value"]].reset_index(drop=True)


def _slopes(table: pd.DataFrame, method: str) -> pd.Series:
    """Least-squares slope of -W1 by log critic steps, by seed."""
    own = table[table["method"] == method].pivot(index="seed", columns="n_dis", values="value")
    x = np.log(own.columns.to_numpy(float))
    x = x - x.mean()
    return pd.Series(-own.to_numpy() @ x / (x @ x), index=own.index)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """SN18-C7: slope of the score (minus W1) by log critic steps, of SN minus WN, by seed."""
    return {"SN18-C7": (_slopes(table, "sn") - _slopes(table, "wn")).tolist()}


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """SN18-C7: final W1 over that of real points, in the normalisation and number of critic steps that ended worst."""
    ends = table[table["method"] != "real"].groupby(["seed", "method", "n_dis"])["value"].mean()
    real = table[table["method"] == "real"].groupby("seed")["value"].mean()
    return {"SN18-C7": {"w1_of_fresh_data": (ends.groupby("seed").max() / real).tolist()}}


def draw(table: pd.DataFrame) -> Figure:
    """W1 by critic steps, and its slopes."""
    figure = style.figure(2.5)
    left, right = figure.subplots(1, 2, width_ratios=[2, 1])
    colours = _look.colours()
    for i, method in enumerate(SHOWN):
        own = table[table["method"] == method]
        seeds = own.pivot(index="n_dis", columns="seed", values="value")
        looks = {"color": colours[method], "linestyle": style.DASHES[i]}
        left.plot(seeds.index, seeds, linewidth=0.5, alpha=0.45, **looks)
        left.plot(seeds.index, seeds.mean(axis=1), marker="o", markersize=4, linewidth=2,
                  label=_look.NAMES[method], **looks)  # fmt: skip
        slopes = _slopes(table, method).dropna()
        spread = i + np.linspace(-0.16, 0.16, max(len(slopes), 2))[: len(slopes)]
        right.plot(spread, slopes, "o", color=colours[method], markersize=3, alpha=0.8)
        if len(slopes):
            right.hlines(slopes.mean(), i - 0.3, i + 0.3, color=colours[method], linewidth=1.6)
    reference = table.loc[table["method"] == "real", "value"].mean()
    left.axhline(
        reference, color=style.MUTED, linestyle=(0, (3, 2)), linewidth=1, label="held-out points"
    )
    left.set_xscale("log")
    left.set_xticks([1, 2, 5, 10], ["1", "2", "5", "10"])
    left.minorticks_off()
    left.set(xlabel="critic steps per generator step", ylabel="exact W1 at the end")
    left.set_ylim(0, None)
    figure.legend(*left.get_legend_handles_labels(), loc="outside upper center", ncols=3)
    right.axhline(0, color=style.INK, linewidth=0.8)
    right.set_xticks(range(len(SHOWN)), ["SN", "WN"])
    right.set_xlim(-0.6, len(SHOWN) - 0.4)
    right.set_ylabel("slope of −W1\nby log critic steps")
    return figure
