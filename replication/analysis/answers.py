"""Can a loss be read? From correlations with their intervals to words, by the same thresholds everywhere.

The page, the tests of the papers' claims on tracking and ``replication track`` all draw on these.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from replication.analysis.statistics import Interval

#: A correlation is high where its mean and the lower end of its interval are at least these.
HIGH_MEAN, HIGH_LOW = 0.7, 0.4

#: A correlation is low where the upper end of its interval is below this.
LOW_HIGH = 0.3

Answer = Literal["Yes", "Partly", "Cannot tell", "No", "The wrong way", "Too few seeds", ""]

Finding = Literal["signal", "hint", "early", "clock", "nothing", "reversed", "undecided"]


def answer(mean: float, low: float, high: float) -> Answer:
    """Whether a correlation with its interval says that the signal follows quality; empty where there is none."""
    if math.isnan(mean):
        return ""
    if math.isnan(low):
        return "Too few seeds"
    if mean >= HIGH_MEAN and low > HIGH_LOW:
        return "Yes"
    if high < LOW_HIGH:
        return "The wrong way" if high < 0 else "No"
    return "Partly" if low > 0 else "Cannot tell"


def finding(means: Mapping[str, Interval], n: int) -> Finding:
    """What the correlations of runs say together.

    Args:
        means: over seeds, by the names of `replication.analysis.signals.Worth`.
        n: seeds.
    """
    whole, given, late = (_known(means[name], n) for name in ("spearman", "partial", "late"))
    if whole == "The wrong way":
        return "reversed"
    if whole == "No":
        return "hint" if late == "Yes" and given in ("Yes", "Partly") else "nothing"
    if whole not in ("Yes", "Partly"):
        return "undecided"
    if late in ("No", "The wrong way"):
        return "early"
    if given in ("No", "The wrong way", ""):
        return "clock"
    if given == "Cannot tell" or late == "Cannot tell":
        return "undecided"
    return "signal" if {whole, given} == {"Yes"} and late in ("Yes", "") else "hint"


def _known(found: Interval, n: int) -> Answer:
    """As `answer`; of too few seeds by the mean alone, and empty where most seeds have no value.

    A mean of few seeds between the thresholds is "Partly".
    """
    if 2 * found.n < n or math.isnan(found.mean):
        return ""
    if not math.isnan(found.low):
        return answer(found.mean, found.low, found.high)
    if found.mean >= HIGH_MEAN:
        return "Yes"
    if found.mean <= -LOW_HIGH:
        return "The wrong way"
    return "No" if found.mean < LOW_HIGH else "Partly"
