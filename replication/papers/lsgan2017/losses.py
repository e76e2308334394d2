"""Sigmoid cross-entropy against least squares for samples on the right side of the decision, but far away."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import names, style
from replication.transport import objectives

TITLE = "Cross-entropy lets go of distant samples, least squares does not"
CAPTION = (
    "The generator's loss by the score s of a generated sample. Right of the middle the discriminator "
    "already takes the sample for real. Sigmoid cross-entropy, −log sigmoid(s), is flat there; least "
    "squares, ½(s − 1)², has its only flat point at the target 1 (vertical line). Right: the absolute "
    "slope, on a logarithmic axis."
)
EXPLAINED = (
    "A sample that the discriminator calls real may still lie far from the data. Cross-entropy is "
    "content with it and stops pulling; least squares pulls it back, the harder the further it is "
    "from its target."
)
MIRRORS = "lsgan2017:fig2"
PAPER_SHOWS = (
    "The sigmoid cross-entropy loss saturates when its input is relatively large; the least squares "
    "loss is flat at one point only."
)
TOPIC = "failures"
PLACE = 2

PAIR = {"gan_ns": "sigmoid cross-entropy", "lsgan": "least squares"}


def data() -> pd.DataFrame:
    """Both losses and their absolute slopes at scores from -10 to 10."""
    s = np.linspace(-10, 10, 401)
    columns: dict[str, np.ndarray] = {"score": s}
    for name in PAIR:
        loss, slope = objectives.GENERATOR_LOSSES[name]
        columns |= {f"{name}_loss": loss(s), f"{name}_slope": np.abs(slope(s))}
    return pd.DataFrame(columns)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """LS17-C1b on samples far on the side called real, scores 5 to 10: how much faster least squares grows.

    The number is the least step of |slope of least squares| between neighbouring scores there, less the largest step of
    |slope of cross-entropy|, per unit of score. Positive where least squares grows everywhere and cross-entropy
    grows nowhere (threshold: above 0). ``LS17-C1a`` is |slope| of cross-entropy at 10,
    which the claim sends to 0.
    """
    far = table[table["score"] >= 5]
    grows = np.diff(far["lsgan_slope"]) / np.diff(far["score"])
    falls = np.diff(far["gan_ns_slope"]) / np.diff(far["score"])
    return {
        "LS17-C1b": [float(grows.min() - max(falls.max(), 0.0))],
        "LS17-C1a": [float(far["gan_ns_slope"].iloc[-1])],
    }


def draw(table: pd.DataFrame) -> Figure:
    """Losses and slopes."""
    figure = style.figure(2.4)
    left, right = figure.subplots(1, 2)
    for name, label in PAIR.items():
        looks = {"color": names.colour(name), "label": label, "linewidth": 1.8}
        left.plot(table["score"], table[f"{name}_loss"], **looks)
        slope = table[f"{name}_slope"]
        right.plot(table["score"], slope.where(slope > 0), **looks)
    left.set(ylim=(-0.3, 20), ylabel="loss of a sample")
    right.set(yscale="log", ylim=(3e-5, 20), ylabel="|slope| of the loss")
    for axes in (left, right):
        axes.axvline(1, color=style.MUTED, linewidth=0.7, linestyle=style.DASHES[2])
        axes.axvspan(5, 10, color=style.GRID, alpha=0.7, linewidth=0)
        axes.set(xlim=(-10, 10), xticks=range(-10, 11, 5), xlabel="score s of a generated sample")
    left.text(7.5, 5.2, "far, called\nreal", ha="center", va="top", fontsize=7.5, color=style.MUTED)
    figure.legend(*left.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure
