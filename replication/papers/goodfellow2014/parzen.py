"""Parzen log-likelihood of digits against the two numbers that table 1 prints.

What decides GAN14-C4a and C4b: the paper's nets are perceptrons, so the arms are its two games, `GAMES`, on perceptron
nets with their own recipe, on data sets of digits; of the runs that finished, the last checkpoint. Each arm is judged.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from replication.analysis.tracking import finished
from replication.figures import names, seeds, style
from replication.figures.names import ARM
from replication.figures.results import Frames
from replication.metrics._base import describe

TITLE = "Parzen log-likelihood of digits"
CAPTION = (
    "Mean log-density of held-out digits under equal Gaussians on generated ones, pixels in [0, 1], at the last "
    "checkpoint. Small dots: seeds that finished. Large dot: their mean, with its 95 % interval, and hollow where they "
    "are too few for one. Dotted and solid line: what the paper prints. Dashed line: real training digits in the place "
    "of samples. Bold: the arms that decide, which are the paper's games on perceptrons. Fewer samples give a lower "
    "number, and centres of clusters a higher one than real digits (Theis et al. 2016): it does not judge samples."
)
MIRRORS = "goodfellow2014:tab1"
PAPER_SHOWS = (
    "On MNIST adversarial nets reach 225 ± 2 nats, a deep belief net 138 ± 2, stacked contractive autoencoders "
    "121 ± 1.6 and a deep generative stochastic network 214 ± 1.1."
)
RUNS = ["mnist*/*"]

METRIC = "parzen"
#: The minimax game of the paper's section 3, and the loss that it trains the generator with.
GAMES = ("gan_minimax", "gan_ns")
PERCEPTRON = "mlp"
#: Nats of table 1.
BELIEF_NET, ADVERSARIAL = 138, 225
#: How they are drawn, and the number of real digits.
LINES: dict[str, dict[str, Any]] = {
    "deep belief net, printed": {"color": style.INK, "linewidth": 1, "linestyle": ":"},
    "adversarial nets, printed": {"color": style.INK, "linewidth": 1},
    "real training digits": {"color": style.MUTED, "linewidth": 1, "linestyle": (0, (3, 2))},
}


def data(frames: Frames) -> pd.DataFrame:
    """Nats at the last checkpoint of every run that finished, and those of real training images, ``real``.

    ``protocol``: how they were measured, in words.
    """
    own = finished(frames.runs, frames.quality[frames.quality["metric"] == METRIC])
    last = own[own["step"] == own.groupby([*ARM, "seed"])["step"].transform("max")]
    real = [frames.real(dataset, METRIC) for dataset in last["dataset"]]
    said = (describe(METRIC, frames.protocol(dataset)) for dataset in last["dataset"])
    protocol = [text.partition(" (")[2].removesuffix(")") for text in said]
    table = last[[*ARM, "seed", "step", "value"]].assign(real=real, protocol=protocol)
    return table.sort_values([*ARM, "seed"], ignore_index=True)


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """GAN14-C4a, C4b: what real training digits reach by the same estimator, in the data set where they reach least."""
    real = deciding(table).groupby("dataset")["real"].first()
    found = {"real": [float(real.min())] if len(real) else []}
    return {"GAN14-C4a": found, "GAN14-C4b": found}


def draw(table: pd.DataFrame) -> Figure:
    """A plot per data set, a row per arm."""
    groups = [(str(dataset), own) for dataset, own in table.groupby("dataset")]
    rows = [len(names.arms_of(own)) for _, own in groups]
    figure = style.figure(0.5 + 0.65 * len(rows) + 0.21 * sum(rows))
    grid = figure.subplots(len(rows), 1, sharex=True, squeeze=False, height_ratios=rows)[:, 0]
    for axes, (dataset, own) in zip(grid, groups, strict=True):
        _forest(axes, own)
        _lines(axes, float(own["real"].iloc[0]))
        title = f"{names.dataset_label(dataset)}: {own['protocol'].iloc[0]}"
        axes.set_title(style.wrapped(title, 80))
    grid[-1].set_xlabel(f"{names.metric(METRIC).title}, {names.metric(METRIC).unit}")
    numbers = (BELIEF_NET, ADVERSARIAL)
    handles = [
        Line2D([], [], label=label + (f": {numbers[i]}" if i < len(numbers) else ""), **look)
        for i, (label, look) in enumerate(LINES.items())
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles))
    return figure


def evidence(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """GAN14-C4a and C4b: the likelihood of every seed of each arm that decides."""
    nats = names.by_arm(deciding(table), "value")
    return {"GAN14-C4a": nats, "GAN14-C4b": nats}


def remarks(table: pd.DataFrame) -> dict[str, str]:
    """What real training digits reach in the place of samples: by data set: no samples are expected to beat it."""
    own = deciding(table)
    real = own.groupby("dataset")["real"].first().dropna()
    said = ", ".join(
        f"{nats:.0f} nats on {names.dataset_label(str(dataset))}" for dataset, nats in real.items()
    )
    return {"GAN14-C4b": f"real training digits reach {said}"} if said else {}


def deciding(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the paper's games on perceptrons, with their own recipe."""
    games = table["method"].isin(GAMES) & (table["variant"] == names.PLAIN)
    return table[games & table["net"].str.startswith(PERCEPTRON)]


def _forest(axes: Axes, own: pd.DataFrame) -> None:
    """The arms of a data set: the seeds, and their means."""
    arms, bold = names.arms_of(own), names.arms_of(deciding(own))
    for row, arm in enumerate(arms):
        nats, colour = names.rows_of(own, arm)["value"], names.colour(arm.method)
        seeds.dots(axes, row, nats, colour, width=0.5, across=True)
    axes.set_yticks(range(len(arms)), [names.arm_label(arm, arms) for arm in arms])
    for label, arm in zip(axes.get_yticklabels(), arms, strict=True):
        label.set_fontweight("bold" if arm in bold else "normal")
    axes.set_ylim(len(arms) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)


def _lines(axes: Axes, real: float) -> None:
    """The numbers of the paper and that of real digits, `real`, where it was measured."""
    for nats, look in zip((BELIEF_NET, ADVERSARIAL, real), LINES.values(), strict=True):
        if not pd.isna(nats):
            axes.axvline(nats, **look)
