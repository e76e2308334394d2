"""A trained arm as controls are given it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from replication.metrics._base import OF_HELDOUT, parts


@dataclass(frozen=True)
class Trained:
    """The runs of one arm that finished.

    Attributes:
        curves: columns seed, step and those of curves.parquet.
        quality: columns seed, step, metric, value.
        real: the score of real data by metric id.
    """

    curves: pd.DataFrame
    quality: pd.DataFrame
    real: Mapping[str, float]

    def course(self, metric: str) -> tuple[pd.DataFrame, float]:
        """A metric, by its file's name: a row per checkpoint, a column per seed; and the score of real data.

        The table is empty, and the score NaN, where the metric was not measured.
        """
        names = (n for n in self.quality["metric"].unique() if not n.endswith(OF_HELDOUT))
        name = next((n for n in names if parts(n).metric == metric), metric)
        own = self.quality[self.quality["metric"] == name]
        course = own.pivot(index="step", columns="seed", values="value").sort_index()
        return course, self.real.get(name, math.nan)

    def last(self, metric: str) -> tuple[pd.Series, float]:
        """The last checkpoint of every seed, and the score of real data."""
        course, real = self.course(metric)
        return course.iloc[-1] if len(course) else pd.Series(dtype=float), real
