"""The one interval of a mean over seeds, its p values, and rank correlation. Pure functions of arrays.

Tables, figures, verdicts and the comparison of two studies all use this interval: a t interval corrected for
skewness. With T = (mean - m) / s of n values of skewness g, sqrt(n) T is far from t distributed where values
are skewed, and sqrt(n) h(T) is not (Hall 1992, J. R. Stat. Soc. B 54, sec. 2, with t for normal quantiles):

    h(T) = T + g T^2 / 3 + g^2 T^3 / 27 + g / (6 n)

h is increasing, so that it has an inverse, and interval and p value always agree. Where g = 0 the interval is
Student's. `replication.analysis.coverage` tabulates how often it holds the true mean.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]

#: Fewer values have neither interval nor p value: their skewness says next to nothing.
FEWEST = 6


class Interval(NamedTuple):
    """A mean over seeds with its confidence interval.

    Attributes:
        mean: NaN where no value entered.
        low: NaN where fewer than `FEWEST` values entered.
        high: likewise.
        n: how many values entered; those that are not finite do not.
    """

    mean: float
    low: float
    high: float
    n: int


def mean_interval(
    values: npt.ArrayLike,
    level: float = 0.95,
    within: tuple[float, float] = (-np.inf, np.inf),
) -> Interval:
    """Mean of one value per seed with its confidence interval.

    Args:
        values: ``[n]``; those that are not finite (an undefined statistic) are left out.
        level: of the interval, two-sided.
        within: the values that a mean can have, such as (-1, 1) for a correlation; the interval ends there.
    """
    finite = np.asarray(values, dtype=np.float64)
    finite = finite[np.isfinite(finite)]
    if len(finite) == 0:
        return Interval(np.nan, np.nan, np.nan, 0)
    low, high = np.clip(interval(finite, level), *within)
    return Interval(float(finite.mean()), float(low), float(high), len(finite))


def interval(values: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """The confidence interval of a mean: every m that the test of `p_values` does not reject.

    Args:
        values: ``[..., n]``, finite.
        level: of the interval, two-sided; 0.9 is that of two one-sided tests at 5 %.

    Returns:
        Lower and upper ends ``[...]``; NaN for fewer than `FEWEST` values, the value itself for equal ones.
    """
    n = values.shape[-1]
    if n < FEWEST:
        none = np.full(values.shape[:-1], np.nan)
        return none, none
    mean, spread, skewness = _moments(values)
    end = special.stdtrit(n - 1, (1 + level) / 2) / np.sqrt(n)
    return (
        mean - spread * _inverse(end, skewness, n),
        mean - spread * _inverse(-end, skewness, n),
    )


def p_values(values: Floats, null: float = 0.0) -> tuple[Floats, Floats]:
    """One-sided p values: that the mean is above `null`, and that it is below.

    Twice the smaller one is the two-sided p. Of equal values, both are 1 at their value; elsewhere one is 0.

    Args:
        values: ``[..., n]``, finite.
        null: the mean under the hypothesis.

    Returns:
        Two arrays ``[...]``; NaN for fewer than `FEWEST` values.
    """
    n = values.shape[-1]
    if n < FEWEST:
        none = np.full(values.shape[:-1], np.nan)
        return none, none
    mean, spread, skewness = _moments(values)
    away, varied = mean - null, spread > 0
    t = np.divide(away, spread, out=np.zeros_like(away), where=varied)
    score = np.where(varied, np.sqrt(n) * _transformed(t, skewness, n), np.copysign(np.inf, away))
    above, below = special.stdtr(n - 1, -score), special.stdtr(n - 1, score)
    same = ~varied & (away == 0)
    return np.where(same, 1.0, above), np.where(same, 1.0, below)


def _moments(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean, standard deviation and skewness, of unbiased second and third moments; equal values have no spread."""
    n, mean = values.shape[-1], np.asarray(values.mean(-1))
    varied = np.ptp(values, axis=-1) > 0
    away = np.where(varied[..., None], values - mean[..., None], 0.0)
    spread = np.sqrt((away**2).sum(-1) / (n - 1))
    third = n / ((n - 1) * (n - 2)) * (away**3).sum(-1)
    skewness = np.divide(third, spread**3, out=np.zeros_like(third), where=spread > 0)
    return np.where(varied, mean, values[..., 0]), spread, skewness


def _transformed(t: Floats, skewness: Floats, n: int) -> Floats:
    """Hall's h of T; sqrt(n) times it is about t distributed."""
    transformed: Floats = t + skewness * t**2 / 3 + skewness**2 * t**3 / 27 + skewness / (6 * n)
    return transformed


def _inverse(score: float, skewness: Floats, n: int) -> Floats:
    """Solve `_transformed` (T) = score for T: 3 (u - 1) / g with u^3 = 1 + g x.

    Written as 3 x / (u^2 + u + 1), which is the same and loses no digits near g = 0.
    """
    x = score - skewness / (6 * n)
    u = np.cbrt(1 + skewness * x)
    inverse: Floats = 3 * x / (u**2 + u + 1)
    return inverse


def spearman(x: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """Rank correlation, ties sharing their mean rank, of the pairs in which both values are finite.

    Returns:
        A number in [-1, 1]; NaN for fewer than three pairs or where one side is constant.
    """
    pairs = np.stack([np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)])
    pairs = pairs[:, np.isfinite(pairs).all(0)]
    if pairs.shape[1] < 3 or (np.ptp(pairs, axis=1) == 0).any():
        return np.nan
    # As scipy's spearmanr has it, without its p value, which takes most of its time.
    from scipy.stats import rankdata  # slow to load, and most figures do without

    return float(np.corrcoef(rankdata(pairs, axis=1))[1, 0])


def kendall(x: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """Kendall's tau-b of finite values, at least two on either side being different.

    As scipy's kendalltau has it, without its p value, which takes most of its time.
    """
    above = [
        np.sign(np.subtract.outer(values, values)) for values in np.asarray([x, y], np.float64)
    ]
    # Each pair stands in the table twice.
    pairs, tied = above[0].size - len(above[0]), [np.sum(a == 0) - len(a) for a in above]
    concordant = np.sum(above[0] * above[1]) / 2
    tau = concordant / np.sqrt((pairs - tied[0]) / 2) / np.sqrt((pairs - tied[1]) / 2)
    return float(np.clip(tau, -1, 1))
