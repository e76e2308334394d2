"""Kantorovich and Rubinstein: the best plan and the best critic give one number."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import marks, style
from replication.transport import plans

TITLE = "The best plan and the best critic agree"
CAPTION = (
    "Left: P and Q on a line, and the critic f that sees them furthest apart while no steeper than 1. "
    "Middle: points in the plane with the best plan (lines) over the heights of the best critic; "
    "along every line the critic falls by exactly the line's length. Right: E_P kf − E_Q kf for the "
    "critic stretched k times: it equals W at slope 1 and has no maximum without the limit."
)
EXPLAINED = (
    "The least work of any plan equals the largest difference in average height that a landscape of "
    "slope at most 1 can make between the two distributions. A WGAN's critic is such a landscape, which is "
    "why its slope has to be limited."
)
PAPER_SHOWS = (
    "Lecture notes state W = max over 1-Lipschitz D of E_data D - E_G D, and that without the limit D "
    "runs to plus and minus infinity."
)
TOPIC = "transport"
PLACE = 4

#: Masses on places 0 to 11 of the line, in twenty-fourths.
P = np.array([1, 4, 6, 3, 1, 0, 0, 0, 2, 4, 2, 1]) / 24
Q = np.array([0, 0, 1, 2, 4, 6, 5, 3, 2, 1, 0, 0]) / 24
POINTS = 12


def data() -> pd.DataFrame:
    """Places with masses p and q, the critic f there, and where the best plan of the plane takes each point.

    ``picture``: f all over the plane, on `grid`.
    """
    places = np.arange(len(P), dtype=float)
    real, fake = plane()
    cost = plans.distances(real, fake)
    pairs = np.argmax(plans.best_plan(_even(), _even(), cost), axis=1)
    x, y = grid()
    everywhere = plans.distances(np.column_stack([x.ravel(), y.ravel()]), fake)
    f = plans.potential(everywhere, plans.anchors(_even(), _even(), cost)).reshape(x.shape)
    return pd.concat(
        [
            _critic(places[:, None], P, Q).assign(part="line"),
            _critic(np.vstack([real, fake]), np.r_[_even(), 0 * _even()], np.r_[0 * _even(), _even()])
            .assign(part="plane", partner=[*(pairs + POINTS), *[-1] * POINTS], picture=[f] * 2 * POINTS),
        ],
        ignore_index=True,
    )  # fmt: skip


def plane() -> tuple[np.ndarray, np.ndarray]:
    """Twelve points of an arc and twelve of a slanted line, [12, 2] each."""
    turn = np.linspace(0.15, 0.85, POINTS) * np.pi
    line = np.linspace(0, 1, POINTS)
    return (
        np.column_stack([1.6 * np.cos(turn), 1.3 * np.sin(turn)]),
        np.column_stack([2.4 * line - 0.9, 0.25 - 1.1 * line]),
    )


def grid() -> tuple[np.ndarray, np.ndarray]:
    """Places all over the part of the plane that is shown: x and y, [80, 90] each."""
    x, y = np.meshgrid(np.linspace(-2.0, 2.0, 90), np.linspace(-1.2, 1.7, 80))
    return x, y


def _even() -> np.ndarray:
    return np.full(POINTS, 1 / POINTS)


def _critic(x: np.ndarray, p: np.ndarray, q: np.ndarray) -> pd.DataFrame:
    """Both sides of the duality for masses p, q on places x: the plan's work and the critic's difference."""
    cost = plans.distances(x, x)
    some_p, some_q = p > 0, q > 0
    f = plans.potential(
        cost[:, some_q], plans.anchors(p[some_p], q[some_q], cost[np.ix_(some_p, some_q)])
    )
    return pd.DataFrame({"x": x[:, 0], "y": x[:, -1], "p": p, "q": q, "f": f - f.mean()}).assign(
        primal=plans.wasserstein(p, q, cost), dual=f @ (p - q), slope=plans.steepest(f, cost)
    )


def draw(table: pd.DataFrame) -> Figure:
    """The line, the plane, and the critic without a limit."""
    figure = style.figure(2.45)
    line, flat, stretched = figure.subplots(1, 3, width_ratios=[1.25, 1.15, 0.85])
    _line(line, table[table["part"] == "line"])
    _plane(flat, table[table["part"] == "plane"].reset_index(drop=True))
    w = float(table["dual"].iloc[0])
    k = np.linspace(0, 3, 50)
    stretched.plot(k[k <= 1], w * k[k <= 1], color=marks.COLOURS["W"], linewidth=2)
    stretched.plot(
        k[k >= 1], w * k[k >= 1], color=marks.COLOURS["W"], linewidth=1.4, linestyle=style.DASHES[2]
    )
    stretched.plot(1, w, "o", color=marks.COLOURS["W"])
    stretched.annotate(
        f"W = {w:.3f}", (1, w), xytext=(6, -8), textcoords="offset points", fontsize=8
    )
    stretched.set(xlabel="slope k of the critic", xlim=(0, 3), ylim=(0, 3 * w))
    stretched.set_title("$E_P\\,kf - E_Q\\,kf$")
    return figure


def _line(axes: Axes, part: pd.DataFrame) -> None:
    axes.bar(part["x"] - 0.2, part["p"], 0.38, color=marks.REAL)
    axes.bar(part["x"] + 0.2, part["q"], 0.38, color=marks.FAKE)
    axes.set_ylim(0, 0.62)
    axes.set_yticks([0, 0.1, 0.2])
    axes.set_ylabel("mass", loc="bottom")
    axes.set_xlabel("place")
    axes.set_xticks(range(0, 12, 2))
    axes.grid(False)
    height = axes.twinx()
    height.plot(part["x"], part["f"], "o-", color=marks.COLOURS["W"], markersize=3)
    height.set_ylim(-9, 3.2)
    height.set_yticks([-2, 0, 2])
    height.text(3.4, 1.3, "critic f", color=marks.COLOURS["W"])
    height.spines["right"].set_visible(True)
    first = part.iloc[0]
    axes.set_title(f"plan {first['primal']:.3f} = critic {first['dual']:.3f}")
    for x, name, colour in ((1.3, "P", marks.REAL), (5.3, "Q", marks.FAKE)):
        axes.text(x, 0.265, name, color=colour, fontsize=9, ha="center")


def _plane(axes: Axes, part: pd.DataFrame) -> None:
    real, fake = part[part["p"] > 0], part[part["q"] > 0]
    axes.contourf(*grid(), part["picture"].iloc[0], levels=14, cmap="Greens", alpha=0.55)
    for row in real.itertuples():
        partner = part.iloc[int(row.partner)]
        axes.plot([row.x, partner["x"]], [row.y, partner["y"]], color=style.INK, linewidth=0.8)
    axes.plot(real["x"], real["y"], "o", color=marks.REAL, markersize=4)
    axes.plot(fake["x"], fake["y"], "o", color=marks.FAKE, markersize=4)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.grid(False)
    axes.set_title(f"plan {part['primal'][0]:.3f} = critic {part['dual'][0]:.3f}")
