"""The signs of verdicts, and the outcome of one test in words."""

from __future__ import annotations

import math
from dataclasses import dataclass

from replication.claims.outcome import (
    INCONCLUSIVE,
    NO_TEST,
    NOT_REACHED,
    NOT_REPLICATED,
    NOT_TESTED,
    REPLICATED,
    REVERSED,
    VERIFIED,
    WEAKER,
    Outcome,
)
from replication.claims.rules import FAILING, WITHOUT_CHANCE
from replication.words import numbers


@dataclass(frozen=True)
class Mark:
    """A verdict as a sign and a word; `style` names its colour. No verdict is told by colour alone."""

    glyph: str
    word: str
    style: str

    def __str__(self) -> str:
        return f"{self.glyph} {self.word}"


#: In the order in which they are counted.
MARKS = {
    VERIFIED: Mark("=", VERIFIED, "yes"),
    REPLICATED: Mark("✓", REPLICATED, "yes"),
    WEAKER: Mark("<", WEAKER, "weak"),
    NOT_REPLICATED: Mark("✗", NOT_REPLICATED, "no"),
    REVERSED: Mark("⇄", REVERSED, "no"),
    INCONCLUSIVE: Mark("?", INCONCLUSIVE, "open"),
    NOT_REACHED: Mark("…", NOT_REACHED, "out"),
    NOT_TESTED: Mark("–", NOT_TESTED, "none"),
    NO_TEST: Mark("·", NO_TEST, "none"),
}

#: An effect that is this many times the one that the threshold asks is large; more than that is no news.
LARGE = 10.0

KINDS = {
    "exact": "calculation",
    "count": "count",
    "equivalence": "about equal",
    "equal_ratio": "about equal, by ratio",
    "rate": "share",
    "rate_difference": "difference of shares",
    "paired_rate": "difference of paired shares",
    "zero_failures": "no failure",
}


def asked(outcome: Outcome) -> str:
    """What the number must be for the claim to hold."""
    if outcome.kind == "zero_failures":
        return "no failure"
    threshold = numbers.amount(outcome.threshold)
    if outcome.kind == "equivalence":
        return f"within {threshold} of {numbers.amount(outcome.target)}"
    if outcome.kind == "equal_ratio":
        return f"within a factor of {threshold}"
    return f"{outcome.direction} {threshold}"


def against(outcome: Outcome) -> str:
    """The hypothesis that a small p contradicts."""
    if outcome.kind == "equivalence":
        return f"against a difference of {numbers.amount(outcome.threshold)}"
    if outcome.kind == "equal_ratio":
        return f"against a factor of {numbers.amount(outcome.threshold)}"
    if outcome.kind == "zero_failures":
        return f"against a failure rate of {numbers.amount(FAILING)}"
    if outcome.kind in ("rate_difference", "paired_rate"):
        return "against equal shares"
    return f"against {numbers.amount(outcome.null)}"


def strength(outcome: Outcome) -> float:
    """The estimate's way from the null, in units of that of the threshold, at most `LARGE`; 1 is just enough."""
    asked = outcome.threshold - outcome.null
    reached = outcome.estimate - outcome.null
    if outcome.kind == "exact" or not asked or not math.isfinite(reached):
        return 1.0
    if (
        outcome.unit in ("×", "ratio")
        and min(outcome.estimate, outcome.threshold, outcome.null) > 0
    ):
        asked = math.log(outcome.threshold / outcome.null)
        reached = math.log(outcome.estimate / outcome.null)
    return min(LARGE, reached / asked) if asked else 1.0


def found(outcome: Outcome) -> str:
    """The estimate, rounded as its interval is; what was calculated or counted stands alone."""
    if interval(outcome):
        return numbers.rounded(outcome.estimate, outcome.low, outcome.high)
    return numbers.amount(outcome.estimate)


def interval(outcome: Outcome) -> str:
    """Its 95 % interval; empty where there is none."""
    return numbers.interval(outcome.low, outcome.high, outcome.estimate)


def count(outcome: Outcome) -> str:
    """``10 seeds, again in 93 of 100``, or how a number without chance was got."""
    if not outcome.tested:
        return ""
    if outcome.kind in WITHOUT_CHANCE:
        return "counted" if outcome.kind == "count" else "calculated"
    said = f"{outcome.n} {outcome.over}"
    return (
        said if math.isnan(outcome.again) else f"{said}, again in {100 * outcome.again:.0f} of 100"
    )


def p(outcome: Outcome) -> str:
    """A test's p and what it contradicts."""
    return "" if math.isnan(outcome.p) else f"p {numbers.p_value(outcome.p)} {against(outcome)}"


def named(outcome: Outcome) -> str:
    """What a number is."""
    name = outcome.test.replace("_", " ")
    return f"{name}: {outcome.statistic}" if name else outcome.statistic
