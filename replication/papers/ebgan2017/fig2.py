"""Scores of EBGAN's and GAN's models over one grid of architectures."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ends, names, style
from replication.figures.results import Frames

TITLE = "Scores over a grid of architectures"
CAPTION = (
    "Inception scores (LeNet) of perceptrons drawn from the paper's grid, a quarter of its sizes, each trained as "
    "EBGAN and as GAN by their own recipes, one run each. A model that diverged has a score of 1. Bars: share of "
    "the models of a method."
)
MIRRORS = "ebgan2017:fig2"
PAPER_SHOWS = (
    "Histograms of a modified inception score on MNIST over the whole grid (512 EBGANs, 6,144 GANs): more of EBGAN's "
    "models score high, and fewer fail."
)
RUNS = ["mnist/grid_*/*/paper"]

METHODS = ("gan_ns", "ebgan")
#: The inception score of images that all look alike.
NOTHING = 1.0


def data(frames: Frames) -> pd.DataFrame:
    """The last score of every model: method, net, seed, score."""
    table = ends.data(frames, together=False)
    table = table.assign(score=table["inception_score"].fillna(NOTHING))
    return table[["method", "net", "seed", "score"]]


def draw(table: pd.DataFrame) -> Figure:
    """A histogram per method, on common bins."""
    figure = style.figure(2.5)
    axes = figure.subplots()
    bins = np.histogram_bin_edges(table["score"], 12, (NOTHING, max(10.0, table["score"].max())))
    for method in METHODS:
        own = table.loc[table["method"] == method, "score"]
        if len(own):
            share = np.full(len(own), 1 / len(own))
            axes.hist(own, bins.tolist(), weights=share, color=names.colour(method), alpha=0.55,
                      label=f"{names.method_label(method)}, {len(own)} models")  # fmt: skip
    axes.set_xlabel("inception score (LeNet) ↑")
    axes.set_ylabel("share of models")
    axes.legend()
    return figure


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """EB17-C1: for each EBGAN the share of GANs that it scores above; a draw is half."""
    energy, gan = (table.loc[table["method"] == m, "score"].to_numpy() for m in ("ebgan", "gan_ns"))
    if not len(gan):
        return {}
    above = (energy[:, None] > gan) + 0.5 * (energy[:, None] == gan)
    return {"EB17-C1": above.mean(1).tolist()}


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """EB17-C1: how many architectures each method has, and the share of the models that learned."""
    counts = table["method"].value_counts()
    fewest = float(min(counts.get(method, 0) for method in METHODS))
    return {"EB17-C1": {"models": [fewest]}}
