"""Finite samples of one and the same distribution, told apart without an error."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import marks, palette, style
from replication.transport import supports

TITLE = "Finite samples hardly ever overlap"
CAPTION = (
    "Left: samples of two broad curves that overlap, and the regions of a classifier that makes no "
    "error on them. Right: points of one Gaussian N(0, I) in d dimensions, called real or generated "
    "by tossing a coin; the share of 40 trials in which one straight cut separates them all (dots; a "
    "linear program decides), and Cover's exact probability (lines)."
)
EXPLAINED = (
    "Real and generated samples can come from the very same distribution, JS = 0, and still be told "
    "apart perfectly, because finitely many points leave room between them. In d dimensions even a "
    "straight cut suffices for about 2 d points."
)
PAPER_SHOWS = "Lecture notes draw samples of two overlapping supports with a boundary that winds between them."
TOPIC = "supports"
PLACE = 2

DIMENSIONS = {2: palette.NEUTRAL[4], 8: palette.NEUTRAL[2], 32: palette.NEUTRAL[0]}
RATIOS = (0.5, 1.0, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 3.0, 3.5)
TRIALS = 40


def data() -> pd.DataFrame:
    """Share of separable trials with Cover's probability, by dimension and points per dimension."""
    random = np.random.default_rng(0)
    rows = []
    for d in DIMENSIONS:
        for n in sorted({max(2, round(ratio * (d + 1))) for ratio in RATIOS}):
            cut = [
                supports.separable(random.normal(size=(n, d)), random.random(n) < 0.5)
                for _ in range(TRIALS)
            ]
            rows.append(
                {"d": d, "points": n, "points_per_dimension": n / (d + 1), "separable": float(np.mean(cut)),
                 "cover": supports.cover_probability(n, d), "trials": TRIALS}
            )  # fmt: skip
    return pd.DataFrame(rows)


def bands() -> tuple[np.ndarray, np.ndarray]:
    """Thirty samples each of two curved bands that cross, [30, 2]."""
    random = np.random.default_rng(3)
    along = random.uniform(-1.5, 1.5, (2, 30))
    width = random.normal(0, 0.22, (2, 30))
    real = np.column_stack([along[0], 0.6 * np.sin(2 * along[0]) + width[0]])
    fake = np.column_stack([along[1], 0.5 * along[1] ** 2 - 0.5 + width[1]])
    return real, fake


def draw(table: pd.DataFrame) -> Figure:
    """The bands with their boundary, and the separable shares."""
    figure = style.figure(2.7)
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.2])
    _boundary(left)
    for d, colour in DIMENSIONS.items():
        part = table[table["d"] == d]
        right.plot(part["points_per_dimension"], part["separable"], "o", color=colour, markersize=4)
        points = np.arange(2, round(3.6 * (d + 1)))
        cover = [supports.cover_probability(int(n), d) for n in points]
        right.plot(points / (d + 1), cover, color=colour, linewidth=1.2, label=f"d = {d}")
    right.axvline(2, color=style.MUTED, linewidth=0.8, linestyle=style.DASHES[1])
    right.set(
        xlabel="points / (d + 1)",
        ylabel="separated by one straight cut",
        xlim=(0.4, 3.6),
        ylim=(-0.03, 1.05),
    )
    right.legend(loc="upper right")
    return figure


def _boundary(axes: Axes) -> None:
    """Regions by the nearest sample: a classifier that is right about every one of them."""
    real, fake = bands()
    x, y = np.meshgrid(np.linspace(-1.7, 1.7, 240), np.linspace(-1.5, 1.7, 240))
    places = np.column_stack([x.ravel(), y.ravel()])
    near_real, near_fake = (
        ((places[:, None] - sample[None]) ** 2).sum(2).min(1).reshape(x.shape)
        for sample in (real, fake)
    )
    axes.contourf(
        x,
        y,
        near_real - near_fake,
        levels=[-99, 0, 99],
        colors=[marks.REAL, marks.FAKE],
        alpha=0.16,
    )
    axes.contour(x, y, near_real - near_fake, levels=[0], colors=[style.INK], linewidths=0.9)
    axes.plot(*real.T, "o", color=marks.REAL, markersize=4)
    axes.plot(*fake.T, "o", color=marks.FAKE, markersize=4)
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
