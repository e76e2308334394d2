"""Two lines and two surfaces in space: how seldom they share anything."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import marks, style
from replication.transport import supports

TITLE = "Thin sets in space miss each other, or as good as"
CAPTION = (
    "Left: two lines in space, and where they are nearest; of 10,000 random pairs none meets. Middle: "
    "two surfaces; they meet, in a curve (black), which has no area. Right: the share of random pairs "
    "of lines that pass within ε, and the share of one surface that lies within ε of the other: both "
    "fall in proportion to ε, so exactly 0 remains for a true contact."
)
EXPLAINED = (
    "Images fill only a thin sheet of the space of pixels, and so do generated images. Two such "
    "sheets share next to nothing, which is why a discriminator can become perfect and JS says log 2 "
    "however close they are."
)
MIRRORS = "weng2017:fig4"
PAPER_SHOWS = (
    "The post From GAN to WGAN: two lines and two surfaces in three dimensions, to say that thin sets "
    "hardly ever overlap. The lines miss each other; the surfaces do meet, in a curve of measure "
    "zero."
)
TOPIC = "supports"
PLACE = 1

PAIRS, CELLS = 10_000, 1_001
EPSILONS = np.geomspace(1e-3, 0.3, 11)


def heights(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two surfaces as heights over the plane, without any symmetry that would make them meet in more than a curve."""
    return 0.35 * np.sin(2.2 * x) + 0.3 * y, 0.35 * np.cos(1.9 * y + 0.4) - 0.35 * x


def random_gaps() -> np.ndarray:
    """Least distances of random pairs of lines: points and directions N(0, I)."""
    lines = np.random.default_rng(0).normal(size=(PAIRS, 4, 3))
    return np.array([supports.gap_of_lines(*pair) for pair in lines])


def data() -> pd.DataFrame:
    """Both shares by epsilon, and how many pairs of lines meet."""
    gaps = random_gaps()
    side = np.linspace(-1, 1, CELLS)
    one, other = heights(*np.meshgrid(side, side))
    return pd.DataFrame(
        {
            "epsilon": EPSILONS,
            "lines": (gaps[None] <= EPSILONS[:, None]).mean(1),
            "surface": supports.share_near(one, other, EPSILONS),
        }
    ).assign(pairs=PAIRS, pairs_that_meet=int((gaps < 1e-12).sum()), least_gap=gaps.min())


def draw(table: pd.DataFrame) -> Figure:
    """The lines, the surfaces, and the two shares."""
    figure = style.figure(2.5)
    grid: Any = figure.add_gridspec(1, 3, width_ratios=[1, 1, 1.15])
    _lines(figure.add_subplot(grid[0, 0], projection="3d"))
    _surfaces(figure.add_subplot(grid[0, 1], projection="3d"))
    axes = figure.add_subplot(grid[0, 2])
    for column, colour, label in (
        ("lines", marks.COLOURS["JS"], "pairs of lines within ε"),
        ("surface", marks.COLOURS["W"], "surface within ε"),
    ):
        seen = table[table[column] > 0]
        axes.plot(seen["epsilon"], seen[column], "o-", color=colour, markersize=3, label=label)
    axes.set(xscale="log", yscale="log", xlabel="ε", ylabel="share", ylim=(3e-4, 3))
    axes.legend(loc="upper left", handlelength=1.2)
    return figure


def _lines(axes: Any) -> None:
    a, u = np.array([0.0, -0.3, -0.45]), np.array([1.0, 0.3, 0.25])
    b, v = np.array([0.1, 0.1, 0.55]), np.array([0.5, -1.0, -0.3])
    for start, way, colour in ((a, u, marks.REAL), (b, v, marks.FAKE)):
        axes.plot(*np.stack([start - 0.9 * way, start + 0.9 * way]).T, color=colour, linewidth=2)
    ends = np.stack([a, b]) + np.array(supports.nearest_on_lines(a, u, b, v))[:, None] * np.stack(
        [u, v]
    )
    axes.plot(*ends.T, color=style.MUTED, linewidth=1, linestyle=style.DASHES[2])
    _box(axes, "two lines")


def _surfaces(axes: Any) -> None:
    side = np.linspace(-1, 1, 61)
    x, y = np.meshgrid(side, side)
    one, other = heights(x, y)
    for surface, colour in ((one, marks.REAL), (other, marks.FAKE)):
        axes.plot_surface(
            x, y, surface, color=colour, alpha=0.45, linewidth=0, rstride=4, cstride=4
        )
    curve = _zero_curve(x, y, one - other)
    axes.plot(
        curve[:, 0],
        curve[:, 1],
        heights(curve[:, 0], curve[:, 1])[0],
        color=style.INK,
        linewidth=2,
        zorder=9,
    )
    _box(axes, "two surfaces")


def _zero_curve(x: np.ndarray, y: np.ndarray, gap: np.ndarray) -> np.ndarray:
    """Where the gap changes sign along each row of the grid, [k, 2], by linear interpolation."""
    points = []
    for row in range(len(y)):
        for i in np.flatnonzero(np.sign(gap[row, :-1]) != np.sign(gap[row, 1:])):
            share = gap[row, i] / (gap[row, i] - gap[row, i + 1])
            points.append((x[row, i] + share * (x[row, i + 1] - x[row, i]), y[row, 0]))
    return np.array(points)


def _box(axes: Any, title: str) -> None:
    axes.set(
        xticklabels=[], yticklabels=[], zticklabels=[], xlim=(-1, 1), ylim=(-1, 1), zlim=(-1, 1)
    )
    axes.set_title(title, loc="center", pad=-4)
    axes.tick_params(length=0)
    axes.set_box_aspect(None, zoom=1.15)
    axes.view_init(20, -58)
