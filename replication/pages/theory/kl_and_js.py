"""KL and JS of two Gaussians, and where the asymmetry of KL really shows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import marks, style
from replication.transport import divergences

TITLE = "KL and JS of two Gaussians"
CAPTION = (
    "Left: N(0, 1) and a second Gaussian. Middle: what each place adds to KL in both directions; the "
    "numbers are the areas. Right: what it adds to JS. Upper row, N(1, 1): the two KL curves are "
    "mirror images and have the same area, 0.5. Lower row, N(1, 2²): now the areas differ, and KL "
    "depends on the direction. JS is the same both ways, and below log 2 = 0.693 (1 bit)."
)
EXPLAINED = (
    "For two Gaussians of the same width, KL is the same in both directions: only the places where it "
    "is earned differ. Its asymmetry needs different shapes: it is large where the second "
    "distribution puts little mass and the first puts much."
)
MIRRORS = "weng2017:fig1"
PAPER_SHOWS = (
    "The post From GAN to WGAN: N(0, 1) and N(1, 1) with the integrands of KL in both directions, "
    "captioned as showing the asymmetry of KL, and of JS."
)
TOPIC = "divergences"
PLACE = 1

PAIRS = {"N(1, 1)": (1.0, 1.0), "N(1, 2²)": (1.0, 2.0)}


def data() -> pd.DataFrame:
    """Densities and integrands over x in steps of 0.05, with the integrals, by pair."""
    x = divergences.line()
    p = divergences.masses(x)
    tables = []
    for name, (mean, sd) in PAIRS.items():
        q = divergences.masses(x, mean, sd)
        cell, middle = x[1] - x[0], (p + q) / 2
        js = (p * np.log(p / middle) + q * np.log(q / middle)) / 2
        pointwise = {
            "p": p,
            "q": q,
            "kl": p * np.log(p / q),
            "reverse_kl": q * np.log(q / p),
            "js": js,
        }
        seen = (np.abs(x) <= 7) & (np.arange(len(x)) % 50 == 0)
        columns = {key: values[seen] / cell for key, values in pointwise.items()}
        tables.append(
            pd.DataFrame({"pair": name, "x": x[seen]} | columns).assign(
                total_kl=divergences.kl(p, q),
                total_reverse_kl=divergences.kl(q, p),
                total_js=divergences.js(p, q),
                total_tv=divergences.tv(p, q),
            )
        )
    return pd.concat(tables, ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """One row per pair: densities, integrands of KL, integrand of JS."""
    figure = style.figure(3.5)
    grid: Any = figure.subplots(len(PAIRS), 3, sharex="col", sharey="col")
    for row, name in zip(grid, PAIRS, strict=True):
        part = table[table["pair"] == name]
        total = part.iloc[0]
        _areas(row[0], part, {"p": ("N(0, 1)", marks.REAL), "q": (name, marks.FAKE)})
        _areas(row[1], part, {
            "kl": (f"KL(p‖q) = {total['total_kl']:.3f}", marks.COLOURS["KL"]),
            "reverse_kl": (f"KL(q‖p) = {total['total_reverse_kl']:.3f}", marks.COLOURS["reverse KL"]),
        })  # fmt: skip
        bits = total["total_js"] / divergences.LOG2
        _areas(
            row[2],
            part,
            {"js": (f"JS = {total['total_js']:.4f}\n({bits:.4f} bit)", marks.COLOURS["JS"])},
        )
    for axes, title in zip(
        grid[0], ("densities p and q", "KL by place", "JS by place"), strict=True
    ):
        axes.set_title(title)
    for axes, top in zip(grid[0], (0.62, 1.0, 0.105), strict=True):
        axes.set_ylim(None, top)
    for axes in grid[-1]:
        axes.set(xlim=(-4, 7), xlabel="x")
    return figure


def _areas(axes: Axes, part: pd.DataFrame, lines: dict[str, tuple[str, str]]) -> None:
    for column, (label, colour) in lines.items():
        axes.plot(part["x"], part[column], color=colour, label=label)
        axes.fill_between(part["x"], part[column], color=colour, alpha=0.15, linewidth=0)
    axes.axhline(0, color=style.MUTED, linewidth=0.6)
    axes.legend(loc="upper right", handlelength=1.0, borderaxespad=0.1)
