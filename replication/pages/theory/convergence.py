"""Which convergence implies which: five sequences watched by five distances."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import marks, style
from replication.transport import divergences, plans

TITLE = "Which convergence implies which"
CAPTION = (
    "Five sequences P_n and their limit P, each by five distances; infinity is drawn above the rest. "
    "KL is KL(P_n‖P), reverse KL is KL(P‖P_n). A wave that fades: all five vanish. A fading outlier: KL "
    "never does. A missing piece: reverse KL never does. Finer and finer atoms: only W does. An outlier "
    "that flees to place n: TV and JS vanish and W does not, since the implication needs a bounded "
    "space."
)
EXPLAINED = (
    "If KL, in either direction, tends to 0, so do TV and JS; if these do, so does W, as long as "
    "nothing escapes to infinity. None of this can be turned round: W can fall where all the others "
    "see no progress."
)
MIRRORS = "wgan2017:Theorem 2"
PAPER_SHOWS = (
    "Theorem 2: on a compact space TV and JS converge together; then W converges too, and that is "
    "convergence in distribution; KL or reverse KL converging implies TV converges."
)
TOPIC = "divergences"
PLACE = 6

#: Cells of [0, 1] that stand for the uniform distribution; a power of two, so that atoms sit on borders evenly.
CELLS = 4096
STEPS = tuple(2**k for k in range(1, 10))
SEQUENCES = (
    "a wave that fades",
    "a fading outlier",
    "a missing piece",
    "finer and finer atoms",
    "an outlier that flees",
)


def members(sequence: str, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sorted places with the masses of P_n and of its limit P."""
    cells = (np.arange(CELLS) + 0.5) / CELLS
    even = np.full(CELLS, 1 / CELLS)
    if sequence == "a wave that fades":
        return cells, even * (1 + np.cos(2 * np.pi * cells) / n), even
    if sequence == "a fading outlier":
        return np.r_[cells, 1.5], np.r_[even * (1 - 1 / n), 1 / n], np.r_[even, 0]
    if sequence == "a missing piece":
        kept = cells > 1 / n
        return cells, kept / kept.sum(), even
    if sequence == "finer and finer atoms":
        places = np.r_[cells, (np.arange(n) + 0.5) / n]
        order = np.argsort(places)
        atoms, limit = np.r_[0 * cells, np.full(n, 1 / n)], np.r_[even, np.zeros(n)]
        return places[order], atoms[order], limit[order]
    return np.array([0.0, n]), np.array([1 - 1 / n, 1 / n]), np.array([1.0, 0.0])


def data() -> pd.DataFrame:
    """The five distances between P_n and P, by sequence and n."""
    rows = []
    for sequence in SEQUENCES:
        for n in STEPS:
            x, p, q = members(sequence, n)
            rows.append(
                {
                    "sequence": sequence,
                    "n": n,
                    "KL": divergences.kl(p, q),
                    "reverse KL": divergences.kl(q, p),
                    "JS": divergences.js(p, q),
                    "TV": divergences.tv(p, q),
                    "W": plans.wasserstein_on_line(x, p, q),
                }
            )
    return pd.DataFrame(rows)


def draw(table: pd.DataFrame) -> Figure:
    """One plot per sequence, and the implications."""
    figure = style.figure(4.2)
    grid: Any = figure.subplots(2, 3, sharey=True, sharex=True)
    for axes, sequence in zip(grid.flat, SEQUENCES, strict=False):
        _sequence(axes, table[table["sequence"] == sequence])
        axes.set_title(sequence)
    for axes in grid[:, 0]:
        axes.set_ylabel("distance of $P_n$ from $P$")
    for axes in grid.flat:
        axes.set_xlabel("n", labelpad=1)
        axes.tick_params(labelbottom=True)
    _implications(grid[1, 2])
    figure.legend(*grid[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=5)
    return figure


INFINITY, TOP, BOTTOM = 16.0, 40.0, 1e-6


def _sequence(axes: Axes, part: pd.DataFrame) -> None:
    dashes = {"reverse KL": (0, (3, 3)), "TV": (0, (1, 1))}
    for name, colour in marks.COLOURS.items():
        shown = part[name].replace(np.inf, INFINITY)
        axes.plot(part["n"], shown, color=colour, linewidth=1.8, linestyle=dashes.get(name, "-"),
                  label=name)  # fmt: skip
    axes.set(xscale="log", yscale="log", ylim=(BOTTOM, TOP), xlim=(2, STEPS[-1]))
    axes.set_yticks([1e-6, 1e-4, 1e-2, 1, INFINITY], ["$10^{-6}$", "$10^{-4}$", "0.01", "1", "∞"])
    axes.set_xticks([2, 8, 32, 128, 512], ["2", "8", "32", "128", "512"])
    axes.minorticks_off()


def _implications(axes: Axes) -> None:
    axes.set_axis_off()
    axes.set_title("a → b: if a vanishes, so does b")
    places = {
        "KL": (0.06, 0.8),
        "reverse KL": (0.06, 0.3),
        "TV": (0.52, 0.72),
        "JS": (0.52, 0.38),
        "W": (0.92, 0.55),
    }
    for name, (x, y) in places.items():
        words = "reverse\nKL" if name == "reverse KL" else name
        axes.text(x, y, words, transform=axes.transAxes, ha="center", va="center", fontsize=10,
                  fontweight="bold", color=marks.COLOURS[name])  # fmt: skip
    arrows = {("KL", "TV"): "-|>", ("reverse KL", "JS"): "-|>", ("TV", "JS"): "<|-|>", ("TV", "W"): "-|>",
              ("JS", "W"): "-|>"}  # fmt: skip
    for (a, b), looks in arrows.items():
        axes.annotate("", places[b], places[a], xycoords="axes fraction", textcoords="axes fraction",
                      arrowprops={"arrowstyle": looks, "color": style.MUTED, "shrinkA": 13, "shrinkB": 12})  # fmt: skip
    marks.note(axes, "arrows to W: on a bounded space", (0.5, 0.12), color=style.MUTED, ha="center")
