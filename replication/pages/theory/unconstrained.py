"""What a critic does when nothing holds its slope."""

from __future__ import annotations

import pandas as pd
from matplotlib import ticker
from matplotlib.figure import Figure

from replication.figures import names, style
from replication.figures.results import Experiment

TITLE = "Without the 1-Lipschitz constraint the critic runs to infinity"
CAPTION = (
    "Data N(0, 0.05²), generated samples N(1, 0.05²), so W = 1. One net (two hidden layers of 32) from "
    "the same starts, one optimiser (Adam, 1e-3), three constraints: none (a clip at infinity), weights "
    "clipped to 0.01, one-sided gradient penalty. Left: score gap E f(x) − E f(G(z)). Right: K, the largest "
    "slope found at samples and between them. Line: median over seeds; band: from the lowest to the highest."
)
EXPLAINED = (
    "Making the critic twice as steep doubles the gap between its scores, so without a limit it only "
    "ever grows steeper and its value means nothing. Held to slope 1, the gap stops at the distance "
    "itself; with clipped weights it stops as well, but in a unit that the clip decides."
)
PAPER_SHOWS = (
    "Lecture notes say that without the 1-Lipschitz constraint the critic's scores run to plus and "
    "minus infinity and training never converges."
)
TOPIC = "transport"
PLACE = 5
EXPERIMENTS = ["optimal_critics"]

#: Which constraint wears which label and colour; the line of a critic without one is plain ink.
SHOWN = {
    "none": ("no constraint", style.INK),
    "wgan_clip": ("clip 0.01", None),
    "wgan_gp": ("gradient penalty", None),
}


def data(experiment: Experiment) -> pd.DataFrame:
    """Median, lowest and highest seed of gap and K at every recorded step."""
    table = experiment("optimal_critics").query("part == 'unconstrained'")
    return table.groupby(["critic", "quantity", "x"], as_index=False, sort=False).agg(
        median=("value", "median"), low=("value", "min"), high=("value", "max")
    )


def draw(table: pd.DataFrame) -> Figure:
    """Gap and K over steps, both on logarithmic scales."""
    figure = style.figure(2.4)
    left, right = figure.subplots(1, 2)
    for axes, quantity in ((left, "gap"), (right, "K")):
        for critic, (label, ink) in SHOWN.items():
            own = table[(table["critic"] == critic) & (table["quantity"] == quantity)]
            own = own[own["median"] > 0]  # a gap may start on the wrong side of 0
            colour = ink or names.colour(critic)
            axes.fill_between(
                own["x"],
                own["low"].where(own["low"] > 0, own["median"]),
                own["high"],
                color=colour,
                alpha=0.15,
                linewidth=0,
            )
            axes.plot(own["x"], own["median"], color=colour, label=label)
        axes.axhline(1, color=style.MUTED, linewidth=0.8, linestyle=style.DASHES[1])
        axes.set_xlabel("critic steps")
        for axis in (axes.xaxis, axes.yaxis):
            style.log(axis, plain=False)
    for axes, text in ((left, "W = 1"), (right, "K = 1")):
        axes.annotate(text, (1, 1), xycoords=axes.get_yaxis_transform(), xytext=(-2, -3),
                      textcoords="offset points", ha="right", va="top", color=style.MUTED, fontsize=7)  # fmt: skip
        axes.yaxis.set_minor_locator(ticker.NullLocator())
    left.set_ylabel("score gap")
    right.set_ylabel("K, Lipschitz estimate")
    left.legend(loc="upper left", bbox_to_anchor=(0, 0.98))
    return figure
