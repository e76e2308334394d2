"""WGAN's estimate while three generators train, one of which fails."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures.results import Frames
from replication.papers.wgan2017 import _curves

TITLE = "The critic's estimate and samples, for three generators"
CAPTION = (
    "The critic's estimate on held-out data while training: mean over seeds in a band from the lowest to the "
    "highest, every seed as a thin line, nothing smoothed. Above, samples of the first seed along the curve, "
    "nothing picked. The perceptron and the convolutional generator train against the same critic; perceptrons on both "
    "sides, at a hundred times the learning rate, are meant to fail. A generator that was not trained yet has no plot."
)
MIRRORS = "wgan2017:fig3"
PAPER_SHOWS = (
    "The estimate over generator iterations on LSUN bedrooms with samples along it: with a perceptron generator "
    "it falls from 1.5 to 0.37, with DCGAN from 1.6 to 0.12, and samples improve; with perceptrons on both sides "
    "and a high learning rate it stays at 15 and samples are noise."
)
RUNS = [
    "mnist/perceptron_generator_16/wgan_clip/paper",
    "mnist/dcgan_16/wgan_clip/paper",
    "mnist/mlp_512/wgan_clip/high_rate",
]

#: What the paper's curves do, read off its figure.
PRINTED = ("1.5 to 0.37", "1.6 to 0.12", "stays at 15")


def data(frames: Frames) -> pd.DataFrame:
    """The held-out estimate of every run, with samples."""
    return _curves.data(frames, "estimate_heldout")


def draw(table: pd.DataFrame) -> Figure:
    """A plot per generator."""
    return _curves.draw(table, RUNS, "estimate (K × pixel distance)", PRINTED)
