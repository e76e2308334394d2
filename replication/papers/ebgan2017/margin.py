"""What EBGAN's margin does to quality on the ring.

Fixed before any run was made: margins 0.1, 0.3, 1, 3 and 10 (the paper's number, in distances of the plane),
quality is the exact W1 at the end, the ends are the smallest and the largest margin.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import names, points, seeds, style
from replication.figures.results import Frames
from replication.plan.study import matches

TITLE = "The margin of an energy-based GAN"
CAPTION = (
    "EBGAN on eight Gaussians at distance 1 from their centre, with one margin after the other: exact W1 to held-out "
    "data and modes with a sample, at the end of training. Every seed as a pale dot; mean over seeds with its 95 % "
    "interval, hollow where there is none. Grey dashes: fresh data. The margin is the energy up to which the critic "
    "pushes samples, a distance in the plane. Seeds that diverged are left out."
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
RUNS = ["ring/points/ebgan/toy", "ring/points/ebgan/toy_margin_*"]

METRICS = ("w1", "modes")


def data(frames: Frames) -> pd.DataFrame:
    """Exact W1 and modes of every seed at the end, by margin, and the exact W1 of fresh data, ``real``."""
    margins = {run.arm: run.recipe.options["margin"] for run in frames.study.runs.values()
               if matches(run.arm, RUNS)}  # fmt: skip
    table = points.final(frames, METRICS)
    arms = pd.Series(names.arm_of_each(table), table.index, dtype=str)
    table = table.assign(margin=arms.map(margins).astype(float))
    table = table[["margin", "seed", *METRICS]].assign(real=frames.real("ring", "w1"))
    return table.sort_values(["margin", "seed"], ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """Both measures over the margin, on a logarithmic axis."""
    figure = style.figure(2.2)
    colour = names.colour("ebgan")
    for axes, metric in zip(figure.subplots(1, len(METRICS)), METRICS, strict=True):
        means = table.groupby("margin")[metric].mean()
        axes.plot(np.log10(means.index), means, color=colour, linewidth=1)
        for margin, own in table.groupby("margin"):
            seeds.dots(axes, float(np.log10(margin)), own[metric], colour)
        axes.set_xticks(np.log10(means.index), [f"{margin:g}" for margin in means.index])
        axes.set_xlabel("margin (distance in the plane)")
        axes.set_ylabel(names.metric(metric).title)
        axes.set_ylim(bottom=0)
        if metric == "w1":
            points.reference(axes, table["real"].iloc[0])
    return figure


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """EB17-C4: relative gain in W1 of the inner margin chosen on the other seeds over the seed's better end."""
    by_margin = table.pivot(index="seed", columns="margin", values="w1").sort_index(axis=1)
    if by_margin.shape[1] < 3 or len(by_margin) < 2:
        return {"EB17-C4": []}
    inner, ends = by_margin.iloc[:, 1:-1], by_margin.iloc[:, [0, -1]].min(axis=1, skipna=False)
    gains = []
    for seed in by_margin.index:
        others = inner.drop(index=seed).mean()
        if others.isna().all():
            gains.append(float("nan"))
            continue
        gains.append(float(1 - inner.loc[seed, others.idxmin()] / ends[seed]))
    return {"EB17-C4": gains}
