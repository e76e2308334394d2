"""Estimate against FID over the checkpoints of every run."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import names, style
from replication.figures.names import ARM, Arm
from replication.figures.results import Frames
from replication.words import numbers

TITLE = "Does the estimate follow quality?"
CAPTION = (
    "Each checkpoint's held-out estimate against the FID of its samples. One thin line per seed joins its "
    "checkpoints in time: small and pale in the first third of training, large and full in the last. An "
    "estimate that can be read as progress runs from the upper right to the lower left. ρ: Spearman's rank "
    "correlation within each run, mean over seeds with its 95 % interval where there are enough seeds for one."
)
RUNS = ["@images/*"]

COLUMNS = 4
CORRELATION = ["spearman", "ci_low", "ci_high"]


def data(frames: Frames) -> pd.DataFrame:
    """Held-out estimate and FID at every checkpoint of every run, and their correlation in its arm, ``spearman``."""
    fid = frames.quality[frames.quality["metric"].isin(frames.metrics("fid"))]
    keys = [*ARM, "seed", "step"]
    table = fid.merge(frames.curves[[*keys, "estimate_heldout"]], on=keys)
    table = table[np.isfinite(table["estimate_heldout"]) & np.isfinite(table["value"])]
    table = table[[*keys, "metric", "estimate_heldout", "value"]].sort_values(keys)
    known = frames.tracking[frames.tracking["estimate"] == "estimate_heldout"]
    known = known[known["quality"].isin(frames.metrics("fid"))].drop_duplicates(ARM)
    return table.merge(known[[*ARM, *CORRELATION]], on=ARM, how="left")


def draw(table: pd.DataFrame) -> Figure:
    """One small panel per arm, its own scale across, FID shared up."""
    arms = names.arms_of(table)
    rows = -(-len(arms) // COLUMNS)
    figure = style.figure(2.2 * rows, hspace=0.05)
    grid = figure.subplots(rows, COLUMNS, sharey=True, squeeze=False)
    for axes in grid.flat[len(arms) :]:
        axes.set_axis_off()
    for axes, arm in zip(grid.flat, arms, strict=False):
        own = names.rows_of(table, arm)
        _panel(axes, own, arm)
        title = style.wrapped(names.arm_label(arm, arms), 22)
        axes.set_title(f"{title}\n{_correlation(own)}", linespacing=1.35)
        axes.set_xlabel(f"{names.estimate(arm.method)['symbol']}, held-out", labelpad=2)
    for axes in grid[:, 0]:
        axes.set_ylabel(names.metric(table["metric"].iloc[0]).title)
    return figure


def _panel(axes: Axes, own: pd.DataFrame, arm: Arm) -> None:
    colour = names.colour(arm.method)
    for _, run in own.groupby("seed"):
        axes.plot(run["estimate_heldout"], run["value"], color=colour, linewidth=0.6, alpha=0.35)
    third = own.groupby("seed")["step"].rank(pct=True)
    for after, size, alpha in ((0.0, 2.0, 0.3), (1 / 3, 3.0, 0.5), (2 / 3, 4.2, 0.85)):
        part = own[(third > after) & (third <= after + 1 / 3)]
        axes.plot(part["estimate_heldout"], part["value"], "o", color=colour, markersize=size,
                  alpha=alpha, markeredgewidth=0)  # fmt: skip
    style.log(axes.yaxis)
    axes.locator_params(axis="x", nbins=4)


def _correlation(own: pd.DataFrame) -> str:
    rho, low, high = own[CORRELATION].iloc[0]
    if pd.isna(rho):
        return "ρ –"
    interval = "" if pd.isna(low) else f" [{numbers.plain(low)}, {numbers.plain(high)}]"
    return f"ρ {numbers.plain(rho)}{interval}"
