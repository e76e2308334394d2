"""Bias and spread of FID from ten thousand samples."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import names, seeds, style
from replication.figures.results import Experiment

TITLE = "Bias and spread of FID from 10,000 samples"
CAPTION = (
    "FID (LeNet) of sets of 10,000 samples of trained generators. Left: by how much their mean lies above FID "
    "extrapolated to infinitely many samples; right: their standard deviation over disjoint sets. Both relative to "
    "FID; every seed as a pale dot, mean over seeds with its 95 % interval. Dashes: the thresholds."
)
MIRRORS = "lucic2018:fig1"
PAPER_SHOWS = (
    "FID between two halves of the real images against their number: from 10,000 images its bias is small and its "
    "variance smaller."
)
EXPERIMENTS = ["many_samples"]

METHODS = ("gan_ns", "lsgan")
THRESHOLDS = {"bias": 0.05, "spread": 0.02}


def data(experiment: Experiment) -> pd.DataFrame:
    """Relative bias and spread, by method and seed; beside them the share of FID's way to real images."""
    table = experiment("many_samples")
    rows = []
    for (method, seed), own in table.groupby(["method", "seed"]):
        by_size = own[own["what"] == "fid"].groupby("samples")["value"].mean()
        _, height = np.polyfit(1 / by_size.index.to_numpy(dtype=float), by_size, 1)
        large = own.loc[own["what"] == "large", "value"]
        first, real = (
            own.loc[own["what"] == what, "value"].iloc[0] for what in ("untrained", "real")
        )
        way = (first - large.mean()) / (first - real)
        rows.append((method, seed, large.mean() / height - 1, large.std() / large.mean(), way))
    return pd.DataFrame(rows, columns=["method", "seed", "bias", "spread", "way"])


def draw(table: pd.DataFrame) -> Figure:
    """Two plots."""
    figure = style.figure(2.3)
    labels = {"bias": "relative bias", "spread": "relative standard deviation"}
    for axes, (column, label) in zip(figure.subplots(1, 2), labels.items(), strict=True):
        for x, method in enumerate(METHODS):
            own = table.loc[table["method"] == method, column]
            seeds.dots(axes, x, own, names.colour(method), width=0.3)
        axes.axhline(THRESHOLDS[column], color=style.MUTED, linestyle=(0, (3, 2)), linewidth=1)
        axes.set_xticks(range(len(METHODS)), [names.method_label(m) for m in METHODS])
        axes.set_xlim(-0.6, len(METHODS) - 0.4)
        axes.set_title(label)
    return figure


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """LUC18-C4a and C4b: by seed, bias and spread of the generator of which they are larger."""
    worst = table.groupby("seed")[["bias", "spread"]].max()
    return {"LUC18-C4a": worst["bias"].tolist(), "LUC18-C4b": worst["spread"].tolist()}


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """Both: the share of FID's way from the untrained generator to real images, of the generator that went less."""
    least = table.groupby("seed")["way"].min().tolist()
    return {claim: {"learned": least} for claim in ("LUC18-C4a", "LUC18-C4b")}
