"""GAN's estimate of JS while three generators train."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures.results import Frames
from replication.papers.wgan2017 import _curves

TITLE = "A GAN's JS estimate and samples, for three generators"
CAPTION = (
    "A GAN's estimate of JS on held-out data while training: mean over seeds in a band from the lowest to the "
    "highest, every seed as a thin line, nothing smoothed. Above, samples of the first seed along the curve, "
    "nothing picked. The perceptron and the convolutional generator train against the same critic; perceptrons on both "
    "sides, at a hundred times the learning rate, are meant to fail. A generator that was not trained yet has no plot."
)
MIRRORS = "wgan2017:fig4"
PAPER_SHOWS = (
    "The JS estimate over generator iterations for the same three generators: it rises or stays constant near log "
    "2, whether samples improve or not."
)
RUNS = [
    "mnist/perceptron_generator_16/gan_ns/paper",
    "mnist/dcgan_16/gan_ns/paper",
    "mnist/mlp_512/gan_ns/high_rate",
]

#: What the paper's curves do, read off its figure.
PRINTED = ("rises to log 2",) * 2 + ("near log 2",)


def data(frames: Frames) -> pd.DataFrame:
    """The held-out estimate of every run, with samples."""
    return _curves.data(frames, "estimate_heldout")


def draw(table: pd.DataFrame) -> Figure:
    """A plot per generator."""
    return _curves.draw(table, RUNS, "JS estimate (nats)", PRINTED)
