"""Does KID rank models as FID does?"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import models
from replication.figures.results import Experiment

TITLE = "Two ways to compare features"
CAPTION = (
    "FID against KID, on the same features of the same samples. "
    "A dot per model: DCGANs of width 8 on 60,000 digits, by method and learning rate, after 600 generator steps; six "
    "seeds of 36 models. ρ: Spearman’s correlation over the models of a seed, mean and range over seeds."
)
EXPLAINED = (
    "FID fits a Gaussian to the features of either side, KID compares them by a kernel. Where models differ much, both "
    "see it; where they order two models differently, those two are close."
)
PAPER_SHOWS = "Appendix B: both scores of all models of a search; their rank correlation is 0.99."
EXPERIMENTS = ["many_dcgans"]

SCORE = "kid"


def data(experiment: Experiment) -> pd.DataFrame:
    """The score and FID of every model that has them."""
    return models.data(experiment("many_dcgans"), SCORE)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """KUR19-C5, by seed: the rank correlation over models."""
    return {"KUR19-C5": models.correlations(table, SCORE)}


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """KUR19-C5, by seed: how many models are ranked."""
    return {"KUR19-C5": {"models": models.controls(table)["models"]}}


def remarks(table: pd.DataFrame) -> dict[str, str]:
    """What FID itself reaches."""
    return {"KUR19-C5": models.ceiling(table)}


def draw(table: pd.DataFrame) -> Figure:
    """A dot per model."""
    return models.draw(table, SCORE, "KID, lower is better")
