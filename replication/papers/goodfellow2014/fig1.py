"""GAN on a line, from the first step to the end."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from replication.figures import marks, names, palette, style
from replication.figures.results import Experiment

TITLE = "A game on a line"
CAPTION = (
    "Data N(2, 0.5²); generator and discriminator of two hidden layers of 32 tanh units, trained together with −log "
    "D, five steps of the discriminator for each of the generator. Top, the first seed at four steps: density of the "
    "data (dashed line), of samples (bars; an arrow names the height of those that leave the plot), the trained D "
    "(blue) and the best possible D, p / (p + q) of the density and the bars (brown, where either is above 0.02); "
    "below, where the generator sends evenly spaced z. Bottom, every seed: W1 between samples and data over that at "
    "the start, and mean distance of D from one half; thick, median; dashes, the thresholds of the two tests, which "
    "look at the mean over the last third of the steps. Both learning rates fall to 0."
)
EXPLAINED = (
    "The generator moves its samples to where D is high, D finds them there, and the two chase each other. If "
    "samples and data agree, nothing is left to tell them apart and D can only answer one half; the reverse "
    "does not hold, since a D that is too slow says one half as well."
)
MIRRORS = "goodfellow2014:fig1"
PAPER_SHOWS = (
    "A sketch of four moments of training: D learns to separate data from samples, its slope guides samples "
    "to the data, and in the end both densities agree and D is one half everywhere."
)
EXPERIMENTS = ["fig1_line"]

MEAN, SD, REACH = 2.0, 0.5, (-1.0, 4.5)
HALF, KEPT = 0.05, 0.1
#: Height of the plots of densities.
TOP = 2.1
#: Colour of the best D, and the density below which it is not shown.
BEST, SEEN = palette.NEUTRAL[1], 0.02


def data(experiment: Experiment) -> pd.DataFrame:
    """The experiment's table: W1 and distance from one half by seed and step, and the first seed at four steps."""
    return experiment("fig1_line")


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """GAN14-C2a: the share of the first W1 that is gone, mean over the last third. C2b: there, D's from one half."""
    half, w1 = (_by_step(table, what) for what in ("half", "w1"))
    return {
        "GAN14-C2b": _late(half).mean().tolist(),
        "GAN14-C2a": (1 - _late(w1).mean() / w1.iloc[0]).tolist(),
    }


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """GAN14-C2b: over the last third, how far D is from p / (p + q): a D that learns nothing is one half."""
    return {"GAN14-C2b": {"best_discriminator": _late(_by_step(table, "best")).mean().tolist()}}


def _late(values: pd.DataFrame) -> pd.DataFrame:
    """The last third of the steps."""
    return values[values.index > 2 / 3 * values.index.max()]


def _by_step(table: pd.DataFrame, what: str) -> pd.DataFrame:
    return table[table["what"] == what].pivot(index="step", columns="seed", values="value")


def draw(table: pd.DataFrame) -> Figure:
    """Four moments above, two curves below."""
    figure = style.figure(4.3)
    halves: Any = figure.subfigures(2, 1, height_ratios=[1.25, 1])
    moments = sorted(table.loc[table["what"] == "density", "step"].unique())
    grid: Any = halves[0].subplots(
        2, len(moments), sharex=True, sharey="row", height_ratios=[2.4, 1]
    )
    for column, step in enumerate(moments):
        at = table[table["step"] == step]
        _densities(grid[0, column], at)
        _arrows(grid[1, column], at)
        grid[0, column].set_title(f"step {int(step):,}")
    grid[0, 0].set_ylabel("density;  D")
    halves[0].legend(*grid[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    w1, half = halves[1].subplots(1, 2)
    start = _by_step(table, "w1")
    _seeds(w1, start / start.iloc[0], KEPT)
    w1.set(yscale="log", ylabel="W1, share of the start")
    _seeds(half, _by_step(table, "half"), HALF)
    half.set(ylabel="mean |D − 1/2|", ylim=(0, None))
    return figure


def _densities(axes: Axes, at: pd.DataFrame) -> None:
    bars, d = (at[at["what"] == what].sort_values("x") for what in ("density", "discriminator"))
    x = np.linspace(*REACH, 200)
    axes.bar(bars["x"], bars["value"], np.diff(bars["x"]).mean(), color=marks.FAKE, alpha=0.55,
             label="samples")  # fmt: skip
    axes.plot(x, _normal(x), color=style.INK, linestyle=style.DASHES[1], label="data")
    axes.plot(d["x"], d["value"], color=names.colour("gan_ns"), label="trained D")
    best = _best(bars)
    axes.plot(best["x"], best["d"], ".-", color=BEST, markersize=3.5, markeredgewidth=0, linewidth=0.7,
              label="best D = p / (p + q)")  # fmt: skip
    axes.axhline(0.5, color=style.MUTED, linewidth=0.6)
    axes.set(ylim=(0, TOP), xlim=REACH)
    cut = bars[bars["value"] > TOP]
    if len(cut):
        axes.annotate(f"↑ {cut['value'].max():.1f}", (cut["x"].max(), TOP), (5, 0),
                      textcoords="offset points", va="top", fontsize=7, color=style.INK)  # fmt: skip


def _normal(x: NDArray[Any]) -> NDArray[Any]:
    """The density of the data."""
    return np.exp(-((x - MEAN) ** 2) / 2 / SD**2) / SD / np.sqrt(2 * np.pi)


def _best(bars: pd.DataFrame) -> pd.DataFrame:
    """p / (p + q) at the middle of every bar, of those where p or q is at least `SEEN`: elsewhere nobody looks."""
    p, q = _normal(bars["x"].to_numpy()), bars["value"].to_numpy()
    seen = np.maximum(p, q) >= SEEN
    return pd.DataFrame({"x": bars["x"].to_numpy()[seen], "d": (p / (p + q))[seen]})


def _arrows(axes: Axes, at: pd.DataFrame) -> None:
    """From evenly spaced z (drawn from 0 to 4) up to their x."""
    images = at[at["what"] == "image"]
    for x, z in zip(images["x"], images["value"], strict=True):
        axes.plot([2 + z, x], [0, 1], color=style.MUTED, linewidth=0.6)
    axes.set_yticks([0, 1], ["z", "x"])
    axes.grid(False)


def _seeds(axes: Axes, values: pd.DataFrame, threshold: float) -> None:
    axes.plot(values.index, values, color=names.colour("gan_ns"), linewidth=0.5, alpha=0.45)
    axes.plot(values.index, values.median(axis=1), color=names.colour("gan_ns"), linewidth=1.8)
    axes.axhline(threshold, color=style.INK, linewidth=0.8, linestyle=style.DASHES[1])
    axes.set(xlabel="steps", xlim=(0, values.index.max()))
