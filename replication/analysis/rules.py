"""The rule that decides a test from one number per seed, for every kind of test. Pure functions.

Of an effect in the claimed direction, with a 95 % interval and a smallest effect of interest:
REPLICATED where the interval lies beyond no effect and the estimate reaches the smallest effect;
NOT REPLICATED where the whole interval falls short of the smallest effect; otherwise INCONCLUSIVE.
"About equal" (two one-sided tests, Schuirmann 1987): REPLICATED where the 90 % interval lies inside the
margins, NOT REPLICATED where the 95 % interval lies outside them.

Seeds are the observations, paired across arms; checkpoints of one run are not independent of each other
and enter only through their seed's number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

from replication.analysis import rates
from replication.analysis.intervals import interval, sign_flip_p
from replication.analysis.statistics import Floats
from replication.papers._schema import Criterion

REPLICATED = "replicated"
NOT_REPLICATED = "not replicated"
INCONCLUSIVE = "inconclusive"
NOT_TESTED = "not tested at this budget"

#: Fewer values have no 95 % interval: the two-sided p cannot fall below 2 / 2^n.
FEWEST = 6

#: Kinds of test whose numbers are no sample of anything: they have neither an interval nor a p value.
WITHOUT_CHANCE = ("exact", "count")

#: A note names no larger number of seeds.
MOST = 1000

#: "No run failed" needs so many runs; with none failed, the failure rate is then below `FAILING`.
FEWEST_RUNS = 10
FAILING = 0.26


class Finding(NamedTuple):
    """What a test found.

    Attributes:
        verdict: `REPLICATED`, `NOT_REPLICATED`, `INCONCLUSIVE` or `NOT_TESTED`.
        effect: the estimate, in the test's unit; NaN where nothing was measured.
        low: of the 95 % interval; NaN where there is none.
        high: likewise.
        n: how many seeds, or runs, the finding rests on.
        p: raw, of the value that the test must exclude (`Criterion.cleared`; a difference as large as the
            margin; equal shares; the rate `FAILING`); NaN where no such test applies.
        note: why the seeds cannot decide and about how many could, or what was left out; may be empty.
    """

    verdict: str
    effect: float = np.nan
    low: float = np.nan
    high: float = np.nan
    n: int = 0
    p: float = np.nan
    note: str = ""


def judge(test: Criterion, values: Sequence[float], other: Sequence[float] = ()) -> Finding:
    """Decide one test.

    Args:
        test: kind, direction and thresholds.
        values: the test's statistic, one per seed (one in all for a calculation). For rates 1 is a
            success; for paired rates 1, 0 or -1 is the difference of a pair's successes; for zero
            failures 1 is a failure. Values that are not finite count as not measured, except in a
            calculation or a count, which they refute (an infinity on the claimed side does not).
        other: the second arm of a rate difference, 1 where its run succeeded.

    Raises:
        ValueError: a value that the kind cannot have, or an arm missing.
    """
    every, second = np.asarray(values, dtype=np.float64), np.asarray(other, dtype=np.float64)
    if test.kind in WITHOUT_CHANCE and len(every):
        return _exact(test, every)
    finite = every[np.isfinite(every)]
    if len(finite) == 0:
        return Finding(NOT_TESTED, note="no seed gave a number" if len(every) else "")
    found = RULES[test.kind](test, finite, second[np.isfinite(second)])
    if lost := len(every) - len(finite):
        left_out = f"{lost} of {len(every)} seeds gave no number and are left out"
        found = found._replace(note="; ".join(filter(None, [found.note, left_out])))
    return found


def _exact(test: Criterion, values: Floats) -> Finding:
    """A calculation or a count: every number must be on the right side of its threshold."""
    worst = float(values.min() if test.direction == "at least" else values.max())
    held = worst >= test.threshold if test.direction == "at least" else worst <= test.threshold
    return Finding(REPLICATED if held else NOT_REPLICATED, worst, n=len(values))


def _bound(test: Criterion, values: Floats, _: Floats) -> Finding:
    """A mean over seeds in the claimed direction."""
    sign = 1.0 if test.direction == "at least" else -1.0
    claimed, reach, clear = sign * values, sign * test.threshold, sign * test.cleared
    mean, (low, high) = float(claimed.mean()), interval(claimed)
    verdict = INCONCLUSIVE
    if low > clear and mean >= reach:
        verdict = REPLICATED
    elif high < reach:
        verdict = NOT_REPLICATED
    ends = (low, high) if sign > 0 else (-high, -low)
    p = min(1.0, 2 * min(sign_flip_p(claimed - clear)))
    note = ""
    if verdict == INCONCLUSIVE:
        half, away = (mean - low, mean - clear) if mean >= reach else (high - mean, reach - mean)
        note = _power(len(values), high - low, abs(reach - clear)) or _near(len(values), half, away)
    return Finding(verdict, sign * mean, *ends, len(values), p, note)


def _ratio(test: Criterion, values: Floats, other: Floats) -> Finding:
    """A geometric mean: ratios are decided as logarithms."""
    if (values <= 0).any():
        raise ValueError(f"a ratio must be positive, found {values.min():g}")
    logs = {"threshold": np.log(test.threshold), "null": np.log(test.cleared)}
    found = _bound(test.model_copy(update=logs), np.log(values), other)
    effect, low, high = np.exp([found.effect, found.low, found.high])
    return found._replace(effect=float(effect), low=float(low), high=float(high))


def _equivalence(test: Criterion, values: Floats, _: Floats) -> Finding:
    """About equal to the target: two one-sided tests."""
    away, margin = values - test.target, test.threshold
    (low, high), (low90, high90) = interval(away), interval(away, 0.9)
    verdict = INCONCLUSIVE
    if -margin < low90 and high90 < margin:
        verdict = REPLICATED
    elif low > margin or high < -margin:
        verdict = NOT_REPLICATED
    p = max(sign_flip_p(away + margin)[0], sign_flip_p(away - margin)[1])
    note = ""
    if verdict == INCONCLUSIVE:
        near = abs(margin - abs(float(away.mean())))
        note = _power(len(values), high - low, margin) or _near(len(values), (high - low) / 2, near)
    ends = low + test.target, high + test.target
    return Finding(verdict, float(values.mean()), *ends, len(values), p, note)


def _rate(test: Criterion, values: Floats, _: Floats) -> Finding:
    """A share of runs or draws."""
    hits, runs = _count(values), len(values)
    low, high = rates.clopper_pearson(hits, runs)
    chance = 0 < test.cleared < 1  # otherwise one run settles what the test asks
    p = float(stats.binomtest(hits, runs, test.cleared).pvalue) if chance else np.nan
    if test.direction == "at least":
        return _shares(test, hits / runs, (low, high), runs, p, low > test.cleared)
    mirrored = test.model_copy(update={"threshold": -test.threshold, "null": -test.cleared})
    found = _shares(mirrored, -hits / runs, (-high, -low), runs, p, high < test.cleared)
    return found._replace(effect=hits / runs, low=low, high=high)


def _rate_difference(test: Criterion, values: Floats, other: Floats) -> Finding:
    """The share of one arm minus that of another: Newcombe's interval, and Fisher's test as well."""
    if len(other) == 0:
        raise ValueError("a difference of rates needs the outcomes of the second arm")
    a, b = _count(values), _count(other)
    low, high = rates.newcombe(a, len(values), b, len(other))
    p = rates.fisher(a, len(values), b, len(other))
    clear = low > test.cleared and p <= 0.05  # for few runs Newcombe's interval alone is too short
    n = min(len(values), len(other))
    return _shares(test, a / len(values) - b / len(other), (low, high), n, p, clear)


def _paired_rate(test: Criterion, values: Floats, _: Floats) -> Finding:
    """Of pairs with two outcomes, how much more often the claimed arm alone succeeds: McNemar, Bonett and Price."""
    if not np.isin(values, [-1, 0, 1]).all():
        raise ValueError("a difference of two outcomes must be -1, 0 or 1")
    a, b, pairs = int((values == 1).sum()), int((values == -1).sum()), len(values)
    (low, high), p = rates.bonett_price(a, b, pairs), rates.mcnemar(a, b)
    clear = low > test.cleared and p <= 0.05
    return _shares(test, (a - b) / pairs, (low, high), pairs, p, clear)


def _shares(
    test: Criterion, effect: float, ends: tuple[float, float], n: int, p: float, clear: bool
) -> Finding:
    verdict, note = INCONCLUSIVE, ""
    if clear and effect >= test.threshold:
        verdict = REPLICATED
    elif ends[1] < test.threshold:
        verdict = NOT_REPLICATED
    else:
        enough = effect >= test.threshold
        half = effect - ends[0] if enough else ends[1] - effect
        away = effect - test.cleared if enough else test.threshold - effect
        note = f"{n} runs cannot tell; {_near(n, half, away, 'runs')}"
    return Finding(verdict, effect, *ends, n, p, note)


def _zero_failures(_: Criterion, values: Floats, __: Floats) -> Finding:
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
    p = float(stats.binom.cdf(failed, runs, FAILING))
    return Finding(verdict, failed / runs, *rates.clopper_pearson(failed, runs), runs, p, note)


def _count(values: Floats) -> int:
    if not np.isin(values, [0, 1]).all():
        raise ValueError("an outcome must be 0 or 1")
    return int(values.sum())


def _power(n: int, width: float, effect: float) -> str:
    """Why the seeds cannot decide, and about how many could."""
    if n < FEWEST:
        least = 2 / 2**n
        return (
            f"{n} seeds cannot decide: p cannot fall below {least:.3g}; {FEWEST} seeds or more can"
        )
    if effect == 0 or width / 2 <= effect:
        return ""
    needed = int(np.ceil(n * (width / 2 / effect) ** 2))
    return f"the interval is too wide for an effect of this size; about {needed} seeds would do"


def _near(n: int, half: float, away: float, what: str = "seeds") -> str:
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
        return f"{said}; if the estimate stays where it is, not even {MOST:,} {what} could tell"
    return f"{said}; if the estimate stays where it is, about {needed:.0f} {what} could tell"


Rule = Callable[[Criterion, Floats, Floats], Finding]

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
