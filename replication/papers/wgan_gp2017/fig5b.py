"""The critic's estimate on 1,000 training digits and on held-out ones, with the penalty and with clipping."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ends, names, seeds, style
from replication.figures.results import Frames

TITLE = "A critic overfits 1,000 digits"
CAPTION = (
    "The critic's estimate (the negative critic loss, without its penalty) while training on 1,000 digits, on these "
    "digits (solid) and on held-out ones (dashed). Line: mean over seeds; band: from the lowest to the highest seed; "
    "nothing is smoothed. The scale of clipping's estimate is that of its critic."
)
MIRRORS = "wgan_gp2017:fig5b"
PAPER_SHOWS = (
    "The same curves over 20,000 generator iterations for a random subset of 1,000 MNIST digits: with the penalty "
    "(0 to 10) and with clipping (0 to 0.8) the training curve rises away from the validation curve, which falls."
)
RUNS = ["mnist_1k/dcgan_16/wgan_gp/paper", "mnist_1k/dcgan_16/wgan_clip/paper"]

PENALTY, CLIPPING = RUNS
CURVES = {"estimate_train": ("training digits", "-"), "estimate_heldout": ("held-out digits", "--")}


def data(frames: Frames) -> pd.DataFrame:
    """Both estimates at every logged step, with the class entropy of samples at the end of the run."""
    keys = [*names.ARM, "seed"]
    entropy = ends.data(frames, together=False)[[*keys, "arm", "class_entropy"]]
    table = frames.curves[[*keys, "step", *CURVES]].merge(entropy, on=keys)
    return table[["arm", "seed", "step", *CURVES, "class_entropy"]]


def draw(table: pd.DataFrame) -> Figure:
    """A plot per method."""
    figure = style.figure(2.4)
    grid = figure.subplots(1, len(RUNS), squeeze=False)[0]
    for axes, arm in zip(grid, RUNS, strict=True):
        own, method = table[table["arm"] == arm], arm.split("/")[2]
        axes.set_title(names.method_label(method))
        axes.set_xlabel("generator steps")
        for column, (label, dash) in CURVES.items():
            if len(own):
                colour = names.colour(method)
                seeds.course(axes, own, column, colour, linestyle=dash, label=label)
                axes.legend()
    grid[0].set_ylabel("critic's estimate")
    return figure


def _slopes(own: pd.DataFrame, column: str) -> pd.Series:
    """Least-squares slope of a column against the step, by seed."""
    return own.groupby("seed").apply(lambda run: float(np.polyfit(run["step"], run[column], 1)[0]))


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGP17-C8a, by seed 1 or 0: the training estimate rises and the held-out one falls in the last half.

    C8b: the gap between the two grows over training, with the penalty and with clipping.
    """
    gap = table.assign(gap=table["estimate_train"] - table["estimate_heldout"]).dropna()
    found: dict[str, list[float]] = {}
    for part, arm in (("penalty", PENALTY), ("clip", CLIPPING)):
        if len(own := gap[gap["arm"] == arm]):
            found[f"WGP17-C8b/{part}"] = (_slopes(own, "gap") > 0).astype(float).tolist()
    if len(own := gap[gap["arm"] == PENALTY]):
        late = own[own["step"] > own["step"].max() / 2]
        apart = (_slopes(late, "estimate_train") > 0) & (_slopes(late, "estimate_heldout") < 0)
        found["WGP17-C8a"] = apart.astype(float).tolist()
    return found


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """WGP17-C8a and C8b: the classes that even samples of such an entropy would have, at the end of each run."""
    ends_of = table.groupby(["arm", "seed"])["class_entropy"].first().dropna()
    found = {}
    for key, arm in (
        ("WGP17-C8a", PENALTY),
        ("WGP17-C8b/penalty", PENALTY),
        ("WGP17-C8b/clip", CLIPPING),
    ):
        if arm in ends_of.index.get_level_values("arm"):
            found[key] = {"learned": [math.exp(value) for value in ends_of[arm]]}
    return found
