"""Gradients and weights of deep critics under clipping and under the penalty."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import names, style
from replication.figures.results import Experiment

TITLE = "Gradients and weights of a deep critic"
CAPTION = (
    "A game on the Swiss roll between perceptrons of 12 hidden layers of 64 rectifiers, 5 critic steps per "
    "generator step. Left: norm of the gradient of the critic's loss by each layer's activations, layer 13 "
    "being the score; geometric mean of the checks in the second half of training; line, median over "
    "seeds; band, lowest to highest seed. Right: the critic's weights (without biases) at the end, all "
    "seeds together. Initial weights reach far beyond the clips 0.001 and 0.01, so the first clip alone puts "
    "most of them at the ends, and gradients this small hardly move them afterwards."
)
EXPLAINED = (
    "Going back through the layers, a clipped critic multiplies its gradient by about the same factor each "
    "time, so it shrinks or grows without end. Its weights sit at the two ends of the allowed range, while "
    "the penalty leaves them spread out."
)
MIRRORS = "wgan_gp2017:fig1b"
PAPER_SHOWS = (
    "Left: on the Swiss roll gradient norms of deep critics grow or decay exponentially with clips 0.001, "
    "0.01 and 0.1, and hardly change with the penalty. Right: clipping pushes weights towards the two "
    "ends of the range."
)
EXPERIMENTS = ["deep_critic"]

ARMS: dict[str, tuple[str, Any, str]] = {
    "clip_0.1": ("wgan_clip", style.DASHES[0], "clip 0.1"),
    "clip_0.01": ("wgan_clip", style.DASHES[1], "clip 0.01"),
    "clip_0.001": ("wgan_clip", style.DASHES[2], "clip 0.001"),
    "gp": ("wgan_gp", style.DASHES[0], "gradient penalty"),
}
#: The clip under which the critic trains from end to end; weights are judged there.
TRAINED = "clip_0.1"
HISTOGRAMS = {
    "clip_0.001": "clip 0.001",
    "clip_0.01": "clip 0.01",
    "clip_0.1": "clip 0.1",
    "gp": "gradient penalty",
}


def data(experiment: Experiment) -> pd.DataFrame:
    """By arm: log10 norm by seed and layer, share of extreme weights by seed (start, end), mean histogram."""
    table = experiment("deep_critic")
    gradients = table[table["what"] == "gradient"]
    late = gradients[2 * gradients["step"] > gradients["step"].max()]
    norms = late.groupby(["what", "arm", "seed", "layer"], as_index=False)["value"].mean()
    extreme = table[table["what"] == "extreme"]
    bins = table[table["what"] == "histogram"].groupby(["what", "arm", "at"], as_index=False)
    columns = ["what", "arm", "seed", "step", "layer", "at", "value"]
    return pd.concat([norms, extreme, bins["value"].mean()], ignore_index=True).reindex(
        columns=columns
    )


def slopes(table: pd.DataFrame) -> pd.DataFrame:
    """Slope of log10 norm per layer, from the score back to the input, by seed (rows) and arm (columns)."""
    norms = table[table["what"] == "gradient"].pivot(
        index=["arm", "seed"], columns="layer", values="value"
    )
    centred = norms.columns.to_numpy(float) - norms.columns.to_numpy(float).mean()
    # A layer that passes nothing on has no slope: NaN stays NaN.
    fitted = -(norms.to_numpy() @ centred) / (centred @ centred)
    return pd.Series(fitted, norms.index).unstack("arm")


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGP17-C2a, C2b: slopes of log10 norm per layer. WGP17-C3a, C3b: share of weights at the ends of their range.

    ``clip`` takes, for each seed, the clip with the smallest absolute slope. The weights are those of clip 0.1,
    the only one that lets gradients reach every layer: ``share`` is the share at the end minus the penalty's,
    ``training`` the share at the end minus that right after the first clip.
    """
    slope = slopes(table).abs()
    clips = slope[["clip_0.001", "clip_0.01", "clip_0.1"]].min(axis=1, skipna=False)
    first, last = _extreme(table)
    return {
        "WGP17-C2a": clips.tolist(),
        "WGP17-C2b": slope["gp"].tolist(),
        "WGP17-C3b": (last[TRAINED] - first[TRAINED]).tolist(),
        "WGP17-C3a": (last[TRAINED] - last["gp"]).tolist(),
    }


def remarks(table: pd.DataFrame) -> dict[str, str]:
    """How much of the share of weights at the ends was there before any step."""
    first, last = (shares[TRAINED].mean() for shares in _extreme(table))
    said = f"mean share {first:.3g} right after the first clip, before any step, and {last:.3g} at the end"
    return {"WGP17-C3b": said}


def _extreme(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Share of weights at the ends by seed (rows) and arm (columns): after the first clip, and at the end."""
    own = table[table["what"] == "extreme"]
    first, last = (
        own[late].pivot(index="seed", columns="arm", values="value")
        for late in (own["step"] == 0, own["step"] > 0)
    )
    return first, last


def draw(table: pd.DataFrame) -> Figure:
    """Gradient norms by layer, and a histogram of every arm."""
    figure = style.figure(3.7)
    halves: Any = figure.subfigures(1, 2, width_ratios=[1.35, 1])
    axes: Any = halves[0].subplots()
    for arm, (method, dash, label) in ARMS.items():
        own = table[(table["what"] == "gradient") & (table["arm"] == arm)]
        bands = (10 ** own.set_index("layer")["value"]).groupby("layer")
        low, middle, high = bands.min(), bands.median(), bands.max()
        colour = names.colour(method)
        axes.fill_between(low.index, low, high, color=colour, alpha=0.15, linewidth=0)
        axes.plot(middle.index, middle, color=colour, linestyle=dash, label=label)
    style.log(axes.yaxis, plain=False)
    axes.set(xlabel="layer of the critic", ylabel="gradient norm", xlim=(13, 1))
    axes.set_xticks([13, 11, 9, 7, 5, 3, 1])
    axes.legend(loc="lower left")
    for cell, (arm, label) in zip(
        halves[1].subplots(len(HISTOGRAMS)), HISTOGRAMS.items(), strict=True
    ):
        _weights(cell, table[(table["what"] == "histogram") & (table["arm"] == arm)], arm, label)
    cell.set_xlabel("weight")
    return figure


def _weights(axes: Axes, bins: pd.DataFrame, arm: str, label: str) -> None:
    bins = bins.sort_values("at")
    width = float(np.diff(bins["at"]).mean())
    axes.bar(bins["at"], bins["value"], width, color=names.colour(ARMS[arm][0]), linewidth=0)
    axes.set_title(label)
    axes.set_ylabel("share")
    axes.set_ylim(0, None)
