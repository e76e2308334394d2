"""Each way to restrain a discriminator in its best setting."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ends, palette, seeds, style
from replication.figures.results import Frames
from replication.papers.sngan2018 import _settings, fig1
from replication.papers.sngan2018._settings import BATCH, CLIP, FAMILIES, PENALTY, SPECTRAL, WEIGHT

TITLE = "Each method in its best setting"
CAPTION = (
    "FID of each method in the best of settings A to F, where a seed's setting is the one that is best on average "
    "over the other seeds: every seed as a pale dot, mean over seeds with its 95 % interval. Right: FID on "
    "CIFAR-10 as the paper prints it, in its own Inception."
)
MIRRORS = "sngan2018:tab2"
PAPER_SHOWS = (
    "Inception score and FID on CIFAR-10 and STL-10: spectral normalisation 29.3 on CIFAR-10, orthonormal "
    "regularisation 29.0, layer norm 33.9, weight norm 34.7, WGAN-GP 40.2, weight clipping 42.6, batch norm 56.3."
)
RUNS = [
    "mnist/dcgan_16/*/setting_?",
    "mnist/dcgan_16/gan_ns/spectral_norm+setting_?",
    "mnist/dcgan_16/gan_ns/weight_norm+setting_?",
]

#: The paper's FID on CIFAR-10.
PRINTED = {CLIP: 42.6, PENALTY: 40.2, BATCH: 56.3, WEIGHT: 34.7, SPECTRAL: 29.3}
RIVALS = {"SN18-C2a": CLIP, "SN18-C2b": WEIGHT, "SN18-C2c": BATCH, "SN18-C2d": PENALTY}


def data(frames: Frames) -> pd.DataFrame:
    """The end of every run."""
    return ends.data(frames, together=False)


def draw(table: pd.DataFrame) -> Figure:
    """A row per method."""
    figure = style.figure(0.6 + 0.32 * len(FAMILIES))
    axes = figure.subplots()
    for place, family in enumerate(FAMILIES):
        values = _settings.best(_settings.scores(table, family))
        if len(values):
            seeds.dots(axes, place, values, family.colour, width=0.45, across=True)
        axes.text(1.01, place, f"{PRINTED[family]:g}", transform=axes.get_yaxis_transform(),
                  va="center", color=palette.MUTED, fontsize=7.5)  # fmt: skip
    axes.text(1.01, -0.75, "in the paper", transform=axes.get_yaxis_transform(), va="bottom",
              color=palette.MUTED, fontsize=7.5)  # fmt: skip
    axes.set_yticks(range(len(FAMILIES)), [family.label for family in FAMILIES])
    axes.set_ylim(len(FAMILIES) - 0.5, -0.6)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(ends.title(table))
    style.log(axes.xaxis)
    return figure


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """SN18-C2a to C2d: by seed, FID of a rival over that of SN, both in their best setting."""
    best = {family: _settings.best(_settings.scores(table, family)) for family in FAMILIES}
    return {
        claim: [float(value) for value in (best[rival] / best[SPECTRAL]).dropna()]
        for claim, rival in RIVALS.items()
    }


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """All: the share of FID's way to real images in SN's best setting."""
    way = fig1.share_of_the_way(table)
    return {claim: {"learned": way} for claim in RIVALS} if way else {}
