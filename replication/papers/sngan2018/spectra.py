"""Singular values of the critic's weights under three constraints."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import style
from replication.figures.results import Experiment
from replication.papers.sngan2018 import _look

TITLE = "How many directions a critic keeps"
CAPTION = (
    "Game on 25 Gaussians, critic of three hidden layers of 64 units, 5 critic steps per generator step, "
    "Adam at learning rate 1e-3. First three: squared singular values of each hidden layer's weight after training, "
    "as it is used (normalised or clipped), over the largest of the layer; median over seeds, band from the "
    "lowest to the highest. Last: effective rank (Σσ²)²/Σσ⁴ over the full rank, averaged over the three "
    "layers; a dot per seed, a bar at the mean. Grey: the weights that all start from."
)
EXPLAINED = (
    "A layer with one large singular value looks at its input from one side only, however many units it "
    "has. The effective rank counts how many sides it really uses."
)
MIRRORS = "sngan2018:fig3"
PAPER_SHOWS = (
    "Figure 3: squared singular values of the normalised weights of seven layers of a critic trained on "
    "CIFAR-10 and on STL-10. Under clipping and weight normalisation they fall off fast and few directions "
    "carry the layers beyond the first; under spectral normalisation they stay broad."
)
EXPERIMENTS = ["spectra"]

SHOWN = ("sn", "wn", "clip", "start")
N_DIS = 5  #: critic steps of the games whose critics are looked at


def data(experiment: Experiment) -> pd.DataFrame:
    """Median, lowest and highest squared value over seeds by layer and place; ranks and final W1 of every seed.

    W1 is that of the games whose critics are shown, and of ``real`` points.
    """
    table = experiment("spectra")
    squared = table[table["what"] == "squared"]
    over = squared.groupby(["what", "method", "layer", "at"], as_index=False)["value"]
    bands = over.agg(value="median", low="min", high="max").assign(seed=-1)
    ranks = table[table["what"] == "rank"][["what", "method", "layer", "at", "value", "seed"]]
    games = table["method"].isin(SHOWN) & (table["n_dis"] == N_DIS) | (table["method"] == "real")
    ends = table[(table["what"] == "w1") & games][["what", "method", "value", "seed"]]
    return pd.concat([bands, ranks, ends], ignore_index=True)


def _ranks(table: pd.DataFrame) -> pd.DataFrame:
    """Mean over layers: a row per seed, a column per method. NaN in a layer makes it NaN."""
    ranks = table[table["what"] == "rank"].pivot(
        index="seed", columns=["method", "layer"], values="value"
    )
    return pd.DataFrame({m: ranks[m].mean(axis=1, skipna=False) for m in SHOWN})


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """SN18-C3a and C3b: effective rank over full rank, mean of the three hidden layers, of SN minus the other's."""
    ranks = _ranks(table)
    return {
        "SN18-C3a": (ranks["sn"] - ranks["wn"]).tolist(),
        "SN18-C3b": (ranks["sn"] - ranks["clip"]).tolist(),
    }


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """SN18-C3a, C3b: W1 at the end over that of real points, in the game of the two compared that ended worse."""
    ends = table[table["what"] == "w1"].pivot_table("value", "seed", "method")
    return {
        claim: {"w1_of_fresh_data": (ends[["sn", other]].max(axis=1) / ends["real"]).tolist()}
        for claim, other in (("SN18-C3a", "wn"), ("SN18-C3b", "clip"))
    }


def draw(table: pd.DataFrame) -> Figure:
    """A spectrum per layer, and the ranks."""
    figure = style.figure(2.6)
    *layers, last = figure.subplots(1, 4, width_ratios=[0.55, 1, 1, 1.05])
    for layer, axes in enumerate(layers):
        own = table[(table["what"] == "squared") & (table["layer"] == layer)]
        _spectrum(axes, own)
        axes.set_title(f"layer {layer + 1}")
        axes.set_xlabel("singular value no.")
    layers[0].set_ylabel("squared singular value,\nover the largest")
    _dots(last, _ranks(table))
    handles, labels = layers[1].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=4)
    return figure


def _spectrum(axes: Axes, table: pd.DataFrame) -> None:
    colours = _look.colours()
    few = table["at"].max() < 10
    for i, method in enumerate(SHOWN):
        own = table[table["method"] == method].sort_values("at")
        looks = {"color": colours[method], "linestyle": style.DASHES[i]}
        axes.fill_between(own["at"], own["low"], own["high"], color=colours[method], alpha=0.15,
                          linewidth=0)  # fmt: skip
        axes.plot(own["at"], own["value"], marker="o" if few else None, markersize=3,
                  label=_look.NAMES[method], **looks)  # fmt: skip
    axes.set_ylim(0, 1.03)
    if few:
        axes.set_xticks([1, 2])
        axes.set_xlim(0.7, 2.3)
    else:
        axes.set_xlim(1, table["at"].max())
        axes.set_xticks([1, 32, 64])


def _dots(axes: Axes, ranks: pd.DataFrame) -> None:
    colours = _look.colours()
    for i, method in enumerate(SHOWN):
        values = ranks[method].dropna()
        spread = i + np.linspace(-0.16, 0.16, max(len(values), 2))[: len(values)]
        axes.plot(spread, values, "o", color=colours[method], markersize=3, alpha=0.8)
        if len(values):
            axes.hlines(values.mean(), i - 0.3, i + 0.3, color=colours[method], linewidth=1.6)
    axes.set_xticks(range(len(SHOWN)), ["SN", "WN", "clip", "start"])
    axes.set_xlim(-0.6, len(SHOWN) - 0.4)
    axes.set_ylim(0, 1)
    axes.set_title("effective rank")
    axes.set_ylabel("share of full rank")
