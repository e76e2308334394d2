"""The best discriminator, D* = p / (p + q), and the generator's cost under it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import marks, style
from replication.transport import divergences, objectives

TITLE = "The best discriminator, and what it leaves the generator to minimise"
CAPTION = (
    "Left: data N(0, 1), generator N(2, 1), and the D that maximises the game's value, found place by "
    "place by a search that knows no formula (dots), on p / (p + q) (line). Right: the value at that "
    "D for a generator N(shift, 1), from the search (dots), on -log 4 + 2 JS (line). Both in float64; "
    "nothing is trained."
)
EXPLAINED = (
    "Where data and generated samples are equally likely the best discriminator says one half; "
    "elsewhere it says how much of what lands there is data. Against it, the generator can only lower "
    "JS, and at the bottom the value is -log 4 = -1.386."
)
MIRRORS = "goodfellow2014:Proposition 1 and Theorem 1"
PAPER_SHOWS = (
    "Proposition 1: D* = p / (p + q). Theorem 1: C(G) = -log 4 + 2 JS, least where p_g = p_data."
)
TOPIC = "critics"
PLACE = 1

SHIFT = 2.0


def data() -> pd.DataFrame:
    """By place: densities, the D found and the formula's; by shift: the value found and the formula's."""
    x = divergences.line(12, 2401)
    p, q = divergences.masses(x), divergences.masses(x, SHIFT)
    places = pd.DataFrame(
        {
            "part": "discriminator",
            "x": x,
            "p": divergences.gaussian(x),
            "q": divergences.gaussian(x, SHIFT),
            "found": objectives.best_by_search(p, q),
            "formula": objectives.best_discriminator(p, q),
        }
    )
    costs = pd.DataFrame([_cost(x, shift) for shift in np.linspace(0, 5, 26)])
    table = pd.concat([places[(x >= -4) & (x <= 6)], costs], ignore_index=True)
    error = (table["found"] - table["formula"]).abs()
    return table.assign(
        error=error.round(7)
    )  # what is smaller is rounding, which no two processors share


def _cost(x: np.ndarray, shift: float) -> dict[str, float | str]:
    p, q = divergences.masses(x), divergences.masses(x, shift)
    value = objectives.gan_value(p, q, objectives.best_by_search(p, q)).sum()
    formula = -np.log(4) + 2 * divergences.js(p, q)
    return {"part": "value", "x": shift, "found": float(value), "formula": float(formula)}


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """GAN14-C1a and C1b, by calculation, on N(0, 1) and N(2, 1): two errors, small where the claim holds.

    ``GAN14-C1a``: the mean over places in [-4, 6] of |D - p / (p + q)|, threshold 0.03.
    ``GAN14-C1b``: |value - (2 JS - log 4)| in nats at shift 2, threshold 0.02.
    """
    found, value = (table[table["part"] == part] for part in ("discriminator", "value"))
    at_two = value["error"][np.isclose(value["x"], SHIFT)]
    return {"GAN14-C1a": [float(found["error"].mean())], "GAN14-C1b": [float(at_two.iloc[0])]}


def draw(table: pd.DataFrame) -> Figure:
    """The discriminator on its two densities, and the generator's cost."""
    found, value = (table[table["part"] == part] for part in ("discriminator", "value"))
    colour = marks.COLOURS["JS"]
    figure = style.figure(2.4)
    left, right = figure.subplots(1, 2, width_ratios=[1.2, 1])
    for column, name, shade in (("p", "data p", marks.REAL), ("q", "generator q", marks.FAKE)):
        left.fill_between(found["x"], found[column], color=shade, alpha=0.3, linewidth=0)
        at = found.loc[found[column].idxmax()]
        left.text(at["x"], 0.43, name, color=shade, ha="center" if column == "p" else "left")
    left.plot(found["x"], found["formula"], color=colour)
    few = found.iloc[::40]
    left.plot(few["x"], few["found"], "o", color=colour, markersize=3.2)
    left.text(-3.8, 0.9, "best D", color=colour)
    left.axhline(0.5, color=style.MUTED, linewidth=0.8, linestyle=style.DASHES[1])
    left.set(xlabel="x", xlim=(-4, 6), ylim=(0, 1.03), ylabel="D;  density")
    right.plot(value["x"], value["formula"], color=colour, label="−log 4 + 2 JS")
    right.plot(value["x"], value["found"], "o", color=colour, markersize=3.2, label="value found")
    right.axhline(-np.log(4), color=style.MUTED, linewidth=0.8, linestyle=style.DASHES[1])
    right.text(4.9, -1.37, "−log 4", ha="right", va="bottom", color=style.MUTED)
    right.set(
        xlabel="shift of the generator",
        ylabel="max$_D$ V(G, D), nats",
        xlim=(0, 5),
        ylim=(-1.45, 0.05),
    )
    right.legend(loc="center right")
    return figure
