"""How many seeds a test takes: what planning refuses, and the notes of what is inconclusive."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from replication.analysis.statistics import FEWEST

#: The interval of a mean that a record holds and pages show, and the one that decides; two-sided.
SHOWN, LEVEL = 0.95, 0.99

#: A note names no larger number of seeds.
MOST = 1000

#: What is said where only the interval that decides holds what it must exclude.
STRICTER = f"the {100 * SHOWN:g} % interval would decide, and a verdict needs the {100 * LEVEL:g} % interval"


def half_width(n: int, spread: float) -> float:
    """Half of the interval that decides, of `n` values of standard deviation `spread`; infinite below `FEWEST`."""
    return (
        float(special.stdtrit(n - 1, (1 + LEVEL) / 2) * spread / math.sqrt(n))
        if n >= FEWEST
        else math.inf
    )


def needed(effect: float, spread: float) -> int:
    """The fewest seeds whose `half_width` is below an effect; one more than `MOST` where those are too few."""
    return next((n for n in range(FEWEST, MOST + 1) if half_width(n, spread) < effect), MOST + 1)


def wide(n: int, width: float, effect: float) -> str:
    """Why the seeds cannot decide, and about how many could."""
    if n < FEWEST:
        return f"{n} seeds cannot decide; {FEWEST} seeds or more can"
    if effect == 0 or width / 2 <= effect:
        return ""
    seeds = n * (width / 2 / effect) ** 2
    said = (
        f"even {MOST:,} seeds would not"
        if seeds > MOST
        else f"about {np.ceil(seeds):.0f} seeds would"
    )
    return f"the interval is too wide for an effect of this size; {said} decide"


def near(n: int, half: float, away: float, what: str = "seeds") -> str:
    """Why an interval that is short enough decides nothing all the same, and about how many seeds would decide it.

    Args:
        n: how many there are.
        half: from the estimate to the end of the interval on the side of what it must exclude.
        away: from the estimate to that value.
        what: what is counted.
    """
    said = "the interval contains the threshold"
    seeds = max(n + 1, np.ceil(n * (half / away) ** 2)) if away > 0 else np.inf
    if seeds > MOST:
        return f"{said}; even {MOST:,} {what} would not decide an estimate like this one"
    return f"{said}; an estimate like this one would need about {seeds:.0f} {what} to decide"
