"""Whether a planned test can decide at all: its interval against its margin, before anything runs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from replication.analysis.statistics import FEWEST
from replication.claims import power, rules
from replication.claims.claim import Claim
from replication.claims.criterion import Criterion
from replication.claims.outcome import REPLICATED
from replication.plan.study import Study

#: Units of inference of which an arm has as many as seeds.
COUNTED = ("seeds", "runs")

#: The outcome of a run that speaks most for a claim of shares, by kind and direction.
BEST = {
    ("rate", "at least"): 1.0,
    ("rate", "at most"): 0.0,
    ("rate_difference", "at least"): 1.0,
    ("paired_rate", "at least"): 1.0,
    ("zero_failures", "at least"): 0.0,
}


def unfit(study: Study, claims: Iterable[Claim]) -> Iterator[str]:
    """The tests that no outcome of a study's arms could decide, each as one line with its place and remedy.

    An arm of fewer seeds than any interval takes is one that the study only shows; it decides nothing.
    """
    runs = {arm: sum(len(run.seeds) for run in own) for arm, own in study.arms.items()}
    enough = {arm: n for arm, n in runs.items() if n >= FEWEST}
    for claim in claims:
        for key, test in claim.keys.items():
            own = [n for arm, n in enough.items() if study.fits(arm, test.arms)]
            n = sum(own) if _together(test) else min(own, default=0)
            spread = math.nan if test.spread is None else test.spread
            if own and test.over in COUNTED and (why := fits(test, n, spread)):
                yield f"{study.arms_place}: {key}: {why}; give {', '.join(test.arms)} more seeds"


def fits(test: Criterion, n: int, spread: float = math.nan) -> str:
    """Why `n` seeds cannot decide a test, in one line with how many could; empty where they can.

    A mean must have an interval shorter than the way between the null and the threshold, or than the margin of "about
    equal". Shares must be able to hold if every run goes as claimed.

    Args:
        test: as planned.
        n: seeds, or runs of each arm.
        spread: standard deviation of one seed's value, of a ratio of its logarithm; NaN where it is not known, which
            leaves only the fewest seeds to be checked.
    """
    if test.kind in rules.WITHOUT_CHANCE:
        return ""
    if (test.kind, test.direction) in BEST:
        fewest = next((k for k in range(1, power.MOST + 1) if _can_hold(test, k)), math.inf)
        said = "cannot decide, however they go"
        return "" if n >= fewest else f"{n} runs {said}; {_at_least(fewest, 'runs')}"
    effect = _effect(test)
    fewest = power.needed(effect if effect else math.inf, 0.0 if math.isnan(spread) else spread)
    if n >= fewest:
        return ""
    if n < FEWEST:
        return f"{n} seeds have no interval; {_at_least(fewest, 'seeds')}"
    return (
        f"{n} seeds of spread {spread:.3g} have an interval of ±{power.half_width(n, spread):.3g}, "
        f"wider than the {effect:.3g} that the test must tell; {_at_least(fewest, 'seeds')}"
    )


def _together(test: Criterion) -> bool:
    """Whether the runs of all arms are one sample: a share of runs, of arms that are named one by one."""
    named = not any(mark in arm for arm in test.arms for mark in "*?[")
    return test.over == "runs" and test.kind in ("rate", "zero_failures") and named


def _effect(test: Criterion) -> float:
    """What the half-width must stay below; 0 where any effect would do."""
    if test.kind == "equivalence":
        return test.threshold
    if test.kind == "equal_ratio":
        return math.log(test.threshold)
    if test.kind == "ratio":
        return abs(math.log(test.threshold / test.cleared))
    return abs(test.threshold - test.cleared)


def _can_hold(test: Criterion, runs: int) -> bool:
    """Whether the best outcome of so many runs is a claim that holds."""
    best = np.full((1, runs), BEST[test.kind, test.direction])
    return rules.words(test, best, 1 - best) == [REPLICATED]


def _at_least(fewest: float, what: str) -> str:
    return (
        f"{fewest:.0f} {what} can"
        if fewest <= power.MOST
        else f"not even {power.MOST:,} {what} can"
    )
