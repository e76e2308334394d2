"""Batches of real digits against other real digits and against mean images, by exact transport."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import marks, palette, style
from replication.figures.results import Experiment

TITLE = "Between small batches, exact W1 prefers blurred means to real images"
CAPTION = (
    "Exact W1 (POT, Euclidean distance of pixels in [0, 1]) from a batch of MNIST digits to another batch of "
    "digits and to mean images, by batch size. Thin lines: single draws, three per seed, of disjoint "
    "images; thick lines: their mean. Mean images are 10 k-means centres, of the batch itself or of a third "
    "batch, each repeated equally often; weighted: each as often as suits the batch best. Nothing is trained."
)
EXPLAINED = (
    "If a generator were marked by the exact distance of small batches, ten blurry averages, repeated, could "
    "get a better mark than new real digits: pixels have so many dimensions that two digits are far apart, "
    "and an average is near everything. The larger the batch, the smaller that advantage, since a real image "
    "then finds one like itself."
)
MIRRORS = "stanczuk2021:experiments"
PAPER_SHOWS = (
    "A batch of real images is farther from a batch of other real images than from repeated mean images, "
    "reported from memory."
)
TOPIC = "failures"
PLACE = 5
EXPERIMENTS = ["batches"]

BATCH = 64  #: that of the recipes whose batches the paper looks at

#: Column: colour, label and dashes.
OPPONENTS = {
    "real": (marks.REAL, "other real images", "-"),
    "own_mean": (palette.NEUTRAL[4], "the batch's mean image", style.DASHES[2]),
    "other_centres": (palette.NEUTRAL[2], "10 centres of a third batch", style.DASHES[1]),
    "own_centres": (palette.NEUTRAL[1], "10 centres of the batch", "-"),
    "own_weighted": (palette.NEUTRAL[3], "the same, weighted", style.DASHES[3]),
}


def data(experiment: Experiment) -> pd.DataFrame:
    """W1 by seed, draw, batch size and opponent."""
    return experiment("batches")


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """STA21-C2: 1 for a draw whose other real images are farther than its repeated means, with batches of `BATCH`."""
    own = table[table["batch"] == BATCH]
    return {"STA21-C2": (own["real"] > own["own_centres"]).astype(float).tolist()}


def remarks(table: pd.DataFrame) -> dict[str, str]:
    """How many draws hold at the larger batches, where other real images are nearer."""
    farther = (table["real"] > table["own_centres"]).groupby(table["batch"])
    said = [f"{int(own.sum())} of {len(own)} at {batch}" for batch, own in farther if batch > BATCH]
    return {"STA21-C2": f"with larger batches, {', '.join(said)} images"} if said else {}


def draw(table: pd.DataFrame) -> Figure:
    """W1 over batch size, and in how many draws real images are the farther ones."""
    figure = style.figure(2.9)
    left, right = figure.subplots(1, 2, width_ratios=[1.7, 1])
    for name, (colour, label, dash) in OPPONENTS.items():
        for _, own in table.groupby(["seed", "draw"]):
            left.plot(own["batch"], own[name], color=colour, linewidth=0.4, alpha=0.25)
        mean = table.groupby("batch")[name].mean()
        left.plot(mean.index, mean, color=colour, linewidth=2, linestyle=dash, label=label)
        if name != "real":
            share = (table["real"] > table[name]).groupby(table["batch"]).mean()
            right.plot(share.index, 100 * share, "o", color=colour, linestyle=dash, markersize=3.5)
    left.set_ylabel("exact W1 from the batch (pixel distance)")
    right.set_ylabel("draws with real images farther (%)")
    right.set_ylim(-4, 104)
    sizes = sorted(table["batch"].unique())
    for axes in (left, right):
        axes.set_xscale("log", base=2)
        axes.set_xticks(sizes, [str(n) for n in sizes])
        axes.set_xlabel("images per batch")
    figure.legend(loc="outside upper center", ncols=3)
    return figure
