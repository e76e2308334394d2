"""Samples of WGAN and of GAN with one generator side by side, as in figures 5 to 7 of the paper."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from replication.analysis.statistics import mean_interval
from replication.figures import ends, names, style
from replication.figures.names import Arm
from replication.figures.results import Frames
from replication.words import numbers

SIDE = 8  # samples along an edge of a sheet


def data(frames: Frames) -> pd.DataFrame:
    """The end of every run, and samples of each arm's first seed: ``picture``, with ``sheet_step``."""
    table = ends.data(frames, fewest=1)
    sheets = {arm: frames.first_samples(Arm(*arm.split("/"))) for arm in table["arm"].unique()}
    shown = {arm: (max(kept), kept[max(kept)]) for arm, kept in sheets.items() if kept}
    none: tuple[int, NDArray[np.uint8] | None] = (0, None)
    return table.assign(
        sheet_step=[shown.get(arm, none)[0] for arm in table["arm"]],
        picture=[shown.get(arm, none)[1] for arm in table["arm"]],
    )


def draw(table: pd.DataFrame, rows: Mapping[str, tuple[str, ...]]) -> Figure:
    """A row per generator, a sheet per arm; arms and generators none of whose runs is there are left out."""
    there = set(table["arm"])
    shown = {name: own for name, arms in rows.items() if (own := [a for a in arms if a in there])}
    figure = style.figure(3.55 * len(shown), hspace=0.03, wspace=0.02)
    grid = figure.subplots(len(shown), max(map(len, shown.values())), squeeze=False)
    for axes, (generator, arms) in zip(grid, shown.items(), strict=True):
        for place in axes:
            place.set_axis_off()
        for place, arm in zip(axes, arms, strict=False):
            own = table[table["arm"] == arm]
            if own["picture"].iloc[0] is None:
                continue
            style.show(place, style.sheet(own["picture"].iloc[0][: SIDE**2], SIDE))
            method = names.method_label(arm.split("/")[2])
            step = f"{method}, step {own['sheet_step'].iloc[0]:,}"
            place.set_title(f"{step}\n{score(own)}", loc="center", fontsize=7.5)
        axes[0].text(-0.03, 0.5, generator, ha="right", va="center", rotation=90,
                     transform=axes[0].transAxes)  # fmt: skip
    return figure


def score(own: pd.DataFrame) -> str:
    """``FID (LeNet) 22.3 (21.6 to 22.7), 1 of 6 diverged``, of the seeds of one arm."""
    mean, low, high, n = mean_interval(own["fid"])
    label = names.metric(str(own["metric"].iloc[0])).label
    gone = f", {len(own) - n} of {len(own)} diverged" if n < len(own) else ""
    return f"{label} {numbers.estimate(mean, low, high)}{gone}" if n else f"all {len(own)} diverged"
