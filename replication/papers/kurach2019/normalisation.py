"""Spectral and batch normalisation of the discriminator, and three losses under spectral normalisation."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ends
from replication.figures.results import Frames

TITLE = "Normalisation and loss, one change at a time"
CAPTION = (
    "FID at the end of training: every seed as a pale dot, mean over seeds with its 95 % interval. Above: the "
    "non-saturating GAN with a discriminator without normalisation, with batch normalisation and with spectral "
    "normalisation. Below: three losses under spectral normalisation. All have Adam at learning rate 2e-4 and one "
    "discriminator step per generator step."
)
MIRRORS = "kurach2019:fig1"
PAPER_SHOWS = (
    "Box plots of the best 5 % of FIDs of a search, on CelebA-HQ and LSUN: spectral normalisation and a gradient "
    "penalty improve on the unnormalised discriminator, batch normalisation does not; under spectral "
    "normalisation the losses lie close together."
)
RUNS = [
    "mnist/dcgan_16/gan_ns/no_critic_norm",
    "mnist/dcgan_16/gan_ns/paper",
    "mnist/dcgan_16/gan_ns/spectral_norm",
    "mnist/dcgan_16/lsgan/spectral_norm",
    "mnist/dcgan_16/wgan_clip/spectral_norm_for_clipping",
]

NONE, BATCH, SPECTRAL, SQUARES, WASSERSTEIN = RUNS

ROWS = {
    "Normalisation of the discriminator, non-saturating loss": [
        (NONE, "none"),
        (BATCH, "batch"),
        (SPECTRAL, "spectral"),
    ],
    "Loss, under spectral normalisation": [
        (SPECTRAL, "non-saturating"),
        (SQUARES, "least squares"),
        (WASSERSTEIN, "Wasserstein"),
    ],
}


def data(frames: Frames) -> pd.DataFrame:
    """The end of every run."""
    return ends.data(frames)


def draw(table: pd.DataFrame) -> Figure:
    """Two groups of rows."""
    return ends.draw(table, ROWS)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """KUR19-C1, C2, C4a, C4b: by seed, FID over that of the other arm."""
    return {
        "KUR19-C1": ends.ratio(table, NONE, SPECTRAL),
        "KUR19-C2": ends.ratio(table, BATCH, NONE),
        "KUR19-C4a": ends.ratio(table, SQUARES, SPECTRAL),
        "KUR19-C4b": ends.ratio(table, WASSERSTEIN, SPECTRAL),
    }
