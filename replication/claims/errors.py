"""How often each verdict comes out when the truth is known: a simulation of every kind of test.

A truth is told as a multiple of the way from the null to the threshold: 0 where there is nothing to see, 1 on the
threshold, -1 as far on the other side. Of "about equal" it is the distance from the target in margins; of "no run
failed" 0 is a failure rate of `rules.FAILING` and 1 a rate of nil.

A word is wrong if it supports what is not there (`false_yes`: replicated or weaker, at the null or beyond it on the
other side) or denies what is there (`false_no`: weaker, not replicated or reversed, from the threshold on). Called
replicated at half of the threshold, a claim is exaggerated, and not wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from replication.analysis.coverage import NOISES, SIZES
from replication.analysis.statistics import Floats
from replication.claims import means, rules
from replication.claims.criterion import EQUAL, Criterion
from replication.claims.outcome import (
    INCONCLUSIVE,
    NOT_REPLICATED,
    REPLICATED,
    REVERSED,
    WEAKER,
)

TRUTHS = {"reversed": -1.0, "nil": 0.0, "half": 0.5, "threshold": 1.0, "twice": 2.0}
WORDS = (REPLICATED, WEAKER, INCONCLUSIVE, NOT_REPLICATED, REVERSED)
YES, NO = (REPLICATED, WEAKER), (WEAKER, NOT_REPLICATED, REVERSED)

REPETITIONS = 2000

#: The noise of a mean: its name among `coverage.NOISES`, and whether it is mirrored.
SHAPES: Mapping[str, tuple[str, float]] = {
    "normal": ("normal", 1.0),
    "long upper tail": ("exponential", 1.0),
    "long lower tail": ("exponential", -1.0),
    "mode counts": ("mode counts", 1.0),
    "modes lost": ("mode counts", -1.0),
}

#: Standard deviations of one seed's value, over the way from the null to the threshold. Of the largest the threshold is
#: next to the null, which alone then keeps a wrong verdict from coming out.
SPREADS = (0.5, 2.0, 8.0)

COLUMNS = ["kind", "noise", "spread", "n", "truth", *WORDS, "false_yes", "false_no"]

#: Both arms' samples ``[k, n]``; the second is empty but for a difference of shares.
Samples = tuple[Floats, Floats | None]


@dataclass(frozen=True)
class Case:
    """A kind of test as it is simulated.

    Attributes:
        threshold: its own.
        null: likewise.
        start: where the truth 0 lies; None for the null.
        draw: from a generator, the true value of the statistic and ``(k, n)`` to samples; None where noise is added.
    """

    threshold: float
    null: float = 0.0
    start: float | None = None
    draw: Callable[[np.random.Generator, float, tuple[int, int]], Samples] | None = None

    def test(self, kind: str) -> Criterion:
        """The test itself."""
        words = {"setting": "calculation", "statistic": "simulated", "reason": "simulated"}
        numbers = {"direction": "at least", "threshold": self.threshold, "null": self.null}
        return Criterion.model_validate(
            {"kind": kind, **words, **numbers, "unit": "1", "over": "seeds"}
        )


def _correlations(rng: np.random.Generator, rho: float, shape: tuple[int, int]) -> Samples:
    """Correlations of runs with mean `rho`: a beta distribution on [-1, 1], skewed where it is near an end."""
    mean, concentration = (1 + np.clip(rho, -0.99, 0.99)) / 2, 5
    return 2 * rng.beta(mean * concentration, (1 - mean) * concentration, shape) - 1, None


def _shares(rng: np.random.Generator, share: float, shape: tuple[int, int]) -> Samples:
    """Runs that succeed with chance `share`: counts at the quantiles of their distribution, so that they repeat it."""
    repetitions, n = shape
    quantiles = (np.arange(repetitions) + 0.5) / repetitions
    counts = rng.permutation(stats.binom.ppf(quantiles, n, np.clip(share, 0, 1)))
    return (np.arange(n) < counts[:, None]).astype(float), None


def _two_arms(rng: np.random.Generator, difference: float, shape: tuple[int, int]) -> Samples:
    """Two arms whose shares lie on either side of one half."""
    a, b = (_shares(rng, 0.5 + sign * difference / 2, shape)[0] for sign in (1, -1))
    return a, b


def _pairs(rng: np.random.Generator, difference: float, shape: tuple[int, int]) -> Samples:
    """Pairs of which 40 % disagree, or as many as the difference takes."""
    away = max(0.4, abs(difference))
    odds = [(away - difference) / 2, 1 - away, (away + difference) / 2]
    return rng.choice([-1.0, 0.0, 1.0], shape, p=odds), None


CASES: Mapping[str, Case] = {
    "mean": Case(1.0),
    "difference": Case(1.0),
    "ratio": Case(2.0, null=1.0),
    "correlation": Case(0.5, draw=_correlations),
    "equivalence": Case(1.0, null=1.0, start=0.0),
    "equal_ratio": Case(2.0, null=2.0, start=1.0),
    "rate": Case(0.9, null=0.5, draw=_shares),
    "rate_difference": Case(0.4, draw=_two_arms),
    "paired_rate": Case(0.4, draw=_pairs),
    "zero_failures": Case(0.0, null=rules.FAILING, draw=_shares),
}


def simulate(
    kind: str,
    n: int,
    truth: float,
    noise: str = "normal",
    spread: float = 1.0,
    repetitions: int = REPETITIONS,
) -> dict[str, float]:
    """How often each word is the verdict on `n` seeds.

    Args:
        kind: a key of `CASES`.
        n: seeds, or runs of each arm.
        truth: a multiple of the way from null to threshold, see the module.
        noise: a key of `SHAPES`; correlations and shares have their own.
        spread: standard deviation over that way, likewise.
        repetitions: samples; the standard error of a share of 5 % is 0.5 % at 2,000.

    Returns:
        The share of every one of `WORDS`.
    """
    case = CASES[kind]
    test, shape, rng = case.test(kind), (repetitions, n), np.random.default_rng(n)
    start, end = case.null if case.start is None else case.start, case.threshold
    if case.draw:
        samples, other = case.draw(rng, start + truth * (end - start), shape)
    else:
        away, other = truth + spread * _noise(rng, noise, shape), None
        samples = (end / start) ** away if kind in means.RATIOS else start + (end - start) * away
    counts = Counter(rules.words(test, samples, other))
    return {word: counts[word] / repetitions for word in WORDS}


def _noise(rng: np.random.Generator, name: str, shape: tuple[int, int]) -> Floats:
    """Noise of mean 0 and standard deviation 1."""
    source, sign = SHAPES[name]
    noise = NOISES[source]
    drawn: Floats = sign * (noise.draw(rng, shape) - noise.mean) / noise.sd
    return drawn


def wrong(kind: str, truth: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that support what is not there, and those that deny what is there."""
    if kind in EQUAL:
        return (
            (REPLICATED,) if abs(truth) >= 1 else (),
            (NOT_REPLICATED,) if abs(truth) <= 1 else (),
        )
    no = NO if truth >= 1 else (REVERSED,) if truth >= 0 else ()
    return YES if truth <= 0 else (), no


def table(
    kinds: Iterable[str] = tuple(CASES),
    sizes: Iterable[int] = SIZES,
    repetitions: int = REPETITIONS,
) -> pd.DataFrame:
    """Every kind, noise, spread, number of seeds and truth.

    Returns:
        Columns `COLUMNS`: the share of each verdict, and the sums of those that are wrong.
    """
    rows = []
    for kind in kinds:
        drawn = CASES[kind].draw is None
        for noise, spread in (
            [(s, w) for s in SHAPES for w in SPREADS] if drawn else [("its own", np.nan)]
        ):
            for n in sizes:
                for name, truth in TRUTHS.items():
                    found = simulate(
                        kind, n, truth, noise if drawn else "normal", spread, repetitions
                    )
                    sums = [sum(found[word] for word in words) for words in wrong(kind, truth)]
                    rows.append((kind, noise, spread, n, name, *found.values(), *sums))
    return pd.DataFrame(rows, columns=COLUMNS)


def worst(table: pd.DataFrame) -> pd.DataFrame:
    """The largest share of either wrong word, over truths and noises: columns false_yes and false_no by kind and n."""
    return table.groupby(["kind", "n"], sort=False)[["false_yes", "false_no"]].max()
