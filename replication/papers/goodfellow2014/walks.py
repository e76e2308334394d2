"""Walks between two points of noise through perceptron generators of the paper's two games."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import walks
from replication.figures.results import Frames

TITLE = "Does a walk through noise change the digit step by step?"
CAPTION = (
    "Each row of pictures is one walk in nine pictures on a straight line between two points of noise, through the "
    "generator of the first seed at its last checkpoint: the first five walks, one recipe of each method. Plot: the "
    "largest step of a walk over its mean step, between features of neighbouring pictures, mean over 32 walks "
    "of 8 steps. 1: every step is as long as any other. 8: one leap, and before and after it the picture stands "
    "still. Pale: seeds that finished. Dark: their mean with its 95 % interval, hollow where there is none."
)
EXPLAINED = (
    "A generator that had memorised pictures would stay at one of them and then jump to the next. One that has "
    "filled the space between them changes a little with every step."
)
MIRRORS = "goodfellow2014:fig3"
PAPER_SHOWS = (
    "MNIST digits along straight lines in the noise space of the full model: one digit turns into "
    "another by way of shapes between them."
)
RUNS = ["@images/mlp*/gan_minimax/*", "@images/mlp*/gan_ns/*"]


def data(frames: Frames) -> pd.DataFrame:
    """The largest over the mean step of every run that finished."""
    return walks.data(frames)


def draw(table: pd.DataFrame) -> Figure:
    """Walks of both games, and the numbers of all their recipes."""
    return walks.draw(table)


def evidence(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """GAN14-C5: by arm and seed, the largest over the mean step."""
    return {"GAN14-C5": walks.by_arm(table)}
