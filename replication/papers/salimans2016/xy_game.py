"""The game xy: gradient steps circle the equilibrium, and spiral away from it if taken at once."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import palette, style
from replication.transport import games

TITLE = "Two players, one product: nobody arrives"
CAPTION = (
    "x lowers f = xy, y raises it, steps of 0.1, start (1, 1), equilibrium (0, 0). At once: the "
    "distance from the equilibrium grows by sqrt(1 + 0.1²) at every step, from the first. In turns: "
    "the path stays on an ellipse for ever. Left: 100 steps of both. Middle: x (lines) and y (dashes) "
    "over the steps. Right: distances over 500 steps, with the closed form (dots) and the ellipse's "
    "bounds (grey)."
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
#: How the players move, and how many steps of x and y are shown.
PLAYS, SHOWN = ("at once", "in turns"), 250


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
    """Paths in the plane, coordinates over steps, and distances."""
    figure = style.figure(2.6)
    layout = [["plane", PLAYS[0], "distance"], ["plane", PLAYS[1], "distance"]]
    grid: dict[str, Axes] = figure.subplot_mosaic(layout, width_ratios=[1.15, 1.1, 1])
    for name, colour in zip(PLAYS, palette.NEUTRAL[1::-1], strict=True):
        part = table[table["play"] == name]
        early = part[part["step"] <= 100]
        grid["plane"].plot(early["x"], early["y"], ".-", color=colour, markersize=3, linewidth=0.8)
        _coordinates(grid[name], part, name, colour)
        grid["distance"].plot(part["step"], part["distance"], color=colour, label=name)
        few = part[(part["step"] % 50 == 0) & part["closed_form"].notna()]
        grid["distance"].plot(few["step"], few["closed_form"], "o", color=colour, markersize=3.5)
    grid[PLAYS[0]].tick_params(labelbottom=False)
    grid[PLAYS[1]].set_xlabel("step")
    _plane(grid["plane"])
    _distance(grid["distance"])
    return figure


def _coordinates(axes: Axes, part: pd.DataFrame, name: str, colour: str) -> None:
    axes.plot(part["step"], part["x"], color=colour, linewidth=1)
    axes.plot(part["step"], part["y"], color=colour, linewidth=1, linestyle=style.DASHES[1])
    axes.axhline(0, color=style.MUTED, linewidth=0.6)
    axes.set(title=name, ylabel="x, y", xlim=(0, SHOWN))
    early = part.loc[part["step"] <= SHOWN, ["x", "y"]].abs().to_numpy().max()
    axes.set_ylim(-1.1 * early, 1.1 * early)


def _plane(axes: Axes) -> None:
    axes.plot(0, 0, "+", color=style.INK, markersize=8)
    axes.plot(*START, "o", color=style.INK, markersize=4)
    axes.set_aspect("equal")
    axes.set(xlabel="x", ylabel="y", xlim=(-2.5, 2.5), ylim=(-2.5, 2.5))


def _distance(axes: Axes) -> None:
    # x^2 + y^2 - eta xy = c bounds the distance by sqrt(c / (1 +- eta / 2)).
    c = 2 - ETA
    low, high = np.sqrt(c / (1 + ETA / 2)), np.sqrt(c / (1 - ETA / 2))
    axes.axhspan(low, high, color=palette.PALE, alpha=0.8, linewidth=0)
    axes.set(yscale="log", xlabel="step", ylabel="distance from (0, 0)", xlim=(0, STEPS))
    axes.set_ylim(1, 20)
    style.plain_log(axes.yaxis)
    axes.legend(loc="upper left")
