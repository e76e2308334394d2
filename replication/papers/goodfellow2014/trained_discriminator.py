"""A trained discriminator beside p / (p + q), and the value that it reaches."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import marks, names, style
from replication.figures.results import Experiment
from replication.transport import divergences, objectives

TITLE = "A trained discriminator is nearly p / (p + q)"
CAPTION = (
    "Data N(0, 1), generator N(2, 1), which never moves. A net with two hidden layers of 32 is trained "
    "on samples of both. Left: its D, a thin line per seed, on p / (p + q) (dashes). Right: the value "
    "of its game, a dot per seed, summed over the two densities so that only the net is uncertain. The "
    "axis runs from −2 log 2, the value of a D that says one half everywhere, to 0, that of a D that is "
    "never wrong; dashes: 2 JS − 2 log 2 of these two Gaussians, which no D can exceed."
)
EXPLAINED = (
    "The net was never told the densities, it only had to guess which samples are data. What it "
    "learned is the share of data at each place, and its loss then tells how far apart the two are."
)
MIRRORS = "goodfellow2014:Proposition 1 and Theorem 1"
PAPER_SHOWS = (
    "Proposition 1: D* = p / (p + q). Theorem 1: the value at D* is -log 4 + 2 JS; no experiment."
)
TOPIC = "critics"
PLACE = 2
EXPERIMENTS = ["optimal_critics"]

SHIFT = 2.0
#: The values between which every useful D lies, nats.
GUESSING = (-2 * divergences.LOG2, "D = 1/2: −2 log 2")
KNOWING = (0.0, "never wrong: 0")


def data(experiment: Experiment) -> pd.DataFrame:
    """D found and the formula by place and seed; the value found and the formula's by seed."""
    table = experiment("optimal_critics").query("part == 'pair'")
    x = table["x"].to_numpy()
    d = objectives.best_discriminator(divergences.gaussian(x), divergences.gaussian(x, SHIFT))
    formula = np.where(table["quantity"] == "curve", d, best_value())
    found = table.rename(columns={"value": "found"}).assign(formula=formula)
    return found[["quantity", "seed", "x", "found", "formula"]].reset_index(drop=True)


def best_value() -> float:
    """2 JS - 2 log 2 of the two Gaussians, nats, by summation."""
    x = divergences.line(12, 2401)
    p, q = divergences.masses(x), divergences.masses(x, SHIFT)
    return 2 * divergences.js(p, q) - 2 * divergences.LOG2


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """GAN14-C1a, C1b, trained: by seed the mean |D - p / (p + q)| over [-4, 6], and |value - (2 JS - 2 log 2)|."""
    error = (table["found"] - table["formula"]).abs()
    own = error.groupby([table["quantity"], table["seed"]]).agg(lambda v: v.mean(skipna=False))
    return {
        "GAN14-C1a/trained": own["curve"].tolist(),
        "GAN14-C1b/trained": own["value"].tolist(),
    }


def draw(table: pd.DataFrame) -> Figure:
    """D over x, and the value per seed."""
    curves, value = (table[table["quantity"] == q] for q in ("curve", "value"))
    colour = names.colour("gan_minimax")
    figure = style.figure(2.4)
    left, right = figure.subplots(1, 2, width_ratios=[1.6, 1])
    wide = curves.pivot(index="x", columns="seed", values="found")
    x = wide.index.to_numpy()
    for centre, shade, name in ((0.0, marks.REAL, "data p"), (SHIFT, marks.FAKE, "generator q")):
        left.fill_between(x, divergences.gaussian(x, centre), color=shade, alpha=0.3, linewidth=0)
        left.text(centre, 0.42, name, color=shade, ha="right" if centre == 0 else "left")
    left.plot(x, wide, color=colour, linewidth=0.5, alpha=0.5)
    left.plot([], [], color=colour, linewidth=0.5, label="D of a trained net")
    best = curves.drop_duplicates("x").sort_values("x")
    looks = {"color": marks.COLOURS["JS"], "linestyle": style.DASHES[1], "linewidth": 1.6}
    left.plot(best["x"], best["formula"], label="p / (p + q)", **looks)
    left.set(xlabel="x", xlim=(-4, 6), ylim=(0, 1.03), ylabel="D;  density")
    left.legend(loc="upper right")
    right.plot(value["seed"], value["found"], "o", color=colour, markersize=3.5)
    right.axhline(value["formula"].iloc[0], **looks)
    _named(right, value["formula"].iloc[0], "2 JS − 2 log 2", marks.COLOURS["JS"], 3)
    for height, name in GUESSING, KNOWING:
        right.axhline(height, color=style.MUTED, linewidth=0.8)
        _named(right, height, name, style.MUTED, 3 if height < 0 else -10)
    right.set(xlabel="seed", ylabel="value of D (nats)", ylim=(GUESSING[0] - 0.05, 0.05))
    right.xaxis.get_major_locator().set_params(integer=True)
    return figure


def _named(axes: Axes, height: float, name: str, colour: str, above: float) -> None:
    """The name of a level at its left end, `above` it by so many points."""
    axes.annotate(name, (0.02, height), xytext=(0, above), va="bottom", color=colour, fontsize=7.5,
                  xycoords=axes.get_yaxis_transform(), textcoords="offset points")  # fmt: skip
