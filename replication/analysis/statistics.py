"""Means with intervals over seeds, and rank correlation. Pure functions of arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]

#: From so many values on the bootstrap is used; below it all sign flips can be counted.
BOOTSTRAP_FROM = 8

RESAMPLES = 10_000


class Interval(NamedTuple):
    """A mean over seeds with its confidence interval.

    Attributes:
        mean: NaN where no value entered.
        low: NaN where there are too few values for an interval of the level.
        high: likewise.
        n: how many values entered; those that are not finite do not.
    """

    mean: float
    low: float
    high: float
    n: int


def mean_interval(values: npt.ArrayLike, level: float = 0.95) -> Interval:
    """Mean of one value per seed with a confidence interval.

    From `BOOTSTRAP_FROM` values on: BCa bootstrap (Efron 1987), with fixed draws. Below: the exact
    inversion of the sign-flip permutation test, see `sign_flip_interval`. Fewer than six values
    give no 95 % interval: the two-sided test of five cannot fall below 2/2^5 = 0.0625. Bounds are
    then NaN; an interval from Student's t would be finite only because it assumes that values are
    normal.

    Args:
        values: ``[n]``; those that are not finite (an undefined statistic) are left out.
        level: of the interval, two-sided.
    """
    finite = np.asarray(values, dtype=np.float64)
    finite = finite[np.isfinite(finite)]
    if len(finite) == 0:
        return Interval(np.nan, np.nan, np.nan, 0)
    interval = bca_interval if len(finite) >= BOOTSTRAP_FROM else sign_flip_interval
    return Interval(float(finite.mean()), *interval(finite, level), len(finite))


def sign_flip_interval(values: Floats, level: float = 0.95) -> tuple[float, float]:
    """All centres that the two-sided sign-flip test of the mean does not reject.

    Flipping the signs of a subset A of x - m raises their sum exactly where the mean of A lies
    below m. So the means of the 2^n - 1 non-empty subsets cut the line into 2^n pieces, each of
    which holds the centre of a symmetric distribution equally often (Hartigan 1969), and the
    interval runs from the k-th smallest to the k-th largest, k = floor(2^n (1 - level) / 2).

    Args:
        values: ``[n]``, finite; n up to about 15, as all subsets are formed.
        level: of the interval; a continuous symmetric distribution is covered with 1 - 2k / 2^n.

    Returns:
        Lower and upper bound; NaN where k = 0, so no finite interval has the level.
    """
    n = len(values)
    k = int(2**n * (1 - level) / 2 + 1e-9)  # the slack undoes the rounding of 1 - level
    if k == 0:
        return np.nan, np.nan
    members = (np.arange(1, 2**n)[:, None] >> np.arange(n)) & 1
    means = np.sort(members @ values / members.sum(1))
    return float(means[k - 1]), float(means[-k])


def bca_interval(values: Floats, level: float = 0.95) -> tuple[float, float]:
    """Bias-corrected and accelerated bootstrap of the mean (Efron 1987), with fixed draws."""
    if np.ptp(values) == 0:  # every resample is the same
        return float(values[0]), float(values[0])
    found = stats.bootstrap(
        (values,),
        np.mean,
        n_resamples=RESAMPLES,
        confidence_level=level,
        method="BCa",
        rng=np.random.default_rng(0),
    ).confidence_interval
    return float(found.low), float(found.high)


def spearman(x: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """Rank correlation, ties sharing their mean rank, of the pairs in which both values are finite.

    Returns:
        A number in [-1, 1]; NaN for fewer than three pairs or where one side is constant.
    """
    pairs = np.stack([np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)])
    pairs = pairs[:, np.isfinite(pairs).all(0)]
    if pairs.shape[1] < 3 or (np.ptp(pairs, axis=1) == 0).any():
        return np.nan
    return float(stats.spearmanr(*pairs).statistic)
