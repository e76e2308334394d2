"""FID at equal generator steps, at equal training time, and at the best checkpoint."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from replication.analysis.tracking import finished
from replication.figures import names, seeds, style
from replication.figures.names import ARM
from replication.figures.results import Frames
from replication.words import numbers

TITLE = "FID at equal steps, at equal time, at best"
CAPTION = (
    "FID of every arm on its nets: at the last checkpoint within the generator steps that all arms of the nets took, "
    "within the seconds that all of them took, and at each run's best checkpoint, known only afterwards. Every seed "
    "as a pale dot; mean over seeds with its 95 % interval, hollow where there is none; below, what real "
    "training images score. Beside an arm's name its learning rate (critic and generator, where they differ), its "
    "generator steps and its seconds. Seconds depend on the machine and on what else it ran. Seeds that diverged are "
    "left out."
)
EXPLAINED = (
    "Which method is best depends on what they share: some take longer for a step, and some learn more from one. So "
    "all three comparisons stand side by side."
)
RUNS = ["@images/*"]

COMPARED = ("equal generator steps", "equal seconds", "best checkpoint")
NETS = ["dataset", "net"]


def data(frames: Frames) -> pd.DataFrame:
    """FID of every seed by comparison, with the step and the seconds at which it was taken, and the arm's rates."""
    fid = frames.quality[frames.quality["metric"].isin(frames.metrics("fid"))]
    keys = [*ARM, "seed", "step"]
    fid = finished(frames.runs, fid).merge(frames.curves[[*keys, "seconds"]], on=keys)
    ends = fid.groupby([*ARM, "seed"], as_index=False)[["step", "seconds"]].max()
    means = ends.groupby(ARM, as_index=False)[["step", "seconds"]].mean()
    shared = means.groupby(NETS)[["step", "seconds"]].min().add_prefix("shared_")
    fid = fid.join(shared, on=NETS)
    within = {
        COMPARED[0]: fid[fid["step"] <= fid["shared_step"]],
        COMPARED[1]: fid[fid["seconds"] <= fid["shared_seconds"]],
    }
    parts = [
        own.loc[own.groupby([*ARM, "seed"])["step"].idxmax()].assign(compared=what)
        for what, own in within.items()
    ]
    best = fid.loc[fid.groupby([*ARM, "seed"])["value"].idxmin()].assign(compared=COMPARED[2])
    table = pd.concat([*parts, best], ignore_index=True)
    recipes = {"/".join(run.arm.split("/")): run.recipe for run in frames.planned}
    arms = table[ARM].agg("/".join, axis=1) if len(table) else pd.Series(dtype=str)
    last = means.rename(columns={"step": "arm_steps", "seconds": "arm_seconds"})
    table = table.merge(last, on=ARM).assign(
        critic_lr=arms.map(lambda arm: recipes[arm].critic_lr),
        generator_lr=arms.map(lambda arm: recipes[arm].generator_lr),
        real=[frames.real(d, m) for d, m in zip(table["dataset"], table["metric"], strict=True)],
    )
    columns = ["compared", *ARM, "critic_lr", "generator_lr", "arm_steps", "arm_seconds", "seed",
               "metric", "step", "seconds", "value", "real"]  # fmt: skip
    return table[columns]


def draw(table: pd.DataFrame) -> Figure:
    """A row per arm, a column per comparison, a block of rows per data set and net."""
    blocks = list(table.groupby(NETS, sort=False))
    arms = [names.arms_of(own) for _, own in blocks]
    figure = style.figure(0.31 * sum(map(len, arms)) + 0.6 * len(blocks), wspace=0.03)
    grid = figure.subplots(
        max(1, len(blocks)), len(COMPARED), squeeze=False, sharey="row", sharex="row",
        gridspec_kw={"height_ratios": [len(own) + 0.5 for own in arms] or [1]},
    )  # fmt: skip
    for row, (_, block), own_arms in zip(grid, blocks, arms, strict=False):
        title, labels = names.metric(block["metric"].iloc[0]).title, []
        for y, arm in enumerate(own_arms):
            own = names.rows_of(block, arm)
            labels.append(f"{names.arm_label(arm, own_arms)}\n{_budget(own.iloc[0])}")
            for axes, what in zip(row, COMPARED, strict=True):
                values = own.loc[own["compared"] == what, "value"]
                seeds.dots(axes, y, values, names.colour(arm.method), across=True)
        for axes, what in zip(row, COMPARED, strict=True):
            axes.set_title(what)
            axes.set_yticks(range(len(labels)), labels, fontsize=7)
            axes.set_ylim(len(labels) - 0.4, -0.6)
            axes.tick_params(axis="y", length=0)
            axes.grid(visible=False, axis="y")
            axes.set_xlabel(title)
        row[1].set_xlabel(f"{title}; real images: {numbers.rounded(block['real'].iloc[0])}")
        style.log(row[-1].xaxis)
    return figure


def _budget(row: Any) -> str:
    """``lr 1e-3; 2,000 steps; 31 s``."""
    rates = dict.fromkeys(
        f"{row[name]:.0e}".replace("e-0", "e-") for name in ("critic_lr", "generator_lr")
    )
    return f"lr {' and '.join(rates)}; {row['arm_steps']:,.0f} steps; {numbers.rounded(row['arm_seconds'])} s"
