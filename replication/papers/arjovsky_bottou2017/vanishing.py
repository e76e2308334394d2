"""The generator's gradient while a fresh discriminator learns to reject it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import names, style
from replication.figures.results import Experiment

TITLE = "What a frozen generator can learn while its discriminator gets better"
CAPTION = (
    "A generator whose samples lie on a curve, trained with −log D on a ring of 8 narrow Gaussians for a "
    "number of steps (columns, at full effort), is frozen; a fresh discriminator is trained against it. Top: "
    "norm of the generator's gradient by its weights under log(1 − D) and under −log D. Bottom: accuracy on "
    "fresh points. Dashes: with noise N(0, 0.2² I) on both inputs of the discriminator. Line, median over "
    "seeds; band, lowest to highest seed."
)
EXPLAINED = (
    "Once the discriminator tells all samples from data, log(1 − D) is flat at every one of them and the "
    "generator learns nothing from it; a few samples that still pass for data are enough to keep the gradient "
    "up. Noise makes data and samples overlap, so that some always pass."
)
MIRRORS = "arjovsky_bottou2017:fig2, fig3"
PAPER_SHOWS = (
    "Gradient norms of a DCGAN frozen after 1, 10 and 25 epochs against a discriminator trained from "
    "scratch: under log(1 − D) they fall by up to five orders of magnitude within 4,000 steps, "
    "under −log D they grow and become noisy."
)
EXPERIMENTS = ["vanishing"]

LOSSES = {"minimax": ("gan_minimax", "log(1 − D)"), "non_saturating": ("gan_ns", "−log D")}
DOUBT = {0.0: "without noise", 0.2: "with noise"}


def data(experiment: Experiment) -> pd.DataFrame:
    """By age, noise, seed and step of the discriminator: both norms and the accuracy; trained generators only."""
    table = experiment("vanishing")
    columns = ["age", "noise", "seed", "step", *LOSSES, "accuracy"]
    return table.loc[table["age"] > 0, columns].reset_index(drop=True)


def lost(table: pd.DataFrame) -> pd.DataFrame:
    """Orders of magnitude of the gradient of log(1 - D) lost from first to last check: seeds by (noise, age)."""
    norms = table.pivot(
        index=["noise", "age", "seed"], columns="step", values="minimax"
    ).sort_index(axis=1)
    fallen: pd.Series = np.log10(norms.iloc[:, 0] / norms.iloc[:, -1])
    return fallen.unstack(["noise", "age"])


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """AB17-C2a, C2b: orders lost without noise; AB17-C5a: the accuracy with noise; C5b: how many more than with noise.

    C2a and C2b take, seed by seed, the age that loses most and the one that loses least; C5a the highest accuracy of
    the ages at the end of training, C5b the mean of the ages.
    """
    fallen = lost(table)
    without, with_noise = (fallen[noise] for noise in DOUBT)
    noisy = table[(table["noise"] > 0) & (table["step"] == table["step"].max())]
    accuracy = noisy.pivot(index="seed", columns="age", values="accuracy")
    return {
        "AB17-C2a": without.max(axis=1, skipna=False).tolist(),
        "AB17-C2b": without.min(axis=1, skipna=False).tolist(),
        "AB17-C5b": (without - with_noise).mean(axis=1, skipna=False).tolist(),
        "AB17-C5a": accuracy.max(axis=1, skipna=False).tolist(),
    }


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """AB17-C2a, C2b: final accuracy without noise, at the age where it is lowest; AB17-C5a, C5b: orders lost."""
    without = table[(table["noise"] == 0) & (table["step"] == table["step"].max())]
    accuracy = without.groupby("seed")["accuracy"].min().tolist()
    decay = lost(table)[0.0].mean(axis=1, skipna=False).tolist()
    perfect, vanished = {"accuracy": accuracy}, {"decay": decay}
    return {
        "AB17-C2a": perfect, "AB17-C2b": perfect, "AB17-C5a": vanished, "AB17-C5b": vanished
    }  # fmt: skip


def draw(table: pd.DataFrame) -> Figure:
    """Gradient norms above, accuracy below, a column per age."""
    figure = style.figure(3.7)
    ages = sorted(table["age"].unique())
    grid = figure.subplots(2, len(ages), sharex=True, sharey="row", height_ratios=[1.7, 1])
    for column, age in enumerate(ages):
        for dash, (noise, doubt) in zip(style.DASHES, DOUBT.items(), strict=False):
            own = table[(table["age"] == age) & (table["noise"] == noise)]
            for loss, (method, label) in LOSSES.items():
                _band(grid[0, column], own, loss, names.colour(method), dash, f"{label}, {doubt}")
            _band(grid[1, column], own, "accuracy", style.MUTED, dash, doubt)
        grid[0, column].set_title(f"generator after {age:,} steps")
        grid[1, column].set_xlabel("discriminator steps")
        grid[1, column].axhline(1, color=style.INK, linewidth=0.6)
    grid[0, 0].set(yscale="log", ylabel="gradient norm", xscale="symlog", xlim=(0, None))
    grid[1, 0].set(ylabel="accuracy", ylim=(0.4, 1.03))
    grid[1, 0].legend(loc="lower right")
    figure.legend(*grid[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    return figure


def _band(
    axes: Axes, own: pd.DataFrame, column: str, colour: str, dash: object, label: str
) -> None:
    by_step = own.groupby("step")[column]
    low, middle, high = by_step.min(), by_step.median(), by_step.max()
    axes.fill_between(low.index, low, high, color=colour, alpha=0.13, linewidth=0)
    axes.plot(middle.index, middle, color=colour, linestyle=dash, label=label)
