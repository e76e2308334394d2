"""A ring of Gaussians while GAN and LSGAN train on it, with the recipe of the authors' code.

What stands for which claim was written down before any run was made. A seed that diverged counts as not measured.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from replication.figures import names, pictures, seeds, style
from replication.figures import points as _toys
from replication.figures.names import ARM
from replication.figures.results import Frames

TITLE = "A ring of Gaussians, step by step"
CAPTION = (
    "Density of 500 samples of the first seed at five checkpoints and, at the right, of as many held-out points: a "
    "histogram smoothed by a Gaussian of width 0.06, each picture scaled to its own maximum, of the square from −1.6 "
    "to 1.6. Below: modes with a sample, and exact W1 to held-out data, over generator steps; line: mean over seeds, "
    "band: from the lowest to the highest seed. GAN and LSGAN have the recipe of the LSGAN authors' code for a "
    "mixture of Gaussians, in smaller batches, with learning rates that fall to 0 over the second half. Seeds that "
    "diverged are left out of the curves."
)
EXPLAINED = (
    "The data lie in eight small clusters. If whole clusters are missing at the right end, the generator has given up "
    "on part of the data."
)
MIRRORS = "lsgan2017:mixture of Gaussians"
PAPER_SHOWS = "Two rows of densities over training: LSGAN spreads over all eight Gaussians; GAN settles on one or two."
RUNS = ["ring/points_lsgan/gan_ns/mixture_decay", "ring/points_lsgan/lsgan/mixture_decay"]

COLUMNS, EDGE, BINS, WIDTH = 5, 1.6, 64, 0.06


def data(frames: Frames) -> pd.DataFrame:
    """Modes and exact W1 at every checkpoint of every seed that finished, and samples of the first at some of them.

    ``picture_real``: held-out points; ``real``: the exact W1 of fresh data.
    """
    keys = [*ARM, "seed", "step"]
    table = _toys.over_steps(frames, "modes").merge(_toys.over_steps(frames, "w1"), on=keys)
    real = {dataset: frames.held_out(dataset, 500) for dataset in table["dataset"].unique()}
    table = table.assign(real=frames.real("ring", "w1"), picture_real=table["dataset"].map(real))
    return pictures.at_steps(table, frames, _evenly)


def _evenly(steps: list[int]) -> list[int]:
    """As many steps as there are columns, from the first to the last."""
    places = np.linspace(0, len(steps) - 1, COLUMNS)
    return [steps[int(place)] for place in places] if steps else []


def draw(table: pd.DataFrame) -> Figure:
    """A row of densities per arm, the data at the end, and the course of all seeds below."""
    arms = sorted(names.arms_of(table), key=lambda arm: RUNS.index("/".join(arm)))
    figure = style.figure(1.27 * len(arms) + 1.95)
    places = figure.add_gridspec(
        len(arms) + 1, COLUMNS + 1, height_ratios=[1.27] * len(arms) + [1.5]
    )
    grid = np.array(
        [[figure.add_subplot(places[i, j]) for j in range(COLUMNS + 1)] for i in range(len(arms))]
    )
    half = (COLUMNS + 1) // 2
    modes, w1 = (figure.add_subplot(places[-1, part]) for part in (slice(half), slice(half, None)))
    for axes_row, arm in zip(grid, arms, strict=True):
        _densities(axes_row, names.rows_of(table, arm), names.colour(arm.method))
        axes_row[0].set_ylabel(names.method_label(arm.method), fontsize=7.5)
    for number, image in enumerate(image for axes in grid.flat for image in axes.images):
        image.set_gid(f"density{number}")  # equal pictures would share an id
    for axes in grid.flat:
        axes.set(xticks=[], yticks=[])
    for axes, column in ((modes, "modes"), (w1, "w1")):
        for arm in arms:
            own = names.rows_of(table, arm)
            seeds.course(axes, own, column, names.colour(arm.method))
        axes.set_xlabel("generator steps")
        axes.set_ylabel(names.metric(column).title)
        axes.set_ylim(bottom=0)
        axes.set_xlim(left=0)
    w1.yaxis.set_label_position("right")  # on the left it would part the pictures above
    w1.yaxis.tick_right()
    _toys.reference(w1, table["real"].iloc[0])
    handles = [
        Line2D([], [], color=names.colour(a.method), label=names.method_label(a.method))
        for a in arms
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2)
    return figure


def _densities(axes_row: NDArray[Any], own: pd.DataFrame, colour: str) -> None:
    """Checkpoints of an arm from the first to the last, and the data."""
    shown = pictures.shown(own)
    for axes, step, points in zip(axes_row, shown["step"], shown["picture"], strict=False):
        _picture(axes, points, colour)
        axes.set_title(f"step {step:,}", loc="center", fontsize=7.5)
    _picture(axes_row[-1], own["picture_real"].iloc[0], style.INK)
    axes_row[-1].set_title("data", loc="center", fontsize=7.5)


def _picture(axes: Axes, points: NDArray[Any], colour: str) -> None:
    """The density of points [n, 2] in shades of a colour, one pixel per bin."""
    points = points[np.isfinite(points).all(1)]
    edges = np.linspace(-EDGE, EDGE, BINS + 1)
    counts, _, _ = np.histogram2d(points[:, 0], points[:, 1], bins=[edges, edges])
    density = gaussian_filter(counts, WIDTH / (edges[1] - edges[0]), mode="constant")
    shade = density / max(density.max(), 1e-12)
    page = np.zeros((BINS, BINS, 4), np.uint8)
    page[..., :3] = np.round(255 * np.array(to_rgb(colour)))
    page[..., 3] = np.round(np.sqrt(shade.T[::-1]) * 15) * 17  # few levels: the file stays small
    axes.imshow(page, interpolation="none")
    for side in ("top", "right"):
        axes.spines[side].set_visible(True)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """LS17-C2: modes of LSGAN minus GAN at the end."""
    last = table[table["step"] == table.groupby([*ARM, "seed"])["step"].transform("max")]
    gan, lsgan = (_toys.of(last, arm) for arm in RUNS)
    return {"LS17-C2": _toys.difference(lsgan["modes"], gan["modes"])}
