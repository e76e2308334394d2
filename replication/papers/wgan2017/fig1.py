"""Parallel lines: W and JS, with KL and TV, over the distance between them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import marks, style
from replication.transport import divergences, plans

TITLE = "Parallel lines: what each distance sees"
CAPTION = (
    "P_0 is uniform on a vertical segment and P_θ on the same segment moved θ to the right, each as "
    "21 equal atoms; all values are computed from these atoms, W by POT, and are those of the "
    "segments. W = |θ|. Off θ = 0 JS is log 2, TV is 1, and KL is infinite in both directions (drawn "
    "as a broken line at the top); at θ = 0 all are 0 (dots)."
)
EXPLAINED = (
    "Only W changes as the lines come closer, so only W tells a generator which way to move. The "
    "other distances jump from their full value to 0 at the very end, where there is nothing left to "
    "learn."
)
MIRRORS = "wgan2017:fig1"
PAPER_SHOWS = (
    "EM (left) and JS (right) between P_theta and P_0 over theta in [-1, 1]: a V, and a constant with "
    "a hole at 0."
)
TOPIC = "divergences"
PLACE = 4

COLUMNS = {"W": "W", "JS": "JS", "TV": "TV", "KL": "KL", "reverse KL": "reverse_KL"}


def data() -> pd.DataFrame:
    """Every distance at 41 values of theta, with the deviations of W and of the others from their closed forms."""
    rows = []
    for theta in np.round(np.linspace(-1, 1, 41), 2):
        places, p, q = divergences.parallel_lines(theta)
        some_p, some_q = p > 0, q > 0
        cost = plans.distances(places[some_p], places[some_q])
        rows.append(
            {
                "theta": theta,
                "W": plans.wasserstein(p[some_p], q[some_q], cost),
                "JS": divergences.js(p, q),
                "TV": divergences.tv(p, q),
                "KL": divergences.kl(p, q),
                "reverse_KL": divergences.kl(q, p),
            }
        )
    table = pd.DataFrame(rows)
    return table.assign(w_error=_w_error(table), others_error=_others_error(table))


def _w_error(table: pd.DataFrame) -> pd.Series:
    """Error of a row's W against |theta|."""
    return (table["W"] - table["theta"].abs()).abs()


def _others_error(table: pd.DataFrame) -> pd.Series:
    """Largest error of a row's other distances against log 2, 1 and infinity (0 at theta = 0)."""
    apart = table["theta"] != 0
    errors = pd.DataFrame(
        {
            "JS": table["JS"] - divergences.LOG2 * apart,
            "TV": table["TV"] - apart,
            "KL": table["KL"].where(~apart, 0.0),
            "reverse_KL": table["reverse_KL"].where(~apart, 0.0),
        }
    ).abs()
    infinite = np.isinf(table[["KL", "reverse_KL"]]).all(axis=1)
    return errors.max(axis=1).where(infinite | ~apart, np.inf)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """The largest errors over all theta: WGAN17-C1a, W; WGAN17-C1d, JS, TV and both KL.

    They are rounding error where the claims hold.
    """
    return {
        "WGAN17-C1a": [float(table["w_error"].max())],
        "WGAN17-C1d": [float(table["others_error"].max())],
    }


def draw(table: pd.DataFrame) -> Figure:
    """The lines, W, and the distances that jump."""
    figure = style.figure(2.2)
    lines, smooth, jumps = figure.subplots(1, 3, width_ratios=[0.75, 1, 1.25])
    _lines(lines)
    _jump(smooth, table, "W")
    smooth.set(title="W", ylabel="$W(P_θ, P_0)$", ylim=(0, 1.05))
    for name in ("JS", "TV", "KL", "reverse KL"):
        _jump(jumps, table, name)
    ends: dict[str, Any] = {"JS": (1, divergences.LOG2), "TV": (1, 1.0), "KL": (1, 1.4)}
    marks.end_labels(jumps, ends, marks.COLOURS)
    jumps.set(title="JS, TV and both KL", ylim=(0, 1.5))
    jumps.set_yticks([0, 0.5, 1, 1.4], ["0", "0.5", "1", "∞"])
    for axes in (smooth, jumps):
        axes.set(xlabel="θ", xlim=(-1, 1))
    return figure


def _lines(axes: Axes) -> None:
    axes.plot([0, 0], [0, 1], color=marks.REAL, linewidth=2.5)
    axes.plot([0.7, 0.7], [0, 1], color=marks.FAKE, linewidth=2.5)
    axes.annotate(
        "", (0.66, 0.5), (0.04, 0.5), arrowprops={"arrowstyle": "<|-|>", "color": style.INK}
    )
    axes.text(0.35, 0.54, "θ", ha="center")
    axes.text(0, 1.05, "$P_0$", color=marks.REAL, ha="center")
    axes.text(0.7, 1.05, "$P_θ$", color=marks.FAKE, ha="center")
    axes.set(xlim=(-0.25, 0.95), ylim=(-0.1, 1.2), xticks=[], yticks=[])
    axes.grid(False)


def _jump(axes: Axes, table: pd.DataFrame, name: str) -> None:
    """A distance over theta with a hole at 0; infinity is drawn at 1.4."""
    colour, column = marks.COLOURS[name], COLUMNS[name]
    height = table[column].replace(np.inf, 1.4)
    if name == "W":
        axes.plot(table["theta"], height, color=colour, linewidth=1.8)
        return
    dashes = {"KL": (0, (4, 4)), "reverse KL": (4, (4, 4))}.get(name, "-")
    for side in (table["theta"] < 0, table["theta"] > 0):
        inward = 0.0 if name in ("JS", "TV") else np.nan
        theta, value = table["theta"][side], height[side]
        axes.plot(np.r_[theta, inward] if theta.iloc[0] < 0 else np.r_[inward, theta],
                  np.r_[value, value.iloc[-1]] if theta.iloc[0] < 0 else np.r_[value.iloc[0], value],
                  color=colour, linestyle=dashes, linewidth=1.8)  # fmt: skip
    if name in ("JS", "TV"):
        axes.plot(
            0, value.iloc[0], "o", markerfacecolor=style.PAPER, markeredgecolor=colour, markersize=4
        )
        axes.plot(0, 0, "o", color=colour, markersize=4, clip_on=False, zorder=4)
