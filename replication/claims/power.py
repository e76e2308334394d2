"""Why seeds cannot decide a test, and about how many could: the notes of what is inconclusive."""

from __future__ import annotations

import numpy as np

from replication.analysis.statistics import FEWEST

#: The interval of a mean that a record holds and pages show, and the one that decides; two-sided.
SHOWN, LEVEL = 0.95, 0.99

#: A note names no larger number of seeds.
MOST = 1000

#: What is said where only the interval that decides holds what it must exclude.
STRICTER = f"the {SHOWN:.0%} interval would decide, and a verdict needs the {LEVEL:.0%} interval"


def wide(n: int, width: float, effect: float) -> str:
    """Why the seeds cannot decide, and about how many could."""
    if n < FEWEST:
        return f"{n} seeds cannot decide; {FEWEST} seeds or more can"
    if effect == 0 or width / 2 <= effect:
        return ""
    needed = int(np.ceil(n * (width / 2 / effect) ** 2))
    return f"the interval is too wide for an effect of this size; about {needed} seeds would do"


def near(n: int, half: float, away: float, what: str = "seeds") -> str:
    """Why an interval that is short enough decides nothing all the same, and about how many seeds could tell.

    Args:
        n: how many there are.
        half: from the estimate to the end of the interval on the side of what it must exclude.
        away: from the estimate to that value.
        what: what is counted.
    """
    said = "the interval holds the threshold"
    needed = max(n + 1, np.ceil(n * (half / away) ** 2)) if away > 0 else np.inf
    if needed > MOST:
        return f"{said}; with the same estimate, not even {MOST:,} {what} could tell"
    return f"{said}; with the same estimate, about {needed:.0f} {what} could tell"
