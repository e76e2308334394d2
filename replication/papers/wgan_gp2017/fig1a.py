"""Value surfaces of critics against a generator that stands still."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.data import gaussians8, gaussians25, swiss_roll
from replication.figures import marks, names, style
from replication.figures.results import Experiment

TITLE = "What a critic sees when the generator stands still"
CAPTION = (
    "Critics trained to near optimality against a fixed generator: data plus N(0, I). Left: level lines of "
    "the first seed's critic, each on its own scale, dark for low; grey, data. Right, a dot for every seed: "
    "share of the exact W1 that the critic finds, estimate / (Lipschitz constant × W1) on the same fresh "
    "points, and share of its variance that a quadratic explains. Nets of 3 × 64 rectifiers. Clip 0.08 keeps "
    "the authors' product of clip and width; evidence takes, seed by seed, the better of the two clips. "
    "Dashes: the most that can be found, and a critic that is a quadratic."
)
EXPLAINED = (
    "A good critic follows the shape of the data, so its level lines bend round the clusters, while a clipped "
    "one draws a few flat faces. The generator scatters its samples so widely that such a rough hill already "
    "tells many of them from the data, which is why the shares lie nearer to each other than the pictures."
)
MIRRORS = "wgan_gp2017:fig1a"
PAPER_SHOWS = (
    "Value surfaces of critics trained to optimality on 8 Gaussians, 25 Gaussians and a Swiss roll with a "
    "fixed generator: with clipping the level lines are simple and miss the data's shape, with the penalty "
    "they follow it."
)
EXPERIMENTS = ["value_surfaces"]

DATA: dict[str, Any] = {
    "gaussians8": gaussians8,
    "gaussians25": gaussians25,
    "swiss_roll": swiss_roll,
}
CLIPS, SURFACES = ("clip_0.01", "clip_0.08"), {"clip_0.01": "clip 0.01", "gp_0.1": "penalty, λ 0.1"}
#: Colour, marker and label of the arms in the plots of shares.
ARMS = {
    "clip_0.01": ("wgan_clip", "o", "clip 0.01"),
    "clip_0.08": ("wgan_clip", "^", "clip 0.08"),
    "gp_0.1": ("wgan_gp", "o", "penalty, λ 0.1"),
    "gp_10": ("wgan_gp", "^", "penalty, λ 10"),
}
SHORT = {"gaussians8": "8", "gaussians25": "25", "swiss_roll": "roll"}


def data(experiment: Experiment) -> pd.DataFrame:
    """A column per arm: what was measured at the end by data set and seed, and two surfaces of the first seed."""
    table = experiment("value_surfaces")
    ends = table[table["step"].isna()].astype({"x": float, "y": float})
    keys = ["what", "dataset", "seed", "x", "y"]
    rows = [
        part.pivot(index=keys if what == "surface" else keys[:3], columns="arm", values="value")
        for what, part in ends.groupby("what")
    ]
    return pd.concat([row.reset_index() for row in rows], ignore_index=True).reindex(
        columns=[*keys, *ARMS]
    )


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGP17-C1a: share of W1 found by the penalty (weight 0.1, as in the figure's code) minus by clipping.

    Per data set and seed. Clipping counts with the better of its two clips: the larger share of W1, and the
    smaller share that a quadratic explains, the mean of the three data sets (C1b).
    """
    share, quadratic = (_seeds(table, what) for what in ("share", "quadratic"))
    gain = share["gp_0.1"] - share[[*CLIPS]].max(axis=1, skipna=False)
    simpler = quadratic[[*CLIPS]].min(axis=1, skipna=False) - quadratic["gp_0.1"]
    by_seed = simpler.unstack("dataset").mean(axis=1, skipna=False)
    found = {f"WGP17-C1a/{dataset}": gain.loc[dataset].tolist() for dataset in DATA}
    return found | {"WGP17-C1b": by_seed.tolist()}


def _seeds(table: pd.DataFrame, what: str) -> pd.DataFrame:
    return table[table["what"] == what].set_index(["dataset", "seed"])[[*ARMS]].sort_index()


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """WGP17-C1a, C1b: the share of W1 that the penalty finds: whether its critic was trained to the end."""
    share = _seeds(table, "share")["gp_0.1"]
    found = {f"WGP17-C1a/{dataset}": {"share": share.loc[dataset].tolist()} for dataset in DATA}
    return found | {"WGP17-C1b": {"share": share.groupby("seed").min().tolist()}}


def draw(table: pd.DataFrame) -> Figure:
    """Two rows of surfaces, and beside them what the critics find and how simple they are."""
    figure = style.figure(3.9)
    grid = figure.subplots(2, 4, width_ratios=[1, 1, 1, 1.25])
    for column, (dataset, module) in enumerate(DATA.items()):
        for row, (arm, label) in enumerate(SURFACES.items()):
            axes = grid[row, column]
            _surface(axes, table[table["dataset"] == dataset], arm, module)
            if row == 0:
                axes.set_title(module.LABEL)
            if column == 0:
                axes.set_ylabel(label, color=names.colour(ARMS[arm][0]))
    _dots(grid[0, 3], _seeds(table, "share"), ARMS)
    grid[0, 3].set(title="share of W1 found", ylim=(0, 1.05))
    _dots(grid[1, 3], _seeds(table, "quadratic"), ARMS)
    grid[1, 3].set(title="share a quadratic explains", ylim=(0, 1.05))
    handles, labels = grid[0, 3].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower right", ncols=4)
    return figure


def _surface(axes: Axes, part: pd.DataFrame, arm: str, module: Any) -> None:
    values = part[part["what"] == "surface"].pivot(index="y", columns="x", values=arm)
    points, _ = module.draw(np.random.default_rng(1), 250)
    axes.plot(*points.T, ".", color=marks.REAL, alpha=0.5, markersize=1.6, zorder=0)
    if np.ptp(values.to_numpy()) > 0:  # a constant, or a seed without numbers, has no level lines
        axes.contour(values.columns, values.index, values, 11, cmap="viridis", linewidths=0.8)
    axes.set(xlim=(-3, 3), ylim=(-3, 3), xticks=[-2, 0, 2], yticks=[-2, 0, 2], aspect="equal")
    axes.grid(False)


def _dots(axes: Axes, values: pd.DataFrame, arms: Iterable[str]) -> None:
    for k, arm in enumerate(arms):
        method, marker, label = ARMS[arm]
        for place, dataset in enumerate(DATA):
            own = values.loc[dataset, arm]
            spread = np.linspace(-0.06, 0.06, len(own)) if len(own) > 1 else 0.0
            axes.plot(
                place + (k - 1.5) * 0.19 + spread, own, marker, color=names.colour(method), alpha=0.7,
                markersize=3, linestyle="none", markeredgewidth=0, label=label if place == 0 else None,
            )  # fmt: skip
    axes.axhline(1, color=style.MUTED, linewidth=0.8, linestyle=style.DASHES[1])
    axes.set_xticks(range(len(DATA)), [SHORT[d] for d in DATA])
