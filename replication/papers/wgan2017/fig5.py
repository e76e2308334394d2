"""Samples of WGAN and of GAN from the same convolutional generator, and their FID.

What stands for the claim was written down before any of these runs was made. GAN is ``gan_ns``: a DCGAN is trained
by the non-saturating game. WGAN is ``wgan_clip``, the paper's own, with the same nets. Both are compared within a
data set, a net whose name begins with ``dcgan`` and a recipe (variant) that both have, seed by seed; a pair of which
one diverged is left out. Each data set, net and recipe is judged by itself; controls ask
whether both learned, and whether they took as many generator steps.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from replication.analysis.statistics import mean_interval
from replication.analysis.tracking import finished
from replication.figures import forest, names, style
from replication.figures.names import ARM, Arm
from replication.figures.results import Frames
from replication.plan.study import AND
from replication.words import numbers

TITLE = "WGAN and GAN with a convolutional generator"
CAPTION = (
    "Samples of WGAN with clipping and of the non-saturating GAN from the same convolutional nets, beside real "
    "held-out images; a row per data set, net and recipe that both have. First seed, last checkpoint, in the order of "
    "the noise: nothing is picked. Above each sheet FID at the last checkpoint: mean over the seeds that finished, "
    "with its 95 % interval; above real images that of training images. Where FID stood still in both, the pair "
    "decides nothing."
)
MIRRORS = "wgan2017:fig5"
PAPER_SHOWS = (
    "Two sheets of LSUN bedrooms from a DCGAN generator, one trained as WGAN and one as a standard GAN: both are good "
    "and neither looks better than the other."
)
RUNS = ["@images/dcgan*/wgan_clip/*", "@images/dcgan*/gan_ns/*"]

WGAN, GAN = "wgan_clip", "gan_ns"

#: What both methods share where they are compared.
SHARED = ["dataset", "net", "variant"]

SIDE = 8  # samples along an edge of a sheet


def data(frames: Frames) -> pd.DataFrame:
    """FID at the last checkpoint of every seed that finished, where both methods have one, and whether it had moved.

    ``before``: FID before the last third of the checkpoints; ``picture``: samples of the arm's first seed, at
    ``sheet_step``; ``picture_real``: held-out images; ``real``: FID of training images.
    """
    fid = finished(
        frames.runs, frames.quality[frames.quality["metric"].isin(frames.metrics("fid"))]
    )
    runs = fid.sort_values([*ARM, "seed", "step"]).groupby([*ARM, "seed"])
    last = runs.tail(1).set_index([*ARM, "seed"])
    last["before"] = runs["value"].agg(lambda course: course.iloc[-(len(course) // 3) - 1])
    last = last.reset_index()
    both = last.groupby(SHARED)["method"].transform("nunique") == 2
    table = forest.learned(last[both].reset_index(drop=True), frames)
    sheets = {arm: frames.first_samples(arm) for arm in names.arms_of(table)}
    own = [sheets[Arm(*arm)] for arm in table[ARM].itertuples(index=False, name=None)]
    images = {dataset: frames.held_out(dataset, SIDE**2) for dataset in table["dataset"].unique()}
    return table.assign(
        real=[frames.real(d, m) for d, m in zip(table["dataset"], table["metric"], strict=True)],
        sheet_step=[max(kept) for kept in own],
        picture=[kept[max(kept)] for kept in own],
        picture_real=table["dataset"].map(images),
    )


def draw(table: pd.DataFrame) -> Figure:
    """A row per data set, net and recipe: a sheet of WGAN, one of GAN, and real images."""
    rows = list(table.groupby(SHARED))
    figure = style.figure(2.62 * max(1, len(rows)), hspace=0.03, wspace=0.02)
    grid = figure.subplots(max(1, len(rows)), 3, squeeze=False)
    for axes, ((dataset, net, variant), own) in zip(grid, rows, strict=False):
        for place, method in zip(axes, (WGAN, GAN), strict=False):
            seeds = own[own["method"] == method]
            label = f"{names.method_label(method)}, step {seeds['sheet_step'].iloc[0]:,}"
            images = seeds["picture"].iloc[0][: SIDE**2]
            _sheet(place, images, f"{label}\n{_score(seeds)}")
        first = own.iloc[0]
        score = f"{names.metric(first['metric']).label} {numbers.rounded(first['real'])}"
        _sheet(axes[2], first["picture_real"], f"Real\n{score}")
        recipe = "own recipes" if variant == names.PLAIN else names.variant_label(variant)
        axes[0].text(
            -0.03, 0.5, f"{names.dataset_label(dataset)}, {names.net_label(net)}, {recipe}", ha="right", va="center",
            rotation=90, transform=axes[0].transAxes,
        )  # fmt: skip
    return figure


def evidence(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """WGAN17-C6: by pair of arms and seed, FID of WGAN over that of GAN."""
    return {"WGAN17-C6": {pair: ratio.tolist() for pair, ratio in _ratios(table, "value")}}


def controls(table: pd.DataFrame) -> dict[str, dict[str, dict[str, list[float]]]]:
    """WGAN17-C6: by pair of arms and seed, the generator steps of WGAN over those of GAN.

    And by how much FID of the method that still moves more changed over the last third of the checkpoints, relative.
    """
    moved = table.assign(moved=(1 - table["before"] / table["value"]).abs())
    steps = {pair: own.tolist() for pair, own in _ratios(table, "step")}
    plateau = {p: own.max(axis=1).tolist() for p, own in _pairs(moved, "moved")}
    return {"WGAN17-C6": {"steps": steps, "plateau": plateau}}


def _ratios(table: pd.DataFrame, column: str) -> Iterator[tuple[str, pd.Series]]:
    """A column of WGAN over that of GAN, of every pair of arms that both finished, by seed."""
    for pair, own in _pairs(table, column):
        yield pair, own[WGAN] / own[GAN]


def _pairs(table: pd.DataFrame, column: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """A column of both methods, of every pair of arms that both finished, by seed."""
    wide = table.pivot(index=[*SHARED, "seed"], columns="method", values=column)
    wide = wide.reindex(columns=[WGAN, GAN]).dropna()
    for (dataset, net, variant), own in wide.groupby(SHARED):
        yield AND.join(f"{dataset}/{net}/{method}/{variant}" for method in (WGAN, GAN)), own


def _score(own: pd.DataFrame) -> str:
    """``FID (LeNet) 22.3 (21.6 to 22.7)``, of the seeds of one arm."""
    mean, low, high, _ = mean_interval(own["value"])
    return f"{names.metric(own['metric'].iloc[0]).label} {numbers.estimate(mean, low, high)}"


def _sheet(axes: Axes, images: NDArray[np.uint8], title: str) -> None:
    """Images [n, C, H, W] in rows of `SIDE`, under a title."""
    style.show(axes, style.sheet(images, SIDE))
    axes.set_title(title, loc="center", fontsize=7.5)
