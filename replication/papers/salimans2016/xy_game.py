"""The game xy: gradient steps circle the equilibrium, and spiral away from it if taken at once."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import marks, palette, style
from replication.transport import games

TITLE = "Two players, one product: nobody arrives"
CAPTION = (
    "x lowers f = xy, y raises it, steps of 0.1, start (1, 1), equilibrium (0, 0). At once: the "
    "distance from the equilibrium grows by sqrt(1 + 0.1²) at every step, from the first. In turns: "
    "the path stays on an ellipse for ever. Left: 100 steps of both. Right: distances over 500 steps, "
    "with the closed form (dots) and the ellipse's bounds (grey)."
)
EXPLAINED = (
    "Each player improves its own side and undoes the other's, so together they run in circles. "
    "Gradient descent promises a minimum to one player; it promises two players nothing."
)
MIRRORS = "salimans2016:section 1"
PAPER_SHOWS = (
    "Section 1: when one player minimises xy over x and the other -xy over y, gradient descent enters "
    "a stable orbit."
)
TOPIC = "games"
PLACE = 1

ETA, START, STEPS = 0.1, (1.0, 1.0), 500


def data() -> pd.DataFrame:
    """Both paths, their distances from the equilibrium, and the closed form of the first."""
    tables = []
    for name, alternating in (("at once", False), ("in turns", True)):
        path = games.saddle(START, ETA, STEPS, alternating)
        tables.append(
            pd.DataFrame(
                {"play": name, "step": np.arange(STEPS + 1), "x": path[:, 0], "y": path[:, 1]}
            )
        )
    table = pd.concat(tables, ignore_index=True)
    distance = np.hypot(table["x"], table["y"])
    closed = np.sqrt(2) * (1 + ETA**2) ** (table["step"] / 2)
    kept = table["x"] ** 2 + table["y"] ** 2 - ETA * table["x"] * table["y"]
    at_once = table["play"] == "at once"
    slope = np.log(distance).diff()
    return table.assign(
        distance=distance,
        closed_form=closed.where(at_once),
        slope_error=(slope - np.log1p(ETA**2) / 2).where(at_once),
        invariant=kept.where(~at_once),
        beyond_start=(distance - np.sqrt(2)).where(~at_once),
    )


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """IT16-C1a: the largest |slope of log distance - log(1 + eta^2) / 2| over all steps at once (threshold 1e-6).

    ``IT16-C1b``: how far the path in turns strays, at most, beyond sqrt(2), its start (threshold 1e-6).
    """
    return {
        "IT16-C1a": [float(table["slope_error"].abs().max())],
        "IT16-C1b": [float(table["beyond_start"].clip(lower=0).max())],
    }


def draw(table: pd.DataFrame) -> Figure:
    """Paths in the plane, and distances."""
    figure = style.figure(2.7)
    plane, distance = figure.subplots(1, 2, width_ratios=[1, 1.35])
    for name, colour in (("at once", marks.FAKE), ("in turns", marks.COLOURS["JS"])):
        part = table[table["play"] == name]
        early = part[part["step"] <= 100]
        plane.plot(
            early["x"],
            early["y"],
            color=colour,
            marker="o",
            markersize=1.8,
            linewidth=0.8,
            label=name,
        )
        distance.plot(part["step"], part["distance"], color=colour, label=name)
        if name == "at once":
            few = part[part["step"] % 50 == 0]
            distance.plot(few["step"], few["closed_form"], "o", color=colour, markersize=3.5)
    plane.plot(0, 0, "+", color=style.INK, markersize=8)
    plane.plot(*START, "o", color=style.INK, markersize=4)
    plane.set_aspect("equal")
    plane.set(xlabel="x", ylabel="y", xlim=(-2.5, 2.5), ylim=(-2.5, 2.5))
    # x^2 + y^2 - eta xy = c bounds the distance by sqrt(c / (1 +- eta / 2)).
    c = 2 - ETA
    distance.axhspan(
        np.sqrt(c / (1 + ETA / 2)),
        np.sqrt(c / (1 - ETA / 2)),
        color=palette.PALE,
        alpha=0.8,
        linewidth=0,
    )
    distance.set(
        yscale="log", xlabel="step", ylabel="distance from (0, 0)", xlim=(0, STEPS), ylim=(1, 20)
    )
    style.plain_log(distance.yaxis)
    distance.legend(loc="upper left")
    return figure
