"""Walks between two points of noise through convolutional generators of the non-saturating game: DCGANs."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import walks
from replication.figures.results import Frames

TITLE = "Does a walk through a DCGAN's noise change the picture smoothly?"
CAPTION = (
    "The non-saturating GAN on convolutional nets. Each row of pictures is one walk in nine pictures on a straight "
    "line between two points of noise, through the generator of the first seed at its last checkpoint: the first five "
    "walks of one recipe. Plot: the largest step of a walk over its mean step, between features of neighbouring "
    "pictures, mean over 32 walks of 8 steps. 1: every step is as long as any other. 8: one leap, and before and after "
    "it the picture stands still. Pale: seeds that finished. Dark: their mean with its 95 % interval, hollow where "
    "there is none."
)
EXPLAINED = (
    "The paper takes a walk with sharp transitions as a sign that pictures were memorised. Gradual change in "
    "every step says that the generator has learned something between the pictures, too."
)
MIRRORS = "dcgan2015:fig4"
PAPER_SHOWS = (
    "Rows of generated bedrooms along lines between random points of noise: every picture looks like a bedroom. In one "
    "row a room without a window slowly gets a giant one; in another what looks like a television turns into a window."
)
RUNS = ["@images/dcgan*/gan_ns/*"]


def data(frames: Frames) -> pd.DataFrame:
    """The largest over the mean step of every run that finished."""
    return walks.data(frames)


def draw(table: pd.DataFrame) -> Figure:
    """Walks of one recipe, and the numbers of all."""
    return walks.draw(table)


def evidence(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """DC15-C3: by arm and seed, the largest over the mean step."""
    return {"DC15-C3": walks.by_arm(table)}
