"""How fast a fresh discriminator becomes perfect against a DCGAN that stands still, and what its gradient does."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import palette, style
from replication.figures.results import Experiment

TITLE = "A fresh discriminator against a frozen DCGAN"
CAPTION = (
    "A DCGAN of width 16 is trained on digits for 1, 10 and 25 epochs and frozen; a discriminator is trained from "
    "scratch against it. Left: the share of held-out digits and fresh samples that it gets wrong. Middle: norm of "
    "the generator's gradient under −log D. Right: its coefficient of variation over batches of 64. Line: median "
    "over seeds; band: from the lowest to the highest seed. An error of 0 is drawn at 1e-4."
)
MIRRORS = "arjovsky_bottou2017:fig1, fig3"
PAPER_SHOWS = (
    "The discriminator's error falls towards 0 and its accuracy rises to 1 within some hundred iterations for "
    "generators after 1, 10 and 25 epochs; under −log D the norm of the generator's gradient grows with the "
    "iterations and becomes noisier."
)
EXPERIMENTS = ["fresh_discriminators"]

COLOURS = {1: palette.SKY, 10: palette.BLUE, 25: palette.INDIGO}
PERFECT, LEAST = 0.999, 1e-4
#: Steps of the discriminator in which an older generator must fool it more.
EARLY = 10
#: How often a discriminator has seen each of 4,000 digits after 500 steps of 64: the paper's three million bedrooms are
#: fresh at every step, so that nothing is known by heart.
PASSES = 500 * 64 / 4_000
PLOTS = {"error": "error", "norm": "norm of the gradient", "noise": "coefficient of variation"}


def data(experiment: Experiment) -> pd.DataFrame:
    """By age (epochs), seed and step of the discriminator: accuracy, norm and noise."""
    table = experiment("fresh_discriminators")
    return table[["age", "seed", "step", "accuracy", "norm", "noise"]]


def draw(table: pd.DataFrame) -> Figure:
    """Error, norm and noise over the discriminator's steps."""
    shown = table.assign(error=(1 - table["accuracy"]).clip(lower=LEAST), at=table["step"] + 1)
    figure = style.figure(2.4)
    for axes, (column, label) in zip(figure.subplots(1, len(PLOTS)), PLOTS.items(), strict=True):
        for age, own in shown.groupby("age"):
            steps = own.groupby("at")[column].agg(["median", "min", "max"])
            colour, name = COLOURS[int(str(age))], f"{age} epoch{'s' if age != 1 else ''}"
            axes.fill_between(
                steps.index, steps["min"], steps["max"], color=colour, alpha=0.15, linewidth=0
            )
            axes.plot(steps.index, steps["median"], color=colour, label=name)
        axes.set_title(label)
        axes.set_xlabel("discriminator steps + 1")
        style.log(axes.xaxis, plain=False)
        style.log(axes.yaxis, plain=False)
    figure.axes[0].axhline(1 - PERFECT, color=style.MUTED, linestyle=(0, (3, 2)), linewidth=1)
    figure.axes[0].legend()
    return figure


def steps_to_perfect(run: pd.DataFrame) -> float:
    """The first step at which the accuracy is above 0.999; one more than were taken where it never is."""
    good = run.loc[run["accuracy"] > PERFECT, "step"]
    return float(good.min() if len(good) else run["step"].max() + 1)


def _change(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Last over first check: seeds by age."""
    wide = table.pivot(index=["seed", "age"], columns="step", values=column).sort_index(axis=1)
    return (wide.iloc[:, -1] / wide.iloc[:, 0]).unstack("age")


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """AB17-C1, by seed: most steps to an accuracy above 0.999 over ages.

    C3a: orders of magnitude that the norm gains, mean over ages. C3b: how many times as noisy the gradient is at the
    end, geometric mean over ages.
    """
    runs = table.groupby(["seed", "age"])[["step", "accuracy"]].apply(steps_to_perfect)
    gains, noisier = (np.log10(_change(table, column)).mean(axis=1) for column in ("norm", "noise"))
    return {
        "AB17-C1": runs.groupby("seed").max().tolist(),
        "AB17-C3a": gains.tolist(),
        "AB17-C3b": (10**noisier).tolist(),
    }


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """AB17-C3a, C3b: accuracy at the end, at the age where it is lowest. C1: how much harder the oldest is; `PASSES`.

    The error of a discriminator after ten steps against the oldest generator, over that against the youngest: an older
    generator must be harder to tell.
    """
    last = table[table["step"] == table["step"].max()]
    lowest = {"accuracy": last.groupby("seed")["accuracy"].min().tolist()}
    early = table[table["step"] <= EARLY].groupby(["seed", "age"])["accuracy"].mean().unstack("age")
    harder = (1 - early[max(COLOURS)]) / (1 - early[min(COLOURS)])
    return {
        "AB17-C1": {
            "learned": harder.replace(np.inf, np.nan).dropna().tolist(),
            "passes": [PASSES] * table["seed"].nunique(),
        },
        "AB17-C3a": lowest,
        "AB17-C3b": lowest,
    }
