"""Does a critic that is trained afresh on frozen generators rank them as FID does?"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import models
from replication.figures.results import Frames

TITLE = "A critic from outside"
CAPTION = (
    "FID at the end of training against the estimate of a critic that was trained from scratch on the finished "
    "generator: a perceptron with gradient penalty, 300 steps on half of the samples and half of the held-out images, "
    "scored on the other halves. A mark per run that finished, coloured by method, of one form per net, "
    "hollow where the recipe is not the paper's. Dashes: real training images in the place of samples. The judge is "
    "not neutral: it is of WGAN-GP's own "
    "kind, so generators that were trained against such a critic have learned to "
    "please it, and may stand at the dashes "
    "with an FID that is worse than that of others."
)
PAPER_SHOWS = (
    "Independent critics for generators of several kinds, reported from memory: their "
    "estimate compares models whatever they were trained with."
)
RUNS = ["@images/*"]

CRITIC = "independent_critic"


def data(frames: Frames) -> pd.DataFrame:
    """Both numbers at the last checkpoint of every run that finished."""
    return models.data(frames, CRITIC)


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """DAN17-C2: how many models are ranked."""
    return {"DAN17-C2": {"models": models.counts(table)}}


def draw(table: pd.DataFrame) -> Figure:
    """A plot per data set."""
    return models.draw(table, CRITIC, "independent critic's estimate (pixel distance)")


def evidence(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """DAN17-C2: by data set and seed, the rank correlation over models."""
    return {"DAN17-C2": models.by_dataset(table, CRITIC)}
