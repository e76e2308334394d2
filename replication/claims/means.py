"""The rules for tests of a mean over seeds: an effect or a level in a direction, a ratio, and "about equal".

Interval and p value are those of `replication.analysis.statistics`. Ratios are decided as logarithms.

A verdict needs more than the 95 % interval that tables and figures show: the 99 % interval decides. At n = 6 the 95 %
interval of exponential values misses the truth on one side in 6 %, of log-normal ones in 10 %; that of 99 % in 3 and
5 % (`replication.claims.errors`). The interval of a share needs no such margin: it is exact.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from replication.analysis.statistics import FEWEST, Floats, interval, p_values
from replication.claims import power, sides
from replication.claims.outcome import INCONCLUSIVE, NOT_REPLICATED, REPLICATED, Outcome
from replication.claims.power import LEVEL, SHOWN
from replication.claims.sides import Ends

#: Kinds that are decided as logarithms, and the kind that these are.
RATIOS = {"ratio": "ratio", "equal_ratio": "equivalence"}

#: The values that a statistic of a kind can have; an interval ends there.
WITHIN = {"correlation": (-1.0, 1.0)}
UNBOUNDED = (-np.inf, np.inf)


def bound(asked: Outcome, values: Floats, _: Floats) -> Outcome:
    """A mean over seeds in the claimed direction."""
    above, below = p_values(values, asked.null)
    p = float(above if asked.direction == "at least" else below)
    found = _measured(asked, values, p)
    shown, ends = (_ends(asked, values, level) for level in (SHOWN, LEVEL))
    near = power.near(found.n, *sides.gap(asked, found.estimate, ends))
    if sides.reaches(asked, found.estimate) and found.n >= FEWEST:  # it must only clear the null
        return _noted(found, shown, near)
    wide = power.wide(found.n, ends[1] - ends[0], abs(asked.threshold - asked.null))
    return _noted(found, shown, wide or near)


def ratio(asked: Outcome, values: Floats, other: Floats) -> Outcome:
    """A geometric mean: ratios are decided as logarithms."""
    logs, turned = _turned(asked, values)
    return _as_asked(asked, bound(logs, turned, other))


def equivalence(asked: Outcome, values: Floats, _: Floats) -> Outcome:
    """About equal to the target: the interval must lie inside the margin on both sides (two one-sided tests)."""
    away, margin = _turned(asked, values)[1], asked.threshold
    p = max(float(p_values(away, -margin)[0]), float(p_values(away, margin)[1]))
    found = _measured(asked, away, p)
    low, high = _ends(asked, away, LEVEL)
    wide = power.wide(found.n, high - low, margin)
    near = power.near(found.n, (high - low) / 2, abs(margin - abs(found.estimate)))
    found = _noted(found, _ends(asked, away, SHOWN), wide or near)
    target = asked.target
    return replace(
        found, estimate=found.estimate + target, low=found.low + target, high=found.high + target
    )


def equal_ratio(asked: Outcome, values: Floats, other: Floats) -> Outcome:
    """About equal by a factor: an equivalence of logarithms."""
    logs, turned = _turned(asked, values)
    return _as_asked(asked, equivalence(logs, turned, other))


def words(asked: Outcome, samples: Floats) -> list[str]:
    """The verdicts on many samples [k, n] of a kind of this module, finite, by the interval that decides."""
    turned, values = _turned(asked, samples)
    low, high = _interval(turned, values, LEVEL)
    found = zip(values.mean(-1).tolist(), low.tolist(), high.tolist(), strict=True)
    return [_word(turned, mean, (a, b)) for mean, a, b in found]


def _turned(asked: Outcome, values: Floats) -> tuple[Outcome, Floats]:
    """A test on the scale on which it is decided: logarithms of ratios, distances from a target."""
    if asked.kind == "equivalence":
        return asked, values - asked.target
    if asked.kind not in RATIOS:
        return asked, values
    if (values <= 0).any():
        raise ValueError(f"a ratio must be positive, found {values.min():g}")
    kind, threshold, null = RATIOS[asked.kind], math.log(asked.threshold), math.log(asked.null)
    return replace(asked, kind=kind, threshold=threshold, null=null), np.log(values)


def _as_asked(asked: Outcome, found: Outcome) -> Outcome:
    """An outcome of logarithms as one of the ratios that were asked for."""
    estimate, low, high = np.exp([found.estimate, found.low, found.high]).tolist()
    kind, threshold, null = asked.kind, asked.threshold, asked.null
    return replace(
        found, kind=kind, threshold=threshold, null=null, estimate=estimate, low=low, high=high
    )


def _measured(asked: Outcome, values: Floats, p: float) -> Outcome:
    """Verdict, estimate and the interval that is shown, on the scale on which the test is decided."""
    mean = float(values.mean())
    verdict = _word(asked, mean, _ends(asked, values, LEVEL))
    low, high = _ends(asked, values, SHOWN)
    return replace(asked, verdict=verdict, estimate=mean, low=low, high=high, n=len(values), p=p)


def _noted(found: Outcome, shown: Ends, why: str) -> Outcome:
    """With why it decides nothing, if it does not; `why` is of the interval that decides."""
    if found.verdict != INCONCLUSIVE:
        return found
    settled = _word(found, found.estimate, shown) != INCONCLUSIVE
    return found.noted(power.STRICTER if settled else "").noted(why)


def _word(asked: Outcome, mean: float, ends: Ends) -> str:
    if asked.kind != "equivalence":
        return sides.word(asked, mean, ends)
    low, high = ends
    if -asked.threshold < low and high < asked.threshold:
        return REPLICATED
    return NOT_REPLICATED if low > asked.threshold or high < -asked.threshold else INCONCLUSIVE


def _interval(asked: Outcome, values: Floats, level: float) -> Floats:
    """Both ends, [2] or of samples [2, k]."""
    return np.clip(interval(values, level), *WITHIN.get(asked.kind, UNBOUNDED))


def _ends(asked: Outcome, values: Floats, level: float) -> Ends:
    low, high = _interval(asked, values, level).tolist()
    return low, high
