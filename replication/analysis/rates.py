"""Shares of runs: intervals and exact tests for one arm, two arms and paired arms. Pure functions."""

from __future__ import annotations

import math
from functools import cache
from typing import Literal

from scipy import special


@cache  # simulations ask for the same few counts again and again
def interval(
    successes: int,
    runs: int,
    level: float = 0.95,
    method: Literal["exact", "wilson"] = "exact",
) -> tuple[float, float]:
    """Interval of a share.

    Args:
        successes: of the runs.
        runs: at least one.
        level: of the interval, two-sided.
        method: ``exact`` (Clopper and Pearson 1934) covers with at least the level; ``wilson``, the score interval
            of Wilson (1927), is what `newcombe` builds on.
    """
    if method == "exact":
        failures, tail = runs - successes, (1 - level) / 2
        low = special.betaincinv(successes, failures + 1, tail) if successes else 0.0
        high = special.betaincinv(successes + 1, failures, 1 - tail) if failures else 1.0
        return float(low), float(high)
    from scipy import stats  # slow to load, and planning does without

    found = stats.binomtest(successes, runs).proportion_ci(level, method)
    return float(found.low), float(found.high)


def newcombe(a: int, runs_a: int, b: int, runs_b: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of the difference of two shares, a / runs_a - b / runs_b (Newcombe 1998, method 10)."""
    share_a, share_b = a / runs_a, b / runs_b
    low_a, high_a = interval(a, runs_a, level, "wilson")
    low_b, high_b = interval(b, runs_b, level, "wilson")
    difference = share_a - share_b
    return (
        difference - math.hypot(share_a - low_a, high_b - share_b),
        difference + math.hypot(high_a - share_a, share_b - low_b),
    )


def binomial(successes: int, runs: int, null: float, direction: str) -> float:
    """One-sided exact p of a share, ``at least`` or ``at most``, against what chance gives; 1 without a run."""
    if not runs:
        return 1.0
    beyond = special.bdtrc(successes - 1, runs, null), special.bdtr(successes, runs, null)
    return float(beyond[direction == "at most"])


@cache
def fisher(a: int, runs_a: int, b: int, runs_b: int) -> float:
    """One-sided p of Fisher's exact test: that the first arm succeeds no more often than the second."""
    from scipy import stats  # slow to load, and planning does without

    counts = [[a, runs_a - a], [b, runs_b - b]]
    return float(stats.fisher_exact(counts, alternative="greater").pvalue)


def mcnemar(only_a: int, only_b: int) -> float:
    """One-sided exact p: that, of the pairs that disagree, the first arm wins no more often (McNemar 1947)."""
    return binomial(only_a, only_a + only_b, 0.5, "at least")


def bonett_price(only_a: int, only_b: int, pairs: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of the difference of two paired shares (Bonett and Price 2012: one pair of each kind added)."""
    z = float(special.ndtri((1 + level) / 2))
    a, b = (only_a + 1) / (pairs + 2), (only_b + 1) / (pairs + 2)
    half = z * math.sqrt((a + b - (a - b) ** 2) / (pairs + 2))
    return max(-1.0, a - b - half), min(1.0, a - b + half)
