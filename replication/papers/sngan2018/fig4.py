"""Spectral normalisation and orthonormal regularisation of discriminators that become wider."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ends, names, palette, seeds, style
from replication.figures.results import Frames

TITLE = "Wider discriminators"
CAPTION = (
    "Inception score against the channels of the discriminator's first layer, which double inwards, at equal "
    "generator steps: every seed as a pale dot, mean over seeds with its 95 % interval. The generator stays as it is."
)
MIRRORS = "sngan2018:fig4"
PAPER_SHOWS = (
    "Inception score on STL-10 against the dimension of the discriminator's last feature map: orthonormal "
    "regularisation loses as it grows, spectral normalisation does not."
)
RUNS = [
    "mnist/critic_width_8/gan_ns/spectral_norm", "mnist/critic_width_8/gan_ns/orthonormal",
    "mnist/critic_width_16/gan_ns/spectral_norm", "mnist/critic_width_16/gan_ns/orthonormal",
    "mnist/critic_width_32/gan_ns/spectral_norm", "mnist/critic_width_32/gan_ns/orthonormal",
    "mnist/critic_width_64/gan_ns/spectral_norm", "mnist/critic_width_64/gan_ns/orthonormal",
]  # fmt: skip

WIDTHS = (8, 16, 32, 64)
LOOKS = {
    "spectral_norm": ("spectral normalisation", names.colour("sngan")),
    "orthonormal": ("orthonormal regularisation", palette.BROWN),
}


def data(frames: Frames) -> pd.DataFrame:
    """The end of every run, with its width and the score of real images."""
    table = ends.data(frames)
    score = next(iter(frames.metrics("inception_score")), "inception_score")
    width = table["net"].str.rsplit("_", n=1).str[-1].astype(int)
    return table.assign(width=width, score_real=frames.real("mnist", score))


def draw(table: pd.DataFrame) -> Figure:
    """Both scores over width."""
    figure = style.figure(2.5)
    axes = figure.subplots()
    for i, (variant, (label, colour)) in enumerate(LOOKS.items()):
        own = table[table["variant"] == variant]
        for width, part in own.groupby("width"):
            seeds.dots(axes, np.log2(width) + 0.1 * (i - 0.5), part["inception_score"], colour)
        means = own.groupby("width")["inception_score"].mean()
        axes.plot(
            np.log2(means.index) + 0.1 * (i - 0.5), means, color=colour, linewidth=0.9, label=label
        )
    axes.set_xticks(np.log2(WIDTHS), [str(width) for width in WIDTHS])
    axes.set_xlabel("channels of the discriminator's first layer")
    axes.set_ylabel("inception score ↑")
    axes.legend()
    return figure


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """SN18-C5: by seed, the slope of the score against log width with SN minus that with orthonormal regularisation."""
    slopes: dict[str, dict[int, float]] = {variant: {} for variant in LOOKS}
    for (variant, seed), own in table.dropna(subset="inception_score").groupby(["variant", "seed"]):
        if own["width"].nunique() == len(WIDTHS):
            slopes[variant][seed] = float(
                np.polyfit(np.log(own["width"]), own["inception_score"], 1)[0]
            )
    spectral, orthonormal = (pd.Series(slopes[variant], dtype=float) for variant in LOOKS)
    return {"SN18-C5": [float(value) for value in (spectral - orthonormal).dropna()]}


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """SN18-C5: the score of the narrowest discriminator over that of real images, with SN."""
    own = table[(table["width"] == min(WIDTHS)) & (table["variant"] == "spectral_norm")]
    share = (own["inception_score"] / own["score_real"]).dropna()
    return {"SN18-C5": {"widths": share.tolist()}} if len(share) else {}
