"""What 1-Lipschitz means, and what it does not follow from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import marks, palette, style
from replication.transport import plans

TITLE = "Gentle, steep, and steeper the further you look"
CAPTION = (
    "A 1-Lipschitz function never leaves the double cone of slope 1 around any of its points (grey, "
    "drawn at one). Left: a gentle and a steep function. Middle: |x| has a kink and is 1-Lipschitz; "
    "x² is smooth and is not Lipschitz. Right: the largest slope between two points of [-R, R] as R "
    "grows."
)
EXPLAINED = (
    "A function is K-Lipschitz if no straight line between two of its points is steeper than K. "
    "Smoothness has little to do with it: x² has derivatives everywhere and no limit to its slope, "
    "|x| has a kink and never exceeds 1."
)
PAPER_SHOWS = (
    "Lecture notes draw a steep and a gentle function; a widely read post says that a continuously "
    "differentiable function is Lipschitz, which x² refutes."
)
TOPIC = "transport"
PLACE = 3

FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "gentle": lambda x: 0.9 * np.sin(x),
    "steep": lambda x: 0.9 * np.sin(4 * x),
    "|x|": np.abs,
    "x²": np.square,
}
STEEP, GENTLE = palette.NEUTRAL[:2]
COLOURS = {"gentle": GENTLE, "steep": STEEP, "|x|": GENTLE, "x²": STEEP}


def data() -> pd.DataFrame:
    """Heights of each function, and its steepest slope within [-|x|, |x|]."""
    x = np.linspace(-3, 3, 601)
    tables = []
    for name, function in FUNCTIONS.items():
        f = function(x)
        within = [_steepest(f[np.abs(x) <= r + 1e-9], x[np.abs(x) <= r + 1e-9]) for r in np.abs(x)]
        tables.append(pd.DataFrame({"function": name, "x": x, "f": f, "steepest_within": within}))
    return pd.concat(tables, ignore_index=True)


def _steepest(f: np.ndarray, x: np.ndarray) -> float:
    """Over neighbours only: on a line no chord is steeper than the steepest piece of it."""
    return float(np.abs(np.diff(f) / np.diff(x)).max()) if len(x) > 1 else float("nan")


def draw(table: pd.DataFrame) -> Figure:
    """Two pairs of functions with a cone each, and their slopes."""
    figure = style.figure(2.3)
    left, middle, right = figure.subplots(1, 3)
    by_name = {str(name): part for name, part in table.groupby("function")}
    for axes, pair, at in ((left, ("steep", "gentle"), 1.0), (middle, ("x²", "|x|"), 1.0)):
        _cone(axes, at, float(FUNCTIONS[pair[1]](np.array(at))))
        for name in pair:
            axes.plot(by_name[name]["x"], by_name[name]["f"], color=COLOURS[name], label=name)
        axes.set(xlim=(-3, 3), ylim=(-2, 3), xlabel="x")
        axes.legend(loc="lower center", handlelength=1.2, ncols=2, columnspacing=1)
    for name, part in by_name.items():
        outward = part[part["x"] > 0]
        dashes = style.DASHES[0] if name in ("|x|", "x²") else style.DASHES[1]
        right.plot(outward["x"], outward["steepest_within"], color=COLOURS[name], linestyle=dashes)
        lift = {"|x|": 0.14, "gentle": -0.14}.get(name, 0.0)
        marks.end_labels(right, {name: (3.0, outward["steepest_within"].iloc[-1] + lift)}, COLOURS)
    right.set(xlim=(0, 3), ylim=(0, 6.2), xlabel="R")
    right.set_title("largest slope within [-R, R]")
    return figure


def _cone(axes: Axes, at: float, height: float) -> None:
    x = np.array([-3.0, 3.0])
    reach = np.abs(x - at)
    for end in (0, 1):
        corner = [at, x[end]]
        axes.fill_between(corner, [height, height - reach[end]], [height, height + reach[end]],
                          color=style.GRID, linewidth=0)  # fmt: skip
    axes.plot(at, height, "o", color=style.MUTED, markersize=3.5, zorder=3)


def chord(name: str, x: np.ndarray) -> float:
    """The steepest chord between any two of the points x [n] of a function of this panel."""
    return plans.steepest(FUNCTIONS[name](x), plans.distances(x, x))
