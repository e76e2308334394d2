"""How steep critics are between data and samples, while they train."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from replication.figures import names, style
from replication.figures.results import Experiment

TITLE = "How steep a critic is between data and samples"
CAPTION = (
    "Norm of the critic's gradient at points between data and samples of a fixed generator (data plus N(0, I)). Left: "
    "8 Gaussians while critics train; line, mean; band, without the lowest and the highest tenth of the points; means "
    "over seeds; grey line: 1. Right: mean norm at the end, a mark for every seed, around 1; grey band: 1 ± 0.1; "
    "norms far below have a plot of their own under it. λ is the penalty's weight; one-sided punishes only norms "
    "above 1."
)
EXPLAINED = (
    "The best critic climbs with slope one along the way from a sample to its place in the data. The penalty "
    "asks for that slope, the more firmly the larger λ; clipping leaves the slope to the size of the weights."
)
PAPER_SHOWS = (
    "Proposition 1 and Corollary 1 state that the best critic has gradient norm 1 almost everywhere "
    "between coupled points of the two distributions; no figure shows it."
)
EXPERIMENTS = ["value_surfaces"]

#: Method, dash and label of every arm.
ARMS: dict[str, tuple[str, Any, str]] = {
    "gp_10": ("wgan_gp", style.DASHES[0], "penalty, λ 10"),
    "gp_10_one_sided": ("wgan_gp", style.DASHES[1], "one-sided, λ 10"),
    "gp_0.1": ("wgan_gp", style.DASHES[2], "penalty, λ 0.1"),
    "clip_0.08": ("wgan_clip", style.DASHES[0], "clip 0.08"),
    "clip_0.01": ("wgan_clip", style.DASHES[2], "clip 0.01"),
}
MARKERS = dict(zip(ARMS, "os^os", strict=True))
DATA = {"gaussians8": "8 Gaussians", "gaussians25": "25 Gaussians", "swiss_roll": "Swiss roll"}
#: Norms around 1, as the right plot shows them large.
NEAR = (0.3, 10.0)
TRAINING = ["slope_mean", "slope_low", "slope_high"]


def data(experiment: Experiment) -> pd.DataFrame:
    """Means over seeds while training (no seed given), and the mean norm at the end by data set and seed."""
    table = experiment("value_surfaces")
    followed = table[table["what"].isin(TRAINING)]
    path = followed.groupby(["what", "dataset", "arm", "step"], as_index=False)["value"].mean()
    ends = table[table["what"] == "slope"]
    columns = ["what", "dataset", "arm", "step", "seed", "value"]
    return pd.concat([path, ends], ignore_index=True).reindex(columns=columns)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGP17-C10: mean norm at interpolates at the end, the mean of the three data sets, per seed.

    With the one-sided penalty of weight 10: the two-sided one asks for this norm, so that a critic which has it says
    little; this one only forbids larger ones. The 0.1 of the authors' code for points lets slopes exceed 1 by design.
    """
    ends = table[(table["what"] == "slope") & (table["arm"] == "gp_10_one_sided")]
    by_seed = ends.pivot(index="seed", columns="dataset", values="value")
    return {"WGP17-C10": by_seed.mean(axis=1, skipna=False).tolist()}


def draw(table: pd.DataFrame) -> Figure:
    """Norms over steps, and at the end: those around 1 large, those far below under them."""
    figure = style.figure(3.0)
    ends = table[table["what"] == "slope"]
    far = ends["value"].between(0, NEAR[0], inclusive="neither")
    cells = figure.add_gridspec(2, 2, width_ratios=[1.35, 1], height_ratios=[2.6, 1])
    left = figure.add_subplot(cells[:, 0])
    _course(left, table[table["what"].isin(TRAINING)])
    right = figure.add_subplot(cells[0 if far.any() else slice(None), 1])
    right.axhspan(0.9, 1.1, color=style.GRID, zorder=0)
    _ends(right, ends[~far])
    right.set(ylim=(NEAR[0], max(NEAR[1], ends["value"].max())), title="at the end")
    style.plain_log(right.yaxis)
    if far.any():
        below = figure.add_subplot(cells[1, 1])
        _ends(below, ends[far])
        decades = np.log10(ends.loc[far, "value"])
        below.set_ylim(10.0 ** np.floor(decades.min()), 10.0 ** np.ceil(decades.max()))
        below.yaxis.set_minor_formatter(ticker.NullFormatter())
        right.tick_params(labelbottom=False)
    figure.legend(handles=_legend(), loc="outside lower center", ncols=5, handlelength=2.8)
    return figure


def _course(axes: Axes, path: pd.DataFrame) -> None:
    for arm, (method, dash, _) in ARMS.items():
        colour = names.colour(method)
        own = path[path["arm"] == arm].pivot(index="step", columns="what", values="value")
        axes.plot(own.index, own["slope_mean"], color=colour, linestyle=dash)
        if dash == style.DASHES[0]:
            axes.fill_between(own.index, own["slope_low"], own["slope_high"], color=colour,
                              alpha=0.15, linewidth=0)  # fmt: skip
    axes.axhline(1, color=style.MUTED, linewidth=0.6, zorder=0)
    axes.set_yscale("log")
    axes.set(xlabel="critic steps", ylabel="gradient norm", title="8 Gaussians", xlim=(0, None))


def _ends(axes: Axes, ends: pd.DataFrame) -> None:
    """A mark for every seed, the arms of a data set side by side."""
    for k, (arm, (method, _, _)) in enumerate(ARMS.items()):
        for place, dataset in enumerate(DATA):
            values = ends.loc[(ends["arm"] == arm) & (ends["dataset"] == dataset), "value"]
            spread = np.linspace(-0.05, 0.05, len(values))
            axes.plot(place + (k - 2) * 0.15 + spread, values, MARKERS[arm],
                      color=names.colour(method), markersize=3, alpha=0.7, markeredgewidth=0)  # fmt: skip
    axes.set_yscale("log")
    axes.set(xlim=(-0.5, len(DATA) - 0.5))
    axes.set_xticks(range(len(DATA)), [*DATA.values()])


def _legend() -> list[Line2D]:
    """Of every arm its line on the left and its mark on the right."""
    return [
        Line2D([], [], color=names.colour(method), linestyle=dash, marker=MARKERS[arm], markersize=4,
               markeredgewidth=0, label=label)
        for arm, (method, dash, label) in ARMS.items()
    ]  # fmt: skip
