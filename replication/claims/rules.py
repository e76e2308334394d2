"""The rule that decides a test from one number per seed, for every kind of test. Pure functions.

Of an effect in the claimed direction, with a 95 % interval and a smallest effect of interest:
REPLICATED where the interval lies beyond no effect and the estimate reaches the smallest effect. Where the whole
interval falls short of the smallest effect: WEAKER if it still lies beyond no effect, REVERSED if it lies on the other
side of it, NOT REPLICATED if it holds it; the first two need a statistic whose no effect is a value, `EFFECTS`.
Otherwise INCONCLUSIVE. A calculation is VERIFIED or NOT REPLICATED.
Interval and p value of a mean are those of `statistics`, of a share those of `rates`.
"About equal" (two one-sided tests, Schuirmann 1987): REPLICATED where the 90 % interval lies inside the
margins, NOT REPLICATED where the 95 % interval lies outside them.

Seeds are the observations, paired across arms; checkpoints of one run are not independent of each other
and enter only through their seed's number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from scipy import stats

from replication.analysis import rates
from replication.analysis.statistics import Floats, mean_interval, p_values
from replication.claims import power
from replication.claims.criterion import Criterion
from replication.claims.outcome import (
    INCONCLUSIVE,
    NOT_REPLICATED,
    REPLICATED,
    REVERSED,
    VERIFIED,
    WEAKER,
    Outcome,
)

#: Kinds of test whose numbers are no sample of anything: they have neither an interval nor a p value.
WITHOUT_CHANCE = ("exact", "count")

#: Kinds of test that measure an effect: less of it in the right direction is still some.
EFFECTS = ("difference", "ratio", "correlation", "rate_difference", "paired_rate")

#: "No run failed" needs so many runs; with none failed, the failure rate is then below `FAILING`.
FEWEST_RUNS = 10
FAILING = 0.26

#: The values that a statistic of a kind can have; an interval ends there.
WITHIN = {"correlation": (-1.0, 1.0)}
UNBOUNDED = (-np.inf, np.inf)


def judge(test: Criterion, values: Sequence[float], other: Sequence[float] = ()) -> Outcome:
    """Decide one test.

    Args:
        test: kind, direction and thresholds.
        values: the test's statistic, one per seed (one in all for a calculation). For rates 1 is a
            success; for paired rates 1, 0 or -1 is the difference of a pair's successes; for zero
            failures 1 is a failure. Values that are not finite count as not measured, except in a
            calculation or a count, which they refute (an infinity on the claimed side does not).
        other: the second arm of a rate difference, 1 where its run succeeded.

    Returns:
        The outcome of the test, which names neither claim nor setting yet.

    Raises:
        ValueError: a value that the kind cannot have, or an arm missing.
    """
    asked = Outcome.of(test)
    every, second = np.asarray(values, dtype=np.float64), np.asarray(other, dtype=np.float64)
    if test.kind in WITHOUT_CHANCE and len(every):
        return _exact(asked, every)
    finite = every[np.isfinite(every)]
    if len(finite) == 0:
        return asked.noted("no seed gave a number" if len(every) else "")
    found = RULES[test.kind](asked, finite, second[np.isfinite(second)])
    lost = len(every) - len(finite)
    return found.noted(
        f"{lost} of {len(every)} seeds gave no number and are left out" if lost else ""
    )


def _exact(asked: Outcome, values: Floats) -> Outcome:
    """A calculation or a count: every number must be on the right side of its threshold."""
    worst = float(values.min() if asked.direction == "at least" else values.max())
    sign = _sign(asked)
    holds = VERIFIED if asked.kind == "exact" else REPLICATED
    verdict = holds if sign * worst >= sign * asked.threshold else NOT_REPLICATED
    return replace(asked, verdict=verdict, estimate=worst, n=len(values))


def _bound(asked: Outcome, values: Floats, _: Floats) -> Outcome:
    """A mean over seeds in the claimed direction."""
    mean, low, high, n = mean_interval(values, within=WITHIN.get(asked.kind, UNBOUNDED))
    verdict = _directed(asked, mean, (low, high))
    p = float(np.minimum(1.0, 2 * np.min(p_values(values, asked.null))))
    note = ""
    if verdict == INCONCLUSIVE:
        effect = abs(asked.threshold - asked.null)
        note = power.wide(n, high - low, effect) or power.near(n, *_gap(asked, mean, (low, high)))
    return replace(asked, verdict=verdict, estimate=mean, low=low, high=high, n=n, p=p, note=note)


def _ratio(asked: Outcome, values: Floats, other: Floats) -> Outcome:
    """A geometric mean: ratios are decided as logarithms."""
    if (values <= 0).any():
        raise ValueError(f"a ratio must be positive, found {values.min():g}")
    logs = replace(asked, threshold=math.log(asked.threshold), null=math.log(asked.null))
    found = _bound(logs, np.log(values), other)
    return replace(
        found,
        threshold=asked.threshold,
        null=asked.null,
        estimate=float(np.exp(found.estimate)),
        low=float(np.exp(found.low)),
        high=float(np.exp(found.high)),
    )


def _equivalence(asked: Outcome, values: Floats, _: Floats) -> Outcome:
    """About equal to the target: two one-sided tests."""
    away, margin = values - asked.target, asked.threshold
    mean, low, high, n = mean_interval(away)
    narrow = mean_interval(away, 0.9)
    verdict = INCONCLUSIVE
    if -margin < narrow.low and narrow.high < margin:
        verdict = REPLICATED
    elif low > margin or high < -margin:
        verdict = NOT_REPLICATED
    note = ""
    if verdict == INCONCLUSIVE:
        near = abs(margin - abs(mean))
        note = power.wide(n, high - low, margin) or power.near(n, (high - low) / 2, near)
    return replace(
        asked,
        verdict=verdict,
        estimate=mean + asked.target,
        low=low + asked.target,
        high=high + asked.target,
        n=n,
        p=float(np.maximum(p_values(away, -margin)[0], p_values(away, margin)[1])),
        note=note,
    )


def _rate(asked: Outcome, values: Floats, _: Floats) -> Outcome:
    """A share of runs or draws."""
    hits, runs = _count(values), len(values)
    chance = 0 < asked.null < 1  # otherwise one run settles what the test asks
    p = float(stats.binomtest(hits, runs, asked.null).pvalue) if chance else np.nan
    return _shares(asked, hits / runs, rates.interval(hits, runs), runs, p)


def _rate_difference(asked: Outcome, values: Floats, other: Floats) -> Outcome:
    """The share of one arm minus that of another: Newcombe's interval, and Fisher's test as well."""
    if len(other) == 0:
        raise ValueError("a difference of rates needs the outcomes of the second arm")
    a, b = _count(values), _count(other)
    ends = rates.newcombe(a, len(values), b, len(other))
    p = rates.fisher(a, len(values), b, len(other))
    n = min(len(values), len(other))
    clear = p <= 0.05  # for few runs Newcombe's interval alone is too short
    return _shares(asked, a / len(values) - b / len(other), ends, n, p, clear)


def _paired_rate(asked: Outcome, values: Floats, _: Floats) -> Outcome:
    """Of pairs with two outcomes, how much more often the claimed arm alone succeeds: McNemar, Bonett and Price."""
    if not np.isin(values, [-1, 0, 1]).all():
        raise ValueError("a difference of two outcomes must be -1, 0 or 1")
    a, b, pairs = int((values == 1).sum()), int((values == -1).sum()), len(values)
    ends, p = rates.bonett_price(a, b, pairs), rates.mcnemar(a, b)
    return _shares(asked, (a - b) / pairs, ends, pairs, p, p <= 0.05)


def _shares(
    asked: Outcome,
    share: float,
    ends: tuple[float, float],
    n: int,
    p: float,
    clear: bool = True,
) -> Outcome:
    """A share, or a difference of shares; it holds only if `clear`."""
    verdict, note = _directed(asked, share, ends), ""
    if verdict == REPLICATED and not clear:
        verdict = INCONCLUSIVE
    if verdict == INCONCLUSIVE:
        note = f"{n} runs cannot tell; {power.near(n, *_gap(asked, share, ends), 'runs')}"
    low, high = ends
    return replace(asked, verdict=verdict, estimate=share, low=low, high=high, n=n, p=p, note=note)


def _zero_failures(asked: Outcome, values: Floats, _: Floats) -> Outcome:
    """No run failed. Two failures, and a fifth of the runs, refute it."""
    failed, runs = _count(values), len(values)
    verdict, note = INCONCLUSIVE, ""
    if failed == 0 and runs >= FEWEST_RUNS:
        verdict = REPLICATED
    elif failed >= 2 and failed >= 0.2 * runs:
        verdict = NOT_REPLICATED
    elif failed == 0:
        note = f"none of {runs} failed, but {FEWEST_RUNS} runs are needed to say so"
    else:
        note = f"{failed} of {runs} failed: neither none nor a fifth"
    low, high = rates.interval(failed, runs)
    p, share = float(stats.binom.cdf(failed, runs, FAILING)), failed / runs
    return replace(
        asked, verdict=verdict, estimate=share, low=low, high=high, n=runs, p=p, note=note
    )


def _sign(asked: Outcome) -> float:
    return 1.0 if asked.direction == "at least" else -1.0


def _directed(asked: Outcome, estimate: float, ends: tuple[float, float]) -> str:
    """The verdict on an estimate with its interval, both turned so that more is in the claimed direction."""
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


def _gap(asked: Outcome, estimate: float, ends: tuple[float, float]) -> tuple[float, float]:
    """From an undecided estimate to the end of its interval on the side of what it must exclude, and to that value."""
    sign = _sign(asked)
    low, high = sorted(sign * end for end in ends)
    mean, reach = sign * estimate, sign * asked.threshold
    if mean >= reach:
        return mean - low, mean - sign * asked.null
    return high - mean, reach - mean


def _count(values: Floats) -> int:
    if not np.isin(values, [0, 1]).all():
        raise ValueError("an outcome must be 0 or 1")
    return int(values.sum())


Rule = Callable[[Outcome, Floats, Floats], Outcome]

RULES: dict[str, Rule] = {
    "mean": _bound,
    "difference": _bound,
    "ratio": _ratio,
    "correlation": _bound,
    "equivalence": _equivalence,
    "rate": _rate,
    "rate_difference": _rate_difference,
    "paired_rate": _paired_rate,
    "zero_failures": _zero_failures,
}
