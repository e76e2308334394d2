"""Does KID rank models as FID does?"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import models
from replication.figures.results import Frames

TITLE = "Two ways to compare features"
CAPTION = (
    "FID against KID at the end of training, on the same features. A mark per run that finished, coloured by method, "
    "of one form per net, hollow where the recipe is not the paper's. Dashes: real training images in the place "
    "of samples."
)
PAPER_SHOWS = "Appendix B: both scores of all models of a search; their rank correlation is 0.99."
RUNS = ["@images/*"]

KID = "kid"


def data(frames: Frames) -> pd.DataFrame:
    """Both scores at the last checkpoint of every run that finished."""
    return models.data(frames, KID)


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """KUR19-C5: how many models are ranked."""
    return {"KUR19-C5": {"models": models.counts(table)}}


def draw(table: pd.DataFrame) -> Figure:
    """A plot per data set."""
    return models.draw(table, KID)


def evidence(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """KUR19-C5: by data set and seed, the rank correlation over models."""
    return {"KUR19-C5": models.by_dataset(table, KID)}
