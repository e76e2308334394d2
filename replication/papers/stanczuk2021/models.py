"""Does the exact distance between batches rank models as FID does?"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import models
from replication.figures.results import Experiment

TITLE = "The exact distance as a score of models"
CAPTION = (
    "FID against the exact Wasserstein distance (POT) between 500 samples and 500 held-out images, as vectors of "
    "pixels. A dot per model: DCGANs of width 8 on 60,000 digits, by method and learning rate, after 600 generator "
    "steps; six seeds of 36 models. ρ: Spearman’s correlation over the models of a seed, mean and range over seeds."
)
EXPLAINED = (
    "Two batches of real images are far apart in pixels, since no image of one is in the other. A model is near by "
    "this distance if its images are near the middle of all, blurred ones above all."
)
PAPER_SHOWS = "Reported from memory: models whose batches are nearer by the exact distance are not the better ones."
EXPERIMENTS = ["many_dcgans"]

SCORE = "w1_batch"


def data(experiment: Experiment) -> pd.DataFrame:
    """The score and FID of every model that has them."""
    return models.data(experiment("many_dcgans"), SCORE)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """STA21-C3, by seed: the rank correlation over models."""
    return {"STA21-C3": models.correlations(table, SCORE)}


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """STA21-C3, by seed: how many models are ranked, and how far the middle one has come."""
    return {"STA21-C3": models.controls(table)}


def remarks(table: pd.DataFrame) -> dict[str, str]:
    """What FID itself reaches."""
    return {"STA21-C3": models.ceiling(table)}


def draw(table: pd.DataFrame) -> Figure:
    """A dot per model."""
    return models.draw(table, SCORE, "exact W1 of batches, pixels in [−1, 1]")
