"""Quality at the end of training: every arm, every metric."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import names, style
from replication.figures.names import Arm
from replication.figures.results import Frames

TITLE = "Quality at the end of training"
CAPTION = (
    "Mean over seeds with its 95 % interval at the last checkpoint; a hollow mark has no interval, because "
    "too few seeds were run. Grey dashes: real training images scored in the same way. The arrow after a "
    "name points to the better side. Arms with diverged runs say how many."
)
RUNS = ["@images/*"]

METRICS = ("fid", "inception_score", "kid", "precision", "recall", "w1_pixels")


def data(frames: Frames) -> pd.DataFrame:
    """The rows of summary.csv with the value of real images."""
    table = frames.summary[frames.summary["metric"].isin(frames.metrics(*METRICS))].copy()
    table["real"] = [
        frames.real(d, m) for d, m in zip(table["dataset"], table["metric"], strict=True)
    ]
    return table.reset_index(drop=True)


def draw(table: pd.DataFrame) -> Figure:
    """A row per arm, a column per metric; a block of rows per data set."""
    stems = [s for s in METRICS if s in set(names.stems(table["metric"]))]
    datasets = sorted(set(table["dataset"]))
    arms = names.arms_of(table)
    counts = [len({a for a in arms if a.dataset == d}) for d in datasets]
    blocks = -(-len(stems) // 3)
    figure = style.figure(blocks * (0.24 * len(arms) + 0.55 * len(datasets) + 0.1), wspace=0.03)
    grid = figure.subplots(
        blocks * len(datasets), min(3, len(stems)), squeeze=False, sharey="row",
        gridspec_kw={"height_ratios": counts * blocks},
    )  # fmt: skip
    for axes in grid.flat:
        axes.set_axis_off()
    for i, stem in enumerate(stems):
        for j, dataset in enumerate(datasets):
            axes = grid[i // 3 * len(datasets) + j, i % 3]
            own = table[(table["dataset"] == dataset) & (names.stems(table["metric"]) == stem)]
            _dots(axes, own, [a for a in arms if a.dataset == dataset], arms)
            axes.set_title(names.metric(own["metric"].iloc[0]).title if len(own) else "")
    return figure


def _dots(axes: Axes, own: pd.DataFrame, arms: list[Arm], among: list[Arm]) -> None:
    axes.set_axis_on()
    labels = {arm: names.arm_label(arm, among) for arm in arms}
    for row in own.itertuples():
        arm = Arm(row.dataset, row.net, row.method, row.variant)
        y, colour, known = arms.index(arm), names.colour(arm.method), not pd.isna(row.ci_low)
        if known:
            axes.plot([row.ci_low, row.ci_high], [y, y], color=colour, linewidth=1.4)
        axes.plot(row.mean, y, "o", color=colour, markersize=4.5,
                  markerfacecolor=colour if known else style.PAPER)  # fmt: skip
        if row.n_diverged:
            labels[arm] = f"{labels[arm]}\n({row.n_diverged} diverged)"
    if len(own):
        axes.axvline(own["real"].iloc[0], color=style.MUTED, linestyle=(0, (3, 2)), linewidth=1)
    axes.set_yticks(range(len(arms)), labels.values())
    axes.set_ylim(len(arms) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.locator_params(axis="x", nbins=4)
    axes.grid(visible=False, axis="y")
