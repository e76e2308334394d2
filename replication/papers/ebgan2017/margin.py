"""What EBGAN's margin does to quality.

Fixed before any run was made: margins 2.5, 5, 10 (the recipe's), 20 and 40 on perceptrons, quality is FID at the end,
the ends are the smallest and the largest margin.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.analysis.tracking import finished
from replication.figures import names, points, seeds, style
from replication.figures.names import ARM
from replication.figures.results import Frames

TITLE = "The margin of an energy-based GAN"
CAPTION = (
    "EBGAN on digits, with one margin after the other: FID and inception score at the end of training. Every seed as a "
    "pale dot; mean over seeds with its 95 % interval, hollow where there is none. Grey dashes: real training images. "
    "The margin is the energy up to which the critic pushes samples, a distance between images in [−1, 1]. Seeds that "
    "diverged are left out."
)
EXPLAINED = (
    "The margin says how bad samples may be made to look before the critic loses interest in them. Too small, and "
    "the generator hears little; too large, and the critic spends its strength on pushing."
)
MIRRORS = "ebgan2017:fig9"
PAPER_SHOWS = (
    "Sheets of digits for margins from 1 to 32: clear in between, worse at small margins, and slow to form at large "
    "ones."
)
RUNS = ["@images/mlp/ebgan/paper", "@images/mlp/ebgan/margin_*"]

METRICS = ("fid", "inception_score")


def data(frames: Frames) -> pd.DataFrame:
    """Both scores of every seed at the end, by margin, and those of training images, ``real``; of one data set."""
    margins = {run.arm: run.recipe.options["margin"] for run in frames.planned}
    table = frames.quality[frames.quality["metric"].isin(frames.metrics(*METRICS))]
    table = finished(frames.runs, table[table["dataset"] == max(table["dataset"], default="")])
    table = table[table["step"] == table.groupby([*ARM, "seed"])["step"].transform("max")]
    arms = pd.Series(names.arm_of_each(table), table.index, dtype=str)
    table = table.assign(
        margin=arms.map(margins).astype(float),
        real=[frames.real(d, m) for d, m in zip(table["dataset"], table["metric"], strict=True)],
    )
    columns = ["margin", "seed", "metric", "value", "real"]
    return table[columns].sort_values(columns[:3], ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """Both scores over the margin, on a logarithmic axis."""
    figure = style.figure(2.2)
    colour = names.colour("ebgan")
    for axes, stem in zip(figure.subplots(1, len(METRICS)), METRICS, strict=True):
        own = table[names.stems(table["metric"]) == stem]
        means = own.groupby("margin")["value"].mean()
        axes.plot(np.log10(means.index), means, color=colour, linewidth=1)
        for margin, part in own.groupby("margin"):
            seeds.dots(axes, float(np.log10(margin)), part["value"], colour)
        axes.set_xticks(np.log10(means.index), [f"{margin:g}" for margin in means.index])
        axes.set_xlabel("margin (pixel distance)")
        axes.set_ylabel(names.metric(next(iter(own["metric"]), stem)).title)
        axes.set_ylim(bottom=0)
        if len(own):
            points.reference(axes, own["real"].iloc[0], "training images")
    return figure


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """EB17-C4: FID of the seed's better end over that of the inner margin chosen on the other seeds."""
    fid = table[names.stems(table["metric"]) == "fid"]
    by_margin = fid.pivot(index="seed", columns="margin", values="value").sort_index(axis=1)
    if by_margin.shape[1] < 3 or len(by_margin) < 2:
        return {"EB17-C4": []}
    inner, ends = by_margin.iloc[:, 1:-1], by_margin.iloc[:, [0, -1]].min(axis=1, skipna=False)
    gains = []
    for seed in by_margin.index:
        others = inner.drop(index=seed).mean()
        if others.isna().all():
            gains.append(float("nan"))
            continue
        gains.append(float(ends[seed] / inner.loc[seed, others.idxmin()]))
    return {"EB17-C4": gains}
