"""What the panels share that ask whether another score ranks models as FID does.

The models are the DCGANs of `replication.experiments.many_dcgans`: four methods at nine learning rates, at equal
generator steps. A seed's number is the rank correlation over its models.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.analysis.statistics import spearman
from replication.figures import marks, names, style
from replication.words import numbers

FID, AGAIN, BEFORE = "fid", "fid_again", "fid_before"
#: From so many times the lowest value on, the highest is drawn on a logarithmic axis.
FAR = 4


def data(table: pd.DataFrame, score: str) -> pd.DataFrame:
    """Of every model that has scores: seed, method, rate, the score, and FID, again, and before training."""
    own = table[["seed", "method", "rate", score, FID, AGAIN, BEFORE]]
    return own.dropna().reset_index(drop=True)


def correlations(table: pd.DataFrame, score: str) -> list[float]:
    """The rank correlation of the score with FID over the models of every seed."""
    return [spearman(own[score], own[FID]) for _, own in table.groupby("seed")]


def controls(table: pd.DataFrame) -> dict[str, list[float]]:
    """By seed, how many models are ranked, and the share of the way to FID 0 that the middle one has gone."""
    gone = (1 - table[FID] / table[BEFORE]).groupby(table["seed"])
    return {"models": gone.size().astype(float).tolist(), "learned": gone.median().tolist()}


def ceiling(table: pd.DataFrame) -> str:
    """In words, what FID itself reaches: that of other samples of the same models."""
    rho = numbers.plain(float(np.mean(correlations(table, AGAIN))))
    return f"FID of other samples of the same models: ρ {rho} with FID"


def draw(table: pd.DataFrame, score: str, label: str) -> Figure:
    """A dot per model, coloured by method; the axis of the score is logarithmic where its values are far apart.

    Args:
        table: of `data`.
        score: its column.
        label: of its axis.
    """
    figure = style.figure(3.2)
    axes = figure.subplots()
    for method, own in table.groupby("method", sort=False):
        axes.plot(own[score], own[FID], "o", color=names.colour(str(method)), markersize=3, alpha=0.7,
                  markeredgewidth=0, label=names.method_label(str(method)))  # fmt: skip
    axes.set_xlabel(label)
    axes.set_ylabel("FID (LeNet), lower is better")
    if far_apart(table[score].tolist()):
        style.log(axes.xaxis)
    style.log(axes.yaxis)
    found = correlations(table, score)
    low, middle, high = (numbers.plain(float(q(found))) for q in (np.min, np.mean, np.max))
    marks.note(
        axes, f"ρ {middle} ({low} to {high} over seeds)", (0.98, 0.04), ha="right", va="bottom"
    )
    figure.legend(loc="outside upper center", ncols=4)
    return figure


def far_apart(values: list[float]) -> bool:
    """Whether values are worth a logarithmic axis, and can have one."""
    return bool(values) and 0 < FAR * min(values) <= max(values)
