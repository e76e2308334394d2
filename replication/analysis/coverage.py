"""How often the 95 % interval of a mean holds the true mean: a simulation for small samples and skewed noise.

The project's interval stands beside the two that are used most, Student's t and the percentile bootstrap.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from replication.analysis.statistics import Floats, interval

#: From values ``[repetitions, n]`` and a level to the lower and upper ends ``[repetitions]``.
Rule = Callable[[Floats, float], tuple[Floats, Floats]]

SIZES = (6, 10, 20, 30)
REPETITIONS = 2000

#: Bootstrap resamples of a sample; and samples that are resampled at a time, which bounds the memory.
RESAMPLES, CHUNK = 199, 100

COLUMNS = ["noise", "n", "rule", "coverage", "misses_below", "misses_above", "width"]


class Noise(NamedTuple):
    """A distribution of one value per seed.

    Attributes:
        draw: from a generator and a shape to values.
        mean: the true mean.
        sd: the true standard deviation.
    """

    draw: Callable[[np.random.Generator, tuple[int, int]], Floats]
    mean: float
    sd: float


def _modes(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Modes found of eight: each further one is lost with probability 1/2, so that half of the seeds find all."""
    return 8.0 - np.minimum(rng.geometric(0.5, shape) - 1, 8)


#: Of `_modes`: modes lost have the chances 1/2, 1/4 ... 1/2^8 of 0 to 7, and 1/2^8 of all 8.
MODES_SD = float(
    stats.rv_discrete(values=(range(9), [0.5 ** min(k + 1, 8) for k in range(9)])).std()
)

#: Symmetric, heavy-tailed and skewed noise. Ratios are decided as logarithms: log-normal ones as the normal row.
NOISES: Mapping[str, Noise] = {
    "normal": Noise(lambda rng, shape: rng.normal(size=shape), 0.0, 1.0),
    "Laplace": Noise(lambda rng, shape: rng.laplace(size=shape), 0.0, math.sqrt(2)),
    "exponential": Noise(lambda rng, shape: rng.exponential(size=shape), 1.0, 1.0),
    "log-normal": Noise(
        lambda rng, shape: rng.lognormal(size=shape), math.exp(0.5), math.sqrt(math.e**2 - math.e)
    ),
    "mode counts": Noise(_modes, 7.0 + 0.5**8, MODES_SD),
}


def students_t(values: Floats, level: float) -> tuple[Floats, Floats]:
    """Student's t interval of the mean of values ``[..., n]``."""
    n, mean = values.shape[-1], values.mean(-1)
    half = stats.t.ppf((1 + level) / 2, n - 1) * values.std(-1, ddof=1) / np.sqrt(n)
    return mean - half, mean + half


def percentile_bootstrap(values: Floats, level: float) -> tuple[Floats, Floats]:
    """Quantiles of the means of resampled values, with fixed draws (Efron 1979)."""
    rng = np.random.default_rng(0)
    ends = []
    for chunk in np.array_split(values, max(1, len(values) // CHUNK)):
        drawn = rng.integers(0, chunk.shape[1], (len(chunk), RESAMPLES, chunk.shape[1]))
        means = np.take_along_axis(chunk[:, None, :], drawn, 2).mean(-1)
        ends.append(np.quantile(means, [(1 - level) / 2, (1 + level) / 2], axis=1))
    low, high = np.concatenate(ends, axis=1)
    return low, high


RULES: Mapping[str, Rule] = {
    "t, corrected for skewness": interval,
    "Student's t": students_t,
    "percentile bootstrap": percentile_bootstrap,
}


def table(
    rules: Mapping[str, Rule] = RULES,
    sizes: tuple[int, ...] = SIZES,
    repetitions: int = REPETITIONS,
    level: float = 0.95,
) -> pd.DataFrame:
    """Coverage of every rule for every noise and number of seeds; all rules see the same samples.

    Returns:
        Columns `COLUMNS`: the share of intervals that hold the true mean, that lie below it, and that lie above
        it, and the median width. The standard error of a share near 0.95 is 0.005 at 2,000 repetitions.
    """
    rows = [
        (name, n, rule, *found)
        for name, noise in NOISES.items()
        for n in sizes
        for rule, found in _measured(rules, noise, n, repetitions, level)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _measured(
    rules: Mapping[str, Rule], noise: Noise, n: int, repetitions: int, level: float
) -> Iterator[tuple[str, tuple[float, ...]]]:
    values = noise.draw(np.random.default_rng(n), (repetitions, n))
    for name, rule in rules.items():
        low, high = rule(values, level)
        below, above = float(np.mean(high < noise.mean)), float(np.mean(low > noise.mean))
        yield name, (1 - below - above, below, above, float(np.median(high - low)))
