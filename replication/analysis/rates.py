"""Shares of runs: intervals and exact tests for one arm, two arms and paired arms. Pure functions."""

from __future__ import annotations

import math

from scipy import stats


def clopper_pearson(successes: int, runs: int, level: float = 0.95) -> tuple[float, float]:
    """Exact interval of a share (Clopper and Pearson 1934): it covers with at least the level."""
    tail = (1 - level) / 2
    low = stats.beta.ppf(tail, successes, runs - successes + 1) if successes else 0.0
    high = stats.beta.ppf(1 - tail, successes + 1, runs - successes) if successes < runs else 1.0
    return float(low), float(high)


def wilson(successes: int, runs: int, level: float = 0.95) -> tuple[float, float]:
    """Score interval of a share (Wilson 1927)."""
    z = stats.norm.ppf((1 + level) / 2)
    share = successes / runs
    centre = (share + z**2 / (2 * runs)) / (1 + z**2 / runs)
    half = z * math.sqrt(share * (1 - share) / runs + z**2 / (4 * runs**2)) / (1 + z**2 / runs)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def newcombe(a: int, runs_a: int, b: int, runs_b: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of the difference of two shares, a / runs_a - b / runs_b (Newcombe 1998, method 10)."""
    share_a, share_b = a / runs_a, b / runs_b
    low_a, high_a = wilson(a, runs_a, level)
    low_b, high_b = wilson(b, runs_b, level)
    difference = share_a - share_b
    return (
        difference - math.hypot(share_a - low_a, high_b - share_b),
        difference + math.hypot(high_a - share_a, share_b - low_b),
    )


def fisher(a: int, runs_a: int, b: int, runs_b: int) -> float:
    """Two-sided p of Fisher's exact test that two arms succeed equally often."""
    return float(stats.fisher_exact([[a, runs_a - a], [b, runs_b - b]]).pvalue)


def mcnemar(only_a: int, only_b: int) -> float:
    """Two-sided exact p that, of the pairs that disagree, each arm wins as often (McNemar 1947)."""
    runs = only_a + only_b
    return float(stats.binomtest(only_a, runs, 0.5).pvalue) if runs else 1.0


def bonett_price(only_a: int, only_b: int, pairs: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of the difference of two paired shares (Bonett and Price 2012: one pair of each kind added)."""
    z = float(stats.norm.ppf((1 + level) / 2))
    a, b = (only_a + 1) / (pairs + 2), (only_b + 1) / (pairs + 2)
    half = z * math.sqrt((a + b - (a - b) ** 2) / (pairs + 2))
    return max(-1.0, a - b - half), min(1.0, a - b + half)
