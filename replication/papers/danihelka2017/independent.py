"""Does a critic that is trained afresh on frozen generators rank them as FID does?"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import models
from replication.figures.results import Experiment

TITLE = "A critic from outside"
CAPTION = (
    "FID against the estimate of a critic that was trained from scratch on the finished generator: a perceptron with "
    "gradient penalty, 300 steps on half of the samples and half of the held-out images, scored on the others. "
    "A dot per model: DCGANs of width 8 on 60,000 digits, by method and learning rate, after 600 generator steps; six "
    "seeds of 36 models. ρ: Spearman’s correlation over the models of a seed, mean and range over seeds."
)
EXPLAINED = (
    "A critic that took no part in training is the same for every model, so its estimate can be compared where the "
    "critics of training cannot. It looks at pixels, and FID at features of a classifier."
)
PAPER_SHOWS = (
    "Independent critics for generators of several kinds, reported from memory: their estimate compares models "
    "whatever they were trained with."
)
EXPERIMENTS = ["many_dcgans"]

SCORE = "independent"


def data(experiment: Experiment) -> pd.DataFrame:
    """The score and FID of every model that has them."""
    return models.data(experiment("many_dcgans"), SCORE)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """DAN17-C2, by seed: the rank correlation over models."""
    return {"DAN17-C2": models.correlations(table, SCORE)}


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """DAN17-C2, by seed: how many models are ranked, and how far the middle one has come."""
    return {"DAN17-C2": models.controls(table)}


def remarks(table: pd.DataFrame) -> dict[str, str]:
    """What FID itself reaches."""
    return {"DAN17-C2": models.ceiling(table)}


def draw(table: pd.DataFrame) -> Figure:
    """A dot per model."""
    return models.draw(table, SCORE, "independent critic’s estimate (pixel distance)")
