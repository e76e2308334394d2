"""Tests of a claim, with what every one of them must state."""

from __future__ import annotations

from typing import Any

from replication.claims.criterion import CERTAIN, EQUAL, Criterion
from replication.claims.rules import FAILING

#: The values at which there is nothing to see, and what else a test states.
NOTHING = {"ratio": 1.0, "zero_failures": FAILING}


def no_effect(kind: str, threshold: float, direction: str) -> float:
    """Where a test says nothing else: no effect, where the threshold lies beyond it, else the threshold."""
    if kind in EQUAL:
        return threshold
    none = NOTHING.get(kind, 0.0)
    beyond = threshold >= none if direction == "at least" else threshold <= none
    return none if beyond or kind == "zero_failures" else threshold


def a_test(kind: str, threshold: float = 0.0, **more: Any) -> Criterion:
    """One that states all, on points in the plane."""
    direction = more.get("direction", "at least")
    given = {"setting": "2-D", "statistic": "x", "unit": "u", "reason": "r", "direction": direction}
    if kind not in CERTAIN:
        given |= {"null": no_effect(kind, threshold, direction), "over": "seeds"}
    return Criterion(**{"kind": kind, "threshold": threshold, **given, **more})
