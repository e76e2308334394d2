"""Minibatch discrimination and feature matching against the GAN without either."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ends
from replication.figures.results import Frames

TITLE = "Feature matching and minibatch discrimination"
CAPTION = (
    "FID at the end of training of the non-saturating GAN, plain, with feature matching and with minibatch "
    "discrimination (16 kernels of dimension 5): every seed as a pale dot, mean over seeds with its 95 % "
    "interval. Above with a convolutional generator; below with a perceptron, against which a GAN is known to "
    "collapse."
)
MIRRORS = "salimans2016:fig3"
PAPER_SHOWS = (
    "Sheets of MNIST digits and of CIFAR-10 images: those of minibatch discrimination look real one by one, those "
    "of feature matching do not; table 3 takes the devices away one by one."
)
RUNS = [
    "mnist/dcgan_16/gan_ns/paper",
    "mnist/dcgan_16/gan_ns/feature_matching",
    "mnist/dcgan_16/gan_ns/minibatch_discrimination",
    "mnist/perceptron_generator_16/gan_ns/paper",
    "mnist/perceptron_generator_16/gan_ns/minibatch_discrimination",
]

PLAIN, MATCHING, MINIBATCH, COLLAPSING, VARIED = RUNS
ROWS = {
    "Convolutional generator": [
        (PLAIN, "plain"),
        (MATCHING, "feature matching"),
        (MINIBATCH, "minibatch discrimination"),
    ],
    "Perceptron generator": [(COLLAPSING, "plain"), (VARIED, "minibatch discrimination")],
}


def data(frames: Frames) -> pd.DataFrame:
    """The end of every run."""
    return ends.data(frames)


def draw(table: pd.DataFrame) -> Figure:
    """Two groups of rows."""
    return ends.draw(table, ROWS)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """IT16-C3/entropy: by seed, class entropy with minus without. IT16-C4: excess of FID of feature matching."""
    with_it, without = (ends.of(table, arm, "class_entropy") for arm in (VARIED, COLLAPSING))
    return {
        "IT16-C3/entropy": [float(value) for value in (with_it - without).dropna()],
        "IT16-C4": ends.ratio(table, MATCHING, MINIBATCH),
    }


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """IT16-C3/entropy: the class entropy of the plain GAN, which must have collapsed."""
    plain = ends.of(table, COLLAPSING, "class_entropy").dropna()
    return {"IT16-C3/entropy": {"collapse": plain.tolist()}} if len(plain) else {}
