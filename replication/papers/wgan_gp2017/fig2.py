"""Seven architectures, trained by four methods with one setting each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from replication.figures import ends, names, palette, style
from replication.figures.names import Arm
from replication.figures.results import Frames

TITLE = "Seven architectures, four methods"
CAPTION = (
    "Samples at one generator step of each architecture under each method's own recipe; first seed, nothing picked. "
    "Below each sheet how many of the runs trained: those in which FID went half of its way from the first "
    "checkpoint to real images. An empty place is an arm that was not run; architectures without any run are left "
    "out."
)
MIRRORS = "wgan_gp2017:fig2"
PAPER_SHOWS = (
    "Samples of LSUN bedrooms from the same seven architectures after 200,000 iterations: DCGAN, LSGAN and weight "
    "clipping each fail on some, WGAN-GP trains all seven with one setting."
)
RUNS = [
    "mnist/dcgan_16/gan_ns/paper", "mnist/dcgan_16/lsgan/paper",
    "mnist/dcgan_16/wgan_clip/paper", "mnist/dcgan_16/wgan_gp/paper",
    "mnist/constant_filters_16/gan_ns/paper", "mnist/constant_filters_16/lsgan/paper",
    "mnist/constant_filters_16/wgan_clip/paper", "mnist/constant_filters_16/wgan_gp/paper",
    "mnist/perceptron_generator_16/gan_ns/paper", "mnist/perceptron_generator_16/lsgan/paper",
    "mnist/perceptron_generator_16/wgan_clip/paper", "mnist/perceptron_generator_16/wgan_gp/paper",
    "mnist/dcgan_16/gan_ns/no_norm", "mnist/dcgan_16/lsgan/no_norm",
    "mnist/dcgan_16/wgan_clip/no_norm", "mnist/dcgan_16/wgan_gp/no_norm",
    "mnist/gated_16/gan_ns/paper", "mnist/gated_16/lsgan/paper",
    "mnist/gated_16/wgan_clip/paper", "mnist/gated_16/wgan_gp/paper",
    "mnist/tanh_16/gan_ns/paper", "mnist/tanh_16/lsgan/paper",
    "mnist/tanh_16/wgan_clip/paper", "mnist/tanh_16/wgan_gp/paper",
    "mnist/resnet101_4/gan_ns/paper", "mnist/resnet101_4/lsgan/paper",
    "mnist/resnet101_4/wgan_clip/paper", "mnist/resnet101_4/wgan_gp/paper",
]  # fmt: skip

METHODS = ("gan_ns", "lsgan", "wgan_clip", "wgan_gp")
PENALTY = METHODS[-1]
#: In the order of the paper, as in `RUNS`.
ARCHITECTURES = (
    "DCGAN",
    "G: no BN, constant filters",
    "G: 4 layers of 512, ReLU",
    "no normalisation in G or D",
    "gated units everywhere",
    "tanh everywhere",
    "101-layer ResNet",
)
COUNT = len(METHODS)
ARMS = {name: RUNS[COUNT * i : COUNT * (i + 1)] for i, name in enumerate(ARCHITECTURES)}

SIDE = 4


def data(frames: Frames) -> pd.DataFrame:
    """The end of every run at one generator step, with samples of each arm's first seed: ``picture``."""
    table = ends.data(frames)
    kept: dict[str, NDArray[Any] | None] = {}
    for arm, own in table.groupby("arm"):
        samples, end = frames.first_samples(Arm(*str(arm).split("/"))), own["step"].max()
        until = [step for step in samples if not step > end]  # of an arm that diverged, all
        kept[str(arm)] = samples[max(until)][: SIDE**2] if until else None
    table = table.assign(picture=table["arm"].map(kept))
    return table if len(_shown(table)) > 1 else table.iloc[:0]  # one architecture compares nothing


def _shown(table: pd.DataFrame) -> dict[str, list[str]]:
    """The architectures of which any arm was run."""
    there = set(table["arm"])
    return {name: arms for name, arms in ARMS.items() if there & set(arms)}


def draw(table: pd.DataFrame) -> Figure:
    """A row per architecture, a column per method."""
    rows = _shown(table)
    figure = style.figure(1.12 * len(rows) + 0.3, hspace=0.02, wspace=0.02, h_pad=0.02, w_pad=0.02)
    grid = figure.subplots(len(rows), COUNT, squeeze=False)
    for row, (architecture, arms) in zip(grid, rows.items(), strict=True):
        for axes, arm in zip(row, arms, strict=True):
            axes.set_axis_off()
            own = table[table["arm"] == arm]
            if own.empty:
                continue
            if own["picture"].iloc[0] is not None:
                style.show(axes, style.sheet(own["picture"].iloc[0], SIDE))
            good = ends.trained(table, arm)
            axes.text(0.5, -0.02, f"{sum(good):.0f} of {len(good)} trained", ha="center", va="top",
                      transform=axes.transAxes, fontsize=7,
                      color=style.INK if _trained(good) else palette.VERMILLION)  # fmt: skip
        row[0].text(-0.08, 0.5, style.wrapped(architecture, 18), ha="right", va="center",
                    transform=row[0].transAxes, fontsize=7.5)  # fmt: skip
    for axes, method in zip(grid[0], METHODS, strict=True):
        axes.set_title(names.method_label(method), loc="center")
    return figure


def _trained(good: list[float]) -> bool:
    """Whether most runs did."""
    return bool(good) and float(np.mean(good)) > 0.5


def _counts(table: pd.DataFrame) -> dict[str, int]:
    """By method, how many architectures it trains; none where an arm is not there."""
    if not set(RUNS) <= set(table["arm"]):
        return {}
    columns = zip(*ARMS.values(), strict=True)
    return {
        method: sum(_trained(ends.trained(table, arm)) for arm in arms)
        for method, arms in zip(METHODS, columns, strict=True)
    }


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGP17-C5a and C5b: architectures that WGAN-GP trains, and the most that another method does."""
    counts = _counts(table)
    if not counts:
        return {}
    others = max(count for method, count in counts.items() if method != PENALTY)
    return {"WGP17-C5a": [float(counts[PENALTY])], "WGP17-C5b": [float(others)]}


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """Both: whether each architecture is trained by at least one method."""
    if not _counts(table):
        return {}
    some = [
        float(any(_trained(ends.trained(table, arm)) for arm in arms)) for arms in ARMS.values()
    ]
    return {claim: {"trains": some} for claim in ("WGP17-C5a", "WGP17-C5b")}
