"""The interval and the p value with which verdicts are decided. Pure functions of one number per seed."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy import stats

from replication.analysis.statistics import Floats, bca_interval, sign_flip_interval

#: Up to so many values all sign flips are counted. The bootstrap takes over late because it is too narrow
#: for few values: of ten normal ones its 90 % interval finds a false equivalence in 7 to 8 %, not in 5 %.
EXACT_UP_TO = 15


def interval(values: Floats, level: float = 0.95) -> tuple[float, float]:
    """The interval of a mean over seeds that decides.

    Up to `EXACT_UP_TO` values: the sign-flip test inverted, exact for symmetric noise. Beyond: BCa at a
    level raised so that it holds for few normal values (expanded percentiles, Hesterberg 2015).
    """
    n = len(values)
    if n <= EXACT_UP_TO:
        return sign_flip_interval(values, level)
    return bca_interval(values, widened(level, n))


def widened(level: float, n: int) -> float:
    """The level at which a bootstrap of n normal values covers with `level`."""
    z = stats.t.ppf((1 + level) / 2, n - 1) * np.sqrt(n / (n - 1))
    return float(2 * stats.norm.cdf(z) - 1)


def sign_flip_p(deviations: Floats) -> tuple[float, float]:
    """One-sided p values of the sign-flip test that the centre is 0: that it is above, and below.

    Beyond `EXACT_UP_TO` values, a fixed random part of all flips, the observed signs among them.
    """
    sums = _signs(len(deviations)) @ deviations
    slack = 1e-12 * np.abs(deviations).sum()
    seen = deviations.sum()
    return float(np.mean(sums >= seen - slack)), float(np.mean(sums <= seen + slack))


@cache
def _signs(n: int) -> Floats:
    """Sign vectors ``[flips, n]``, the first all +1."""
    if n <= EXACT_UP_TO:
        bits = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
        return 1 - 2 * bits.astype(np.float64)
    flips: Floats = np.random.default_rng(0).choice([-1.0, 1.0], (2**EXACT_UP_TO, n))
    flips[0] = 1.0
    return flips
