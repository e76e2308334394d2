"""From correlations to answers: signals whose answer is known, and claims that may not say the opposite."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from replication.analysis.answers import HIGH_LOW, HIGH_MEAN, LOW_HIGH, answer, finding
from replication.analysis.signals import Worth, worth
from replication.analysis.statistics import mean_interval
from replication.claims import rules, schema
from replication.claims.criterion import Criterion

TRACKING = ("WGAN17-C3", "WGAN17-C4a", "WGAN17-C5", "WGP17-C7b")
STEP = np.arange(1.0, 61.0)


def quality(rng: np.random.Generator) -> np.ndarray:
    """Badness that falls, with ups and downs that no clock knows."""
    return 30 * np.exp(-STEP / 8) + 6 * rng.random(len(STEP))


SIGNALS = {
    "signal": lambda bad, rng: bad**2,
    "clock": lambda bad, rng: -STEP,
    "nothing": lambda bad, rng: rng.random(len(bad)),
    "reversed": lambda bad, rng: -bad,
    "early": lambda bad, rng: np.where(np.arange(len(bad)) < 5, bad + 50, rng.random(len(bad))),
}


@pytest.mark.parametrize("known", SIGNALS)
def test_signals_of_known_worth_are_told_apart(known: str) -> None:
    found = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        bad = quality(rng)
        found.append(worth(STEP, SIGNALS[known](bad, rng), bad))
    means = {
        name: mean_interval([getattr(one, name) for one in found], within=(-1, 1))
        for name in Worth._fields[:3]
    }
    assert finding(means, len(found)) == known


def correlations() -> dict[str, Criterion]:
    """The tests of the tracking claims that ask whether an estimate follows quality."""
    claims = schema.all_claims(schema.papers().values())
    return {
        key: test
        for claim in claims
        if claim.id in TRACKING
        for key, test in claim.keys.items()
        if test.kind == "correlation"
    }


@pytest.mark.parametrize("key", correlations())
def test_claims_and_page_have_the_same_thresholds(key: str) -> None:
    test = correlations()[key]
    if test.direction == "at least":
        assert (test.threshold, test.null) == (HIGH_MEAN, HIGH_LOW)
    else:
        assert (test.threshold, test.null) == (LOW_HIGH, LOW_HIGH)


@given(
    values=st.lists(st.floats(-1, 1), min_size=6, max_size=12),
    key=st.sampled_from(sorted(correlations())),
)
def test_where_the_page_says_yes_no_claim_says_no(values: list[float], key: str) -> None:
    test, found = correlations()[key], mean_interval(values, within=(-1, 1))
    said, verdict = answer(found.mean, found.low, found.high), rules.judge(test, values).verdict
    follows = test.direction == "at least"
    if said == "Yes":
        opposite = ("not replicated", "weaker", "reversed") if follows else ("replicated",)
        assert verdict not in opposite
    if said in ("No", "The wrong way") and follows:
        assert verdict != "replicated"
