"""How often a verdict would come out again with other seeds: a bootstrap over seeds."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from replication.analysis.statistics import Floats
from replication.claims import rules
from replication.claims.controls import Measured
from replication.claims.criterion import Control, Criterion

RESAMPLES = 200


def again(
    test: Criterion,
    values: Sequence[float],
    other: Sequence[float] = (),
    controls: Sequence[tuple[Control, Measured]] = (),
) -> float:
    """The share of new sets of seeds that would give the verdict which these seeds give, with its controls reached.

    A new set is resampled twice (Efron 1979): once because these seeds are a sample of the truth, and once because the
    new ones are too; resampled once, the new mean would lie too near to the old one. Of a verdict that other seeds
    would repeat in half of all cases it still says .6 to .7, of one that they nearly always repeat .9 and more.

    Args:
        test: as `rules.judge` takes it.
        values: likewise, one per seed; those that are not finite are left out.
        other: likewise, of a second arm, whose seeds are drawn on their own.
        controls: those that these seeds reached, with what they measured; as many numbers as `values` are of the same
            seeds, and are drawn with them.

    Returns:
        In [0, 1], the same for the same numbers, with a standard error of at most 0.035; NaN where nothing was
        measured, and for a calculation or a count, which has no seeds.
    """
    first, second = _finite(values), _finite(other)
    if test.kind in rules.WITHOUT_CHANCE or not len(first):
        return math.nan
    rng = np.random.default_rng(0)
    drawn = _drawn(rng, len(first))
    samples, others = first[drawn], second[_drawn(rng, len(second))]
    verdict = rules.judge(test, first.tolist(), second.tolist()).verdict
    same = np.array([word == verdict for word in rules.words(test, samples, others)])
    for control, measured in controls:
        for numbers in map(_finite, measured.values()):
            seeds = drawn if len(numbers) == len(first) else _drawn(rng, len(numbers))
            same &= _reached(control, numbers[seeds])
    return float(same.mean())


def _reached(control: Control, samples: Floats) -> npt.NDArray[np.bool_]:
    """Whether the means of samples ``[RESAMPLES, n]`` reach a control."""
    means = samples.mean(1)
    if control.direction == "at least":
        return np.asarray(means >= control.threshold)
    return np.asarray(means <= control.threshold)


def _drawn(rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    """Places of n values in resamples of resamples: ``[RESAMPLES, n]``."""
    if not n:
        return np.empty((RESAMPLES, 0), np.int64)
    once, twice = rng.integers(0, n, (2, RESAMPLES, n))
    return np.take_along_axis(once, twice, 1)


def _finite(values: Sequence[float]) -> Floats:
    every = np.asarray(values, dtype=np.float64)
    return every[np.isfinite(every)]
