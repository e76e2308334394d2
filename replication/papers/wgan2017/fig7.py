"""WGAN and GAN with a perceptron for a generator, against DCGAN's critic."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ends
from replication.figures.results import Frames
from replication.papers.wgan2017 import _sheets

TITLE = "A perceptron for a generator"
CAPTION = (
    "Samples of WGAN with clipping and of the non-saturating GAN from a perceptron with four hidden layers of 512 "
    "units, against DCGAN's critic. First seed, last checkpoint, in the order of the noise: nothing is picked. Above "
    "each sheet FID at the last step: mean over seeds with its 95 % interval. Both take as many generator steps."
)
MIRRORS = "wgan2017:fig7"
PAPER_SHOWS = (
    "Two sheets of LSUN bedrooms from such a generator: WGAN's are worse than those of a DCGAN generator but "
    "varied, and the standard GAN's are of lower quality and collapse."
)
RUNS = [
    "mnist/perceptron_generator_16/wgan_clip/paper",
    "mnist/perceptron_generator_16/gan_ns/paper",
    "mnist/dcgan_16/wgan_clip/paper",
]

WGAN, GAN, CONVOLUTIONAL = RUNS


def data(frames: Frames) -> pd.DataFrame:
    """The end of every run, with samples; beside the perceptron's the convolutional generator's."""
    table = _sheets.data(frames)
    # The convolutional generator alone is nothing to look at here.
    return table if table["arm"].isin((WGAN, GAN)).any() else table.iloc[:0]


def draw(table: pd.DataFrame) -> Figure:
    """Two sheets."""
    return _sheets.draw(table, {"perceptron, 4 hidden layers of 512": (WGAN, GAN)})


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGAN17-C8a and C8b: GAN against WGAN by seed. C8c: WGAN's perceptron against its convolutional generator."""
    wgan, gan = (ends.of(table, arm, "class_entropy") for arm in (WGAN, GAN))
    return {
        "WGAN17-C8a": ends.ratio(table, GAN, WGAN),
        "WGAN17-C8b": [float(value) for value in (wgan - gan).dropna()],
        "WGAN17-C8c": ends.ratio(table, WGAN, CONVOLUTIONAL),
    }
