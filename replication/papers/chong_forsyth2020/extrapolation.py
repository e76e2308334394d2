"""FID of two trained generators against one over the number of samples, and its extrapolation."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy import stats

from replication.figures import names, seeds, style
from replication.figures.results import Experiment

TITLE = "FID of trained generators, extrapolated"
CAPTION = (
    "Left: FID (LeNet) of a GAN and an LSGAN on digits against one over the number of samples, each dot the mean over "
    "disjoint sets of that size, one thin line per seed, less the seed's height at 0. Right: standard deviation over "
    "repetitions of FID extrapolated to infinitely many samples, from independent noise and from Sobol's points, "
    "every seed as a dot."
)
MIRRORS = "chong_forsyth2020:section on bias and extrapolation"
PAPER_SHOWS = (
    "FID against one over the number of samples lies on a line whose slope differs between generators; with Sobol's "
    "points in place of independent noise the extrapolated FID varies less."
)
EXPERIMENTS = ["many_samples"]

METHODS = ("gan_ns", "lsgan")
LABELS = {"independent": "independent\nnoise", "sobol": "Sobol's points"}


def data(experiment: Experiment) -> pd.DataFrame:
    """The experiment's table."""
    return experiment("many_samples")


def draw(table: pd.DataFrame) -> Figure:
    """Lines, and spreads."""
    figure = style.figure(2.6)
    left, right = figure.subplots(1, 2, width_ratios=[1.5, 1])
    for method in METHODS:
        whole = _whole(table[table["method"] == method])
        for seed, own in whole.groupby("seed"):
            _, height = _line(own)
            label = names.method_label(method) if seed == whole["seed"].min() else ""
            left.plot(1e3 / own["samples"], own["value"] - height, ".-", color=names.colour(method),
                      linewidth=0.6, markersize=3, alpha=0.7, label=label)  # fmt: skip
    left.axhline(0, color=style.MUTED, linewidth=0.8)
    left.set_xlim(left=0)
    left.set_xlabel("1,000 over the number of samples")
    left.set_ylabel("FID (LeNet), less its extrapolation")
    left.legend()
    spread = _variances(table) ** 0.5
    for x, what in enumerate(spread.columns):
        seeds.dots(right, x, spread[what], style.INK, width=0.3)
    right.set_xticks(range(spread.shape[1]), [LABELS[str(what)] for what in spread])
    right.set_xlim(-0.6, spread.shape[1] - 0.4)
    right.set_ylabel("sd of the extrapolated FID")
    right.set_ylim(bottom=0)
    return figure


def _whole(table: pd.DataFrame) -> pd.DataFrame:
    """FID by seed, method and size, over both halves of the samples."""
    own = table[table["what"] == "fid"]
    return own.groupby(["seed", "method", "samples"], as_index=False)["value"].mean()


def _line(own: pd.DataFrame) -> tuple[float, float]:
    """Slope and height at 0 of the line through FID against one over the number of samples."""
    slope, height = np.polyfit(1 / own["samples"], own["value"], 1)
    return float(slope), float(height)


def _variances(table: pd.DataFrame) -> pd.DataFrame:
    """Variance over repetitions of the extrapolated FID: seeds (mean over generators) by kind of noise."""
    own = table[table["what"].isin(["independent", "sobol"])]
    return (
        own.groupby(["seed", "method", "what"])["value"]
        .var()
        .groupby(["seed", "what"])
        .mean()
        .unstack("what")
    )


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """CHO20-C1: by seed the lower R² of two generators. C2: the difference of their slopes, signed by the other half.

    C3: the variance of the extrapolated FID with Sobol's points over that with independent noise.
    """
    straight = {
        key: stats.linregress(1 / own["samples"], own["value"]).rvalue ** 2
        for key, own in _whole(table).groupby(["seed", "method"])
    }
    lines = table[table["what"] == "fid"].groupby(["seed", "repeat", "method"])
    slopes = lines[["samples", "value"]].apply(lambda own: _line(own)[0]).unstack("method")
    apart = (slopes[METHODS[0]] - slopes[METHODS[1]]).unstack("repeat")
    variances = _variances(table)
    return {
        "CHO20-C1": pd.Series(straight).groupby(level=0).min().tolist(),
        "CHO20-C2": (np.sign(apart[1]) * apart[0]).tolist(),
        "CHO20-C3": (variances["sobol"] / variances["independent"]).tolist(),
    }


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """All: the share of FID's way from the untrained generator to real images, of the generator that went less."""
    what = table.groupby(["seed", "method", "what"])["value"].mean().unstack("what")
    way = (what["untrained"] - what["large"]) / (what["untrained"] - what["real"])
    least = way.groupby("seed").min().tolist()
    return {claim: {"learned": least} for claim in ("CHO20-C1", "CHO20-C2", "CHO20-C3")}
