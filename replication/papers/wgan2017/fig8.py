"""GAN's generator loss while three generators train."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures.results import Frames
from replication.papers.wgan2017 import _curves

TITLE = "A GAN's generator loss and samples, for three generators"
CAPTION = (
    "The loss of a GAN's generator on a training batch while training: mean over seeds in a band from the lowest "
    "to the highest, every seed as a thin line, nothing smoothed. Above, samples of the first seed along the "
    "curve, nothing picked. The perceptron and the convolutional generator train against the same critic; perceptrons "
    "on both sides, at a hundred times the learning rate, are meant to fail. A generator that was not trained yet "
    "has no plot."
)
MIRRORS = "wgan2017:fig8"
PAPER_SHOWS = (
    "The generator's loss over generator iterations for the same three generators: it rises while samples "
    "improve."
)
RUNS = [
    "mnist/perceptron_generator_16/gan_ns/paper",
    "mnist/dcgan_16/gan_ns/paper",
    "mnist/mlp_512/gan_ns/high_rate",
]

#: What the paper's curves do, read off its figure.
PRINTED = ("rises",) * 2 + ("",)


def data(frames: Frames) -> pd.DataFrame:
    """The generator's loss of every run, with samples."""
    return _curves.data(frames, "generator_loss")


def draw(table: pd.DataFrame) -> Figure:
    """A plot per generator."""
    return _curves.draw(table, RUNS, "generator loss", PRINTED)
