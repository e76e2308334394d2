"""How steep critics are between data and samples, while they train."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.report import names, panels, style
from replication.report.panels import Frames

TITLE = "How steep a critic is between data and samples"
CAPTION = (
    "Norm of the critic's gradient at points between data and samples of a fixed generator (data plus "
    "N(0, I)). Left: 8 Gaussians while critics train; line, mean; band, without the lowest and the highest "
    "tenth of the points; means over seeds. Right: mean norm at the end, a dot for every seed. Grey band: 1 ± "
    "0.1. λ is the penalty's weight; one-sided punishes only norms above 1."
)
EXPLAINED = (
    "The best critic climbs with slope one along the way from a sample to its place in the data. The penalty "
    "asks for that slope, the more firmly the larger λ; clipping leaves the slope to the size of the weights."
)
MIRRORS = ""
PAPER_SHOWS = (
    "Proposition 1 and Corollary 1 state that the best critic has gradient norm 1 almost everywhere "
    "between coupled points of the two distributions; no figure shows it."
)
RUNS: list[str] = []
LABS = ["value_surfaces"]

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
TRAINING = ["slope_mean", "slope_low", "slope_high"]


def data(frames: Frames) -> pd.DataFrame:
    """Means over seeds while training (no seed given), and the mean norm at the end by data set and seed."""
    table = panels.lab("value_surfaces")
    followed = table[table["what"].isin(TRAINING)]
    path = followed.groupby(["what", "dataset", "arm", "step"], as_index=False)["value"].mean()
    ends = table[table["what"] == "slope"]
    columns = ["what", "dataset", "arm", "step", "seed", "value"]
    return pd.concat([path, ends], ignore_index=True).reindex(columns=columns)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGP17-C10: mean norm at interpolates at the end, the mean of the three data sets, per seed.

    With the two-sided penalty of weight 10, that of the paper's Algorithm 1. The claim is about the best
    1-Lipschitz critic, which a penalised one approaches only where the weight is large; the 0.1 of the
    authors' toy code lets slopes exceed 1 by design. Both are in the table.
    """
    ends = table[(table["what"] == "slope") & (table["arm"] == "gp_10")]
    by_seed = ends.pivot(index="seed", columns="dataset", values="value")
    return {"WGP17-C10": by_seed.mean(axis=1, skipna=False).tolist()}


def draw(table: pd.DataFrame, frames: Frames) -> Figure:
    """Norms over steps, and at the end."""
    figure = style.figure(2.7)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=[1.5, 1])
    path = table[table["what"].isin(TRAINING)]
    ends = table[table["what"] == "slope"]
    for k, (arm, (method, dash, label)) in enumerate(ARMS.items()):
        colour = names.colour(method)
        own = path[path["arm"] == arm].pivot(index="step", columns="what", values="value")
        left.plot(own.index, own["slope_mean"], color=colour, linestyle=dash, label=label)
        if dash == style.DASHES[0]:
            left.fill_between(own.index, own["slope_low"], own["slope_high"], color=colour,
                              alpha=0.15, linewidth=0)  # fmt: skip
        for place, dataset in enumerate(DATA):
            values = ends.loc[(ends["arm"] == arm) & (ends["dataset"] == dataset), "value"]
            spread = np.linspace(-0.05, 0.05, len(values))
            right.plot(place + (k - 2) * 0.15 + spread, values, MARKERS[arm], color=colour,
                       markersize=3, alpha=0.7, markeredgewidth=0)  # fmt: skip
    for axes in (left, right):
        axes.axhspan(0.9, 1.1, color=style.GRID, zorder=0)
        axes.set_yscale("log")
    left.set(xlabel="critic steps", ylabel="gradient norm", title="8 Gaussians", xlim=(0, None))
    right.set_xticks(range(len(DATA)), [*DATA.values()])
    right.set_title("at the end")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=5)
    return figure
