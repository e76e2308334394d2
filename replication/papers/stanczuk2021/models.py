"""Does the exact distance between batches rank models as FID does?"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import models
from replication.figures.results import Frames

TITLE = "The exact distance as a score of models"
CAPTION = (
    "FID at the end of training against the exact Wasserstein distance (POT) between a batch of samples and one of "
    "held-out images, as vectors of pixels. A mark per run that finished, coloured by method, of one form per net, "
    "hollow where the recipe is not the paper's. Dashes: real training images in the place of samples."
)
PAPER_SHOWS = "Reported from memory: models whose batches are nearer by the exact distance are not the better ones."
RUNS = ["@images/*"]

W1 = "w1_pixels"


def data(frames: Frames) -> pd.DataFrame:
    """Both numbers at the last checkpoint of every run that finished."""
    return models.data(frames, W1)


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """STA21-C3: how many models are ranked."""
    return {"STA21-C3": {"models": models.counts(table)}}


def draw(table: pd.DataFrame) -> Figure:
    """A plot per data set."""
    return models.draw(table, W1, "exact W1 of batches, pixels in [−1, 1]")


def evidence(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """STA21-C3: by data set and seed, the rank correlation over models."""
    return {"STA21-C3": models.by_dataset(table, W1)}
