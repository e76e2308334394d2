"""Two losses for a generator that the discriminator still rejects."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import names, style
from replication.figures.results import Experiment

TITLE = "While every sample is rejected, −log D pulls harder"
CAPTION = (
    "An untrained generator against a discriminator in training, ring of 8 Gaussians. Left: norm of the "
    "generator's gradient by its weights under both losses and the mean of D on samples; line, median over "
    "seeds; band, lowest to highest seed. Right: ratio of the two norms over that mean, a dot for every check "
    "of every seed; dashes, (1 − D) / D, the ratio if all samples had the same D. Evidence takes each seed's "
    "first check with a mean below 0.05 (shaded)."
)
EXPLAINED = (
    "When D is almost 0 on every sample, log(1 − D) is flat there and hardly moves the generator. −log D is "
    "steepest just there, so an early generator learns much faster from it."
)
PAPER_SHOWS = (
    "Section 3 argues that early in learning log(1 − D(G(z))) saturates and that maximising log D(G(z)) "
    "gives much stronger gradients; no figure shows it."
)
EXPERIMENTS = ["vanishing"]

REJECTED = 0.05
LOSSES = {"minimax": ("gan_minimax", "log(1 − D)"), "non_saturating": ("gan_ns", "−log D")}


def data(experiment: Experiment) -> pd.DataFrame:
    """By seed and discriminator step: both norms, their ratio and the mean of D, for the untrained generator."""
    table = experiment("vanishing")
    columns = ["seed", "step", *LOSSES, "mean_d"]
    early = table.loc[table["age"] == 0, columns].reset_index(drop=True)
    return early.assign(ratio=early["non_saturating"] / early["minimax"])


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """GAN14-C3: the ratio of the norms at each seed's first check with a mean of D below 0.05, the smallest there.

    NaN for a seed whose discriminator never rejects its samples.
    """
    rejected = table[table["mean_d"] < REJECTED].sort_values("step").groupby("seed")["ratio"]
    return {"GAN14-C3": rejected.first().reindex(sorted(table["seed"].unique())).tolist()}


def draw(table: pd.DataFrame) -> Figure:
    """Norms and the mean of D over steps, and the ratio over the mean."""
    figure = style.figure(2.6)
    left, right = figure.subplots(1, 2, width_ratios=[1.25, 1])
    shown = {loss: (names.colour(m), label) for loss, (m, label) in LOSSES.items()}
    for column, (colour, label) in (
        shown | {"mean_d": (style.MUTED, "mean of D on samples")}
    ).items():
        by_step = table.groupby("step")[column]
        low, middle, high = by_step.min(), by_step.median(), by_step.max()
        left.fill_between(low.index, low, high, color=colour, alpha=0.13, linewidth=0)
        left.plot(middle.index, middle, color=colour, label=label)
    left.set(xscale="symlog", yscale="log", xlabel="discriminator steps", xlim=(0, None))
    left.set_ylabel("gradient norm;  mean of D")
    left.legend(loc="upper left")
    d = np.geomspace(max(table["mean_d"].min(), 1e-12), 0.9, 60)
    right.axvspan(d[0], REJECTED, color=style.GRID, zorder=0)
    right.plot(d, (1 - d) / d, color=style.INK, linestyle=style.DASHES[1], linewidth=1)
    right.plot(table["mean_d"], table["ratio"], ".", color=names.colour("gan_ns"), alpha=0.5,
               markersize=4, markeredgewidth=0)  # fmt: skip
    right.set(xscale="log", yscale="log", xlabel="mean of D on samples")
    right.set_ylabel("norm of −log D / norm of log(1 − D)")
    right.invert_xaxis()
    return figure
