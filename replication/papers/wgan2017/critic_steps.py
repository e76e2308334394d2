"""Does training the critic longer before each generator step help or hurt?

Fixed before any run was made: WGAN with clip 0.1 (why: `can_i_read_my_loss.rivals_2d`) and the GAN whose loss
saturates, on the grid, with equal numbers of generator steps; quality is the negated exact W1 at the end.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import names, points, seeds, style
from replication.figures.names import ARM
from replication.figures.results import Frames

TITLE = "More critic steps per generator step"
CAPTION = (
    "Exact W1 to held-out data at the end of training on a grid of 25 Gaussians, for 1, 5 and 15 critic steps "
    "before each generator step and equal numbers of generator steps. Every seed as a pale dot; mean over seeds with "
    "its 95 % interval, hollow where there is none. Grey dashes: fresh data. Lower is better; the scale is "
    "logarithmic. Seeds that diverged are left out."
)
EXPLAINED = (
    "A good discriminator of a classic GAN leaves the generator nothing to learn from, so it must not be trained too "
    "well. A Wasserstein critic is said to be the other way round: the better it is, the better its advice."
)
PAPER_SHOWS = (
    "No figure. The text says that a critic can and should be trained till optimality, where a better discriminator "
    "gives a GAN's generator vanishing gradients."
)
RUNS = [
    "grid/points/wgan_clip/decay_clip_0.1_n_critic_*",
    "grid/points/gan_minimax/decay_n_critic_*",
]

COUNTS = (1, 5, 15)


def data(frames: Frames) -> pd.DataFrame:
    """Final exact W1 of every seed, by method and critic steps per generator step, and of fresh data, ``real``."""
    runs = {run.arm: (run.recipe.n_critic, run.steps) for run in frames.study.runs.values()}
    table = points.final(frames, ["w1"])
    found = [runs["/".join(arm)] for arm in table[ARM].itertuples(index=False)]
    table["n_critic"] = [n_critic for n_critic, _ in found]
    table["generator_steps"] = [steps for _, steps in found]
    columns = ["method", "n_critic", "generator_steps", "seed", "w1"]
    table = table[columns].assign(real=frames.real("grid", "w1"))
    return table.sort_values(columns[:-1], ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """A column per method, on one scale."""
    methods = list(dict.fromkeys(table["method"]))
    figure = style.figure(2.3)
    grid = figure.subplots(1, len(methods), sharey=True, squeeze=False)
    for axes, method in zip(grid[0], methods, strict=True):
        own, colour = table[table["method"] == method], names.colour(method)
        means = own.groupby("n_critic")["w1"].mean()
        axes.plot(np.log(means.index), means, color=colour, linewidth=1)
        for count, part in own.groupby("n_critic"):
            seeds.dots(axes, float(np.log(count)), part["w1"], colour, width=0.5, size=3)
        axes.set_title(f"{names.method_label(method)}, {_span(own['generator_steps'])} steps")
        axes.set_xticks(np.log(means.index), [f"{count:g}" for count in means.index])
        axes.set_xlim(-0.5, np.log(COUNTS[-1]) + 0.5)
        axes.set_xlabel("critic steps per generator step")
        text = "" if axes is not grid[0][0] else "fresh data"
        points.reference(axes, own["real"].iloc[0], text)
    grid[0][0].set_ylabel(names.metric("w1").title)
    style.log(grid[0][0].yaxis)
    return figure


def _span(steps: pd.Series) -> str:
    low, high = int(steps.min()), int(steps.max())
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGAN17-C11a to C11c: slopes of -W1 against log n_critic, and their difference; of equal generator steps only."""
    if table["generator_steps"].nunique() != 1:
        return {f"WGAN17-C11{letter}": [] for letter in "abc"}
    wgan, gan = (_slopes(table[table["method"] == m]) for m in ("wgan_clip", "gan_minimax"))
    return {
        "WGAN17-C11a": wgan.tolist(),
        "WGAN17-C11b": gan.tolist(),
        "WGAN17-C11c": points.difference(wgan, gan),
    }


def _slopes(own: pd.DataFrame) -> pd.Series:
    """Least-squares slope of -W1 against log n_critic, per seed; NaN where one of the runs diverged."""
    wide = own.pivot(index="seed", columns="n_critic", values="w1").reindex(columns=COUNTS)
    wide = wide.dropna(axis=0, how="all")
    x = np.log(COUNTS) - np.mean(np.log(COUNTS))
    return -(wide * x).sum(axis=1, skipna=False) / (x**2).sum()
