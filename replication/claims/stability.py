"""How often a verdict would come out again with other seeds: a bootstrap over seeds."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from replication.analysis.statistics import Floats
from replication.claims import rules
from replication.claims.criterion import Criterion

RESAMPLES = 200


def again(test: Criterion, values: Sequence[float], other: Sequence[float] = ()) -> float:
    """The share of new sets of seeds that would give the verdict which these seeds give.

    A new set is resampled twice (Efron 1979): once because these seeds are a sample of the truth, and once because the
    new ones are too; resampled once, the new mean would lie too near to the old one. Of a verdict that other seeds
    would repeat in half of all cases it still says .6 to .7, of one that they nearly always repeat .9 and more.

    Args:
        test: as `rules.judge` takes it.
        values: likewise, one per seed; those that are not finite are left out.
        other: likewise, of a second arm, whose seeds are drawn on their own.

    Returns:
        In [0, 1], the same for the same numbers, with a standard error of at most 0.035; NaN where nothing was
        measured, and for a calculation or a count, which has no seeds.
    """
    first, second = _finite(values), _finite(other)
    if test.kind in rules.WITHOUT_CHANCE or not len(first):
        return math.nan
    rng = np.random.default_rng(0)
    samples, others = _resampled(rng, first), _resampled(rng, second)
    verdict = rules.judge(test, first.tolist(), second.tolist()).verdict
    return rules.words(test, samples, others).count(verdict) / RESAMPLES


def _resampled(rng: np.random.Generator, values: Floats) -> Floats:
    """Resamples of resamples of values [n]: ``[RESAMPLES, n]``."""
    shape = RESAMPLES, len(values)
    if not len(values):
        return np.empty(shape)
    once, twice = rng.integers(0, len(values), (2, *shape))
    resampled: Floats = values[np.take_along_axis(once, twice, 1)]
    return resampled


def _finite(values: Sequence[float]) -> Floats:
    every = np.asarray(values, dtype=np.float64)
    return every[np.isfinite(every)]
