"""WGAN and GAN with a generator without batch normalisation and with a constant number of filters."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ends
from replication.figures.results import Frames
from replication.papers.wgan2017 import _sheets

TITLE = "Without batch normalisation, and with a constant number of filters"
CAPTION = (
    "Samples of WGAN with clipping and of the non-saturating GAN from a convolutional generator that has no batch "
    "normalisation and as many filters in every layer, against DCGAN's critic. First seed, last checkpoint, in "
    "the order of the noise: nothing is picked. Above each sheet FID at the last step: mean over seeds with its "
    "95 % interval. Both take as many generator steps."
)
MIRRORS = "wgan2017:fig6"
PAPER_SHOWS = (
    "Two sheets of LSUN bedrooms from such a generator: WGAN still draws bedrooms, and GAN fails."
)
RUNS = ["mnist/constant_filters_16/wgan_clip/paper", "mnist/constant_filters_16/gan_ns/paper"]

WGAN, GAN = RUNS


def data(frames: Frames) -> pd.DataFrame:
    """The end of every run, with samples."""
    return _sheets.data(frames)


def draw(table: pd.DataFrame) -> Figure:
    """Two sheets."""
    return _sheets.draw(table, {"no batch norm, constant filters": (WGAN, GAN)})


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGAN17-C7: by seed, FID of GAN over that of WGAN; and whether each run fails, GAN's first."""
    ratio = ends.of(table, GAN, worst=True) / ends.of(table, WGAN)
    failed = {arm: [1.0 - trained for trained in ends.trained(table, arm)] for arm in RUNS}
    return {
        "WGAN17-C7/quality": [float(value) for value in ratio.dropna()],
        "WGAN17-C7/failures": failed[GAN],
        "WGAN17-C7/failures@other": failed[WGAN],
    }
