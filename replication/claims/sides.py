"""On which side of its null and its threshold an interval lies, and so the word of a directed test. Pure functions."""

from __future__ import annotations

from replication.claims.outcome import (
    INCONCLUSIVE,
    NOT_REPLICATED,
    REPLICATED,
    REVERSED,
    WEAKER,
    Outcome,
)

#: Kinds of test that measure an effect: less of it in the right direction is still some.
EFFECTS = ("difference", "ratio", "correlation", "rate_difference", "paired_rate")

Ends = tuple[float, float]


def word(asked: Outcome, estimate: float, ends: Ends) -> str:
    """The verdict on an estimate with the interval that decides; NaN ends decide nothing."""
    sign = _sign(asked)
    low, high = sorted(sign * end for end in ends)
    if low > sign * asked.null and sign * estimate >= sign * asked.threshold:
        return REPLICATED
    if not high < sign * asked.threshold:  # or there is no interval, and it is NaN
        return INCONCLUSIVE
    if asked.kind in EFFECTS and low > sign * asked.null:
        return WEAKER
    # A null that is not 0 (of a ratio its logarithm is) is a level to pass, and has no other side.
    return REVERSED if asked.kind in EFFECTS and asked.null == 0 > high else NOT_REPLICATED


def gap(asked: Outcome, estimate: float, ends: Ends) -> tuple[float, float]:
    """From an undecided estimate to the end of its interval on the side of what it must exclude, and to that value."""
    sign = _sign(asked)
    low, high = sorted(sign * end for end in ends)
    mean, reach = sign * estimate, sign * asked.threshold
    if mean >= reach:
        return mean - low, mean - sign * asked.null
    return high - mean, reach - mean


def reaches(asked: Outcome, value: float) -> bool:
    """Whether a value is on the claimed side of the threshold."""
    return _sign(asked) * value >= _sign(asked) * asked.threshold


def _sign(asked: Outcome) -> float:
    return 1.0 if asked.direction == "at least" else -1.0
