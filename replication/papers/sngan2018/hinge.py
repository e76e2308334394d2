"""The hinge loss and cross-entropy under spectral normalisation."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ends
from replication.figures.results import Frames

TITLE = "Hinge loss and cross-entropy"
CAPTION = (
    "FID of a GAN with spectral normalisation and setting C of Adam, trained by the hinge loss and by "
    "cross-entropy (the non-saturating game), at the end of training: every seed as a pale dot, mean over seeds "
    "with its 95 % interval. Right: FID on CIFAR-10 as the paper prints it, in its own Inception."
)
MIRRORS = "sngan2018:tab2"
PAPER_SHOWS = (
    "FID on CIFAR-10 of the convolutional nets: 25.5 with the hinge loss, 29.3 with cross-entropy."
)
RUNS = ["mnist/dcgan_16/sngan/paper", "mnist/dcgan_16/gan_ns/spectral_norm"]

HINGE, ENTROPY = RUNS
ROWS = {"Loss, under spectral normalisation": [(HINGE, "hinge"), (ENTROPY, "cross-entropy")]}


def data(frames: Frames) -> pd.DataFrame:
    """The end of every run."""
    return ends.data(frames)


def draw(table: pd.DataFrame) -> Figure:
    """A row per loss."""
    return ends.draw(table, ROWS, printed={HINGE: "25.5", ENTROPY: "29.3"})


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """SN18-C8: by seed, FID with cross-entropy over that with the hinge loss, minus 1."""
    return {"SN18-C8": ends.ratio(table, ENTROPY, HINGE)}
