"""The rule that decides a test from one number per seed, for every kind of test. Pure functions.

Of an effect in the claimed direction, with a smallest effect of interest and the interval that decides, which is that
of 99 %, and for a share, whose interval is exact, that of 95 %:
REPLICATED where the interval lies beyond no effect and the estimate reaches the smallest effect. Where the whole
interval falls short of the smallest effect: WEAKER if it still lies beyond no effect, REVERSED if it lies on the other
side of it, NOT REPLICATED if it holds it; the first two need a statistic whose no effect is a value, `sides.EFFECTS`.
Otherwise INCONCLUSIVE. A calculation is VERIFIED or NOT REPLICATED.
Interval and p value of a mean are those of `statistics`, of a share those of `rates`; p is one-sided, in the claimed
direction, so that a refuted claim has a large one.
"About equal" (two one-sided tests, Schuirmann 1987): REPLICATED where the interval lies inside the margins,
NOT REPLICATED where it lies outside them; of a ratio the margins are a factor up and down.

Seeds are the observations, paired across arms; checkpoints of one run are not independent of each other
and enter only through their seed's number. `replication.claims.errors` simulates how often each word is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from replication.analysis import rates
from replication.analysis.statistics import Floats
from replication.claims import means, power, sides
from replication.claims.criterion import Criterion
from replication.claims.outcome import (
    INCONCLUSIVE,
    NOT_REPLICATED,
    REPLICATED,
    VERIFIED,
    Outcome,
)
from replication.claims.power import LEVEL, SHOWN
from replication.claims.sides import Ends

#: Kinds of test whose numbers are no sample of anything: they have neither an interval nor a p value.
WITHOUT_CHANCE = ("exact", "count")

#: What the one-sided p of two arms' shares must not exceed.
ALPHA = 0.025

#: "No run failed" needs so many runs; with none failed, the failure rate is then below `FAILING`.
FEWEST_RUNS = 10
FAILING = 0.26


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


def words(test: Criterion, samples: Floats, others: Floats | None = None) -> list[str]:
    """The verdicts that `judge` passes on many samples.

    Args:
        test: of a kind in `RULES`.
        samples: ``[k, n]``, finite.
        others: of a rate difference, the second arm ``[k, m]``.
    """
    asked = Outcome.of(test)
    if RULES[test.kind] in OF_MEANS:
        return means.words(asked, samples)
    second = np.empty((len(samples), 0)) if others is None else others
    # Verdicts on shares depend on counts alone: each set of counts is judged once.
    counts = np.hstack([np.sort(samples, axis=1), np.sort(second, axis=1)])
    sets, which = np.unique(counts, axis=0, return_inverse=True)
    n = samples.shape[1]
    found = [RULES[test.kind](asked, own[:n], own[n:]).verdict for own in sets]
    return [found[i] for i in which.reshape(-1)]


def _exact(asked: Outcome, values: Floats) -> Outcome:
    """A calculation or a count: every number must be on the right side of its threshold."""
    worst = float(values.min() if asked.direction == "at least" else values.max())
    holds = VERIFIED if asked.kind == "exact" else REPLICATED
    verdict = holds if sides.reaches(asked, worst) else NOT_REPLICATED
    return replace(asked, verdict=verdict, estimate=worst, n=len(values))


def _rate(asked: Outcome, values: Floats, _: Floats) -> Outcome:
    """A share of runs or draws."""
    hits, runs = _count(values), len(values)
    chance = 0 < asked.null < 1  # otherwise one run settles what the test asks
    p = rates.binomial(hits, runs, asked.null, asked.direction) if chance else np.nan
    ends = rates.interval(hits, runs)  # exact, so that it decides too
    return _shares(asked, hits / runs, ends, ends, runs, p)


def _rate_difference(asked: Outcome, values: Floats, other: Floats) -> Outcome:
    """The share of one arm minus that of another: Newcombe's interval, and Fisher's test as well."""
    if len(other) == 0:
        raise ValueError("a difference of rates needs the outcomes of the second arm")
    counts = _count(values), len(values), _count(other), len(other)
    shown, ends = (rates.newcombe(*counts, level) for level in (SHOWN, LEVEL))
    share, n, p = values.mean() - other.mean(), min(len(values), len(other)), rates.fisher(*counts)
    return _difference(asked, float(share), shown, ends, n, p)


def _paired_rate(asked: Outcome, values: Floats, _: Floats) -> Outcome:
    """Of pairs with two outcomes, how much more often the claimed arm alone succeeds: McNemar, Bonett and Price."""
    if not np.isin(values, [-1, 0, 1]).all():
        raise ValueError("a difference of two outcomes must be -1, 0 or 1")
    a, b, pairs = int((values == 1).sum()), int((values == -1).sum()), len(values)
    shown, ends = (rates.bonett_price(a, b, pairs, level) for level in (SHOWN, LEVEL))
    return _difference(asked, (a - b) / pairs, shown, ends, pairs, rates.mcnemar(a, b))


def _difference(asked: Outcome, share: float, shown: Ends, ends: Ends, n: int, p: float) -> Outcome:
    """A difference of shares: its interval is approximate, so that it holds only if the exact test agrees."""
    found = _shares(asked, share, shown, ends, n, p)
    if found.verdict == REPLICATED and p > ALPHA:
        found = replace(found, verdict=INCONCLUSIVE, note=_open(asked, share, ends, n))
    return found


def _shares(asked: Outcome, share: float, shown: Ends, ends: Ends, n: int, p: float) -> Outcome:
    """A share, or a difference of shares, by the interval that decides."""
    verdict = sides.word(asked, share, ends)
    note = _open(asked, share, ends, n) if verdict == INCONCLUSIVE else ""
    low, high = shown
    return replace(asked, verdict=verdict, estimate=share, low=low, high=high, n=n, p=p, note=note)


def _open(asked: Outcome, share: float, ends: Ends, n: int) -> str:
    return f"{n} runs cannot tell; {power.near(n, *sides.gap(asked, share, ends), 'runs')}"


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
    p, share = rates.binomial(failed, runs, FAILING, "at most"), failed / runs
    return replace(
        asked, verdict=verdict, estimate=share, low=low, high=high, n=runs, p=p, note=note
    )


def _count(values: Floats) -> int:
    if not np.isin(values, [0, 1]).all():
        raise ValueError("an outcome must be 0 or 1")
    return int(values.sum())


Rule = Callable[[Outcome, Floats, Floats], Outcome]

RULES: dict[str, Rule] = {
    "mean": means.bound,
    "difference": means.bound,
    "ratio": means.ratio,
    "correlation": means.bound,
    "equivalence": means.equivalence,
    "equal_ratio": means.equal_ratio,
    "rate": _rate,
    "rate_difference": _rate_difference,
    "paired_rate": _paired_rate,
    "zero_failures": _zero_failures,
}

#: Rules that take one number per seed; the others count.
OF_MEANS = (means.bound, means.ratio, means.equivalence, means.equal_ratio)
