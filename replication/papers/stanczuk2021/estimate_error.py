"""How far the penalised critic's estimate is from the exact distance while a WGAN-GP trains.

The arm was fixed before any run was made: WGAN-GP with the weight 10 of its paper, two-sided, on the grid.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from replication.figures import names, points, seeds, style
from replication.figures.names import ARM
from replication.figures.results import Frames

TITLE = "The estimate of a penalised critic, and the distance"
CAPTION = (
    "WGAN-GP on points in the plane. Left: at every checkpoint, the critic's estimate on held-out data without the "
    "penalty, and the exact Wasserstein distance between batches of samples and of held-out data. Right: how far "
    "apart they are, relative to the exact distance. Line: mean over seeds. Band: from the lowest to the highest "
    "seed. Grey dashes on the left: what two batches of real data are apart, which an exact distance cannot go "
    "below though the truth is 0; on the right: the error of interest. Seeds that diverged are left out."
)
EXPLAINED = (
    "A Wasserstein GAN is named after a distance that its critic is meant to compute. Where the distance can be "
    "computed exactly we can see how much of it the critic finds."
)
PAPER_SHOWS = "The loss of a WGAN-GP during training lies far from the exact distance of the same batches of images."
RUNS = ["grid/points/wgan_gp/decay_lambda_10"]

SMALLEST = 0.2  # the claim's threshold


def data(frames: Frames) -> pd.DataFrame:
    """The estimate and the exact W1 at every checkpoint of every seed that finished, and W1 of real data, ``real``."""
    keys = [*ARM, "seed", "step"]
    exact = points.over_steps(frames, "w1")
    table = exact.merge(frames.curves[[*keys, "estimate_heldout"]], on=keys)
    table = table.rename(columns={"estimate_heldout": "estimate"})[[*keys, "estimate", "w1"]]
    return table.assign(real=[frames.real(dataset, "w1") for dataset in table["dataset"]])


def draw(table: pd.DataFrame) -> Figure:
    """A row per data set: both over generator steps, and the relative error."""
    table = table.assign(error=relative_error(table))
    datasets = list(dict.fromkeys(table["dataset"]))
    figure = style.figure(0.5 + 1.75 * len(datasets))
    grid = figure.subplots(len(datasets), 2, sharex=True, squeeze=False)
    colour = names.colour("wgan_gp")
    for (left, right), dataset in zip(grid, datasets, strict=True):
        own = table[table["dataset"] == dataset]
        seeds.course(left, own, "w1", style.INK)
        seeds.course(left, own, "estimate", colour)
        points.reference(left, own["real"].iloc[0], "")
        left.set_title(names.dataset_label(dataset))
        left.set_ylabel("distance in the plane")
        left.set_ylim(bottom=min(0.0, own["estimate"].min()))
        _error(right, own, colour)
    for axes in grid[-1]:
        axes.set_xlabel("generator steps")
        axes.set_xlim(left=0)
    handles = [
        Line2D([], [], color=style.INK, label="exact W1"),
        Line2D([], [], color=colour, label=f"estimate of {names.method_label('wgan_gp')}"),
        Line2D(
            [],
            [],
            color=style.MUTED,
            linestyle=(0, (3, 2)),
            linewidth=1,
            label=f"two batches of data (left); threshold {SMALLEST} (right)",
        ),
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=3)
    return figure


def _error(axes: Axes, own: pd.DataFrame, colour: str) -> None:
    seeds.course(axes, own, "error", colour)
    axes.axhline(SMALLEST, color=style.MUTED, linestyle=(0, (3, 2)), linewidth=1)
    axes.set_ylabel("relative error")
    axes.set_ylim(bottom=0)


def relative_error(table: pd.DataFrame) -> pd.Series:
    """Absolute distance of the estimate from the exact W1, relative to it, at every checkpoint."""
    return (table["estimate"] - table["w1"]).abs() / table["w1"]


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """STA21-C1: the relative error of each seed, a mean over checkpoints."""
    error = table.assign(error=relative_error(table))
    return {"STA21-C1": error.groupby("seed")["error"].mean().tolist()}
