"""The rules that decide claims: false-positive rates and power by simulation, and what a reader is told."""

from __future__ import annotations

import dataclasses
import datetime
import json
import math
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from stated import a_test

from replication.analysis import rates
from replication.analysis.statistics import interval, p_values, spearman
from replication.claims import verdicts
from replication.claims.claim import Claim
from replication.claims.controls import check
from replication.claims.criterion import Control, Registered
from replication.claims.evidence import EvidenceError, Found, Place
from replication.claims.headline import by_setting, headline
from replication.claims.multiplicity import holm
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
)
from replication.claims.rules import FAILING, judge, words
from replication.claims.schema import papers
from replication.claims.verdict import Verdict, plain
from replication.claims.verdicts import decide, decide_all
from replication.plan.study import Study

SIMULATIONS = 4000
ROOT = Path(__file__).parents[2]

#: 5 %, and what 4,000 simulations of exactly 5 % may show by chance (three standard errors).
ALLOWED = 0.05 + 3 * math.sqrt(0.05 * 0.95 / SIMULATIONS)
HALF = 0.025 + 3 * math.sqrt(0.025 * 0.975 / SIMULATIONS)


LAPTOP = Place("laptop")


def a_claim(*tests, **more):
    given = {"id": "ABC17-C1", "paper": "abc", "statement": "s", "where": "w", "source": "ours"}
    given["registered"] = Registered(on=datetime.date(2026, 11, 22), seen="nothing")
    if not more.get("controls") and not all(test.controls for test in tests):
        given["uncontrolled"] = "none is needed"
    return Claim(**{**given, "tests": list(tests), **more})


def decided(claim, evidence, remarks=None, controls=None, place=LAPTOP):
    """The verdict on a claim with tests in one setting."""
    (verdict,) = decide(claim, Found(evidence, remarks or {}, controls or {}), place)
    return verdict


def share(verdict, test, samples):
    """How often a verdict is passed on samples [simulations, seeds]."""
    return words(test, samples).count(verdict) / len(samples)


def denied(test, samples):
    """How often a test says in any way that an effect falls short of its threshold."""
    return sum(share(verdict, test, samples) for verdict in (WEAKER, NOT_REPLICATED, REVERSED))


def noise(n, draw="normal", seed=0):
    return getattr(np.random.default_rng(seed), draw)(size=(SIMULATIONS, n))


# Means, differences, correlations


@pytest.mark.parametrize("n", [6, 10])
@pytest.mark.parametrize(
    ("draw", "allowed"), [("normal", HALF), ("laplace", 0.045), ("exponential", 0.075)]
)
def test_no_effect_is_rarely_replicated_and_the_smallest_effect_rarely_denied(n, draw, allowed):
    samples = noise(n, draw) - (draw == "exponential")
    assert share(REPLICATED, a_test("difference", 0.0), samples) <= allowed
    assert denied(a_test("difference", 0.8), samples + 0.8) <= allowed


def test_an_error_at_its_bound_is_settled_wrongly_either_way_in_five_percent_at_most():
    test = a_test("mean", 0.5, direction="at most")
    found = Counter(words(test, noise(7) + 0.5))
    assert found[REPLICATED] / SIMULATIONS <= HALF
    assert found[NOT_REPLICATED] / SIMULATIONS <= HALF


@pytest.mark.parametrize(("n", "effect"), [(10, 1.2), (20, 1.0), (30, 0.8)])
def test_power_is_near_that_of_the_t_test(n, effect):
    critical = stats.t.ppf(0.995, n - 1)
    power = stats.nct.sf(critical, n - 1, effect * math.sqrt(n))
    found = share(REPLICATED, a_test("difference", 0.0), noise(n) + effect)
    assert power > 0.6
    assert power - 0.09 < found < power


def test_an_effect_short_of_the_threshold_is_denied_with_power():
    assert denied(a_test("difference", 2.0), noise(10)) > 0.85


@pytest.mark.parametrize(
    ("truth", "expected"),
    [(-1.0, REVERSED), (0.0, NOT_REPLICATED), (1.0, WEAKER), (3.0, REPLICATED)],
)
def test_what_falls_short_is_weaker_absent_or_reversed(truth, expected):
    """Of a threshold of 2 and noise of 0.05."""
    assert share(expected, a_test("difference", 2.0), 0.05 * noise(6) + truth) > 0.95


@pytest.mark.parametrize(
    ("truth", "wrong"),
    [
        (-1.0, (WEAKER, REPLICATED)),
        (0.0, (WEAKER, REVERSED, REPLICATED)),
        (1.0, (REVERSED, REPLICATED)),
        (2.0, (WEAKER, NOT_REPLICATED, REVERSED)),
        (3.0, (WEAKER, NOT_REPLICATED, REVERSED)),
    ],
)
def test_a_word_that_contradicts_the_truth_comes_in_five_percent_at_most(truth, wrong):
    """Of a threshold of 2, and noise so strong that many samples decide nothing."""
    samples = noise(6) + truth
    assert sum(share(verdict, a_test("difference", 2.0), samples) for verdict in wrong) <= ALLOWED


def test_only_an_effect_has_a_weaker_and_an_opposite_form():
    """A share below the one asked for is no weaker share, and a level that was not passed no reversal."""
    assert judge(a_test("rate", 0.95), ones(50, 100)).verdict == NOT_REPLICATED
    assert judge(a_test("mean", 0.9), [0.5, 0.52, 0.48, 0.51, 0.49, 0.5]).verdict == NOT_REPLICATED
    low = [0.1, 0.12, 0.08, 0.11, 0.09, 0.1]
    assert judge(a_test("correlation", 0.7, null=0.4), low).verdict == NOT_REPLICATED
    assert judge(a_test("correlation", 0.7), [-value for value in low]).verdict == REVERSED
    assert judge(a_test("ratio", 2.0), [0.5, 0.6, 0.4, 0.55, 0.45, 0.5]).verdict == REVERSED
    assert judge(a_test("ratio", 2.0), [1.5, 1.6, 1.4, 1.55, 1.45, 1.5]).verdict == WEAKER


def test_ratios_are_decided_as_logarithms():
    values = np.exp(noise(6)[:50] + 1.0)
    for sample in values:
        ratio = judge(a_test("ratio", 2.0), sample)
        logs = judge(a_test("difference", math.log(2)), np.log(sample))
        assert ratio.verdict == logs.verdict
        expected = np.exp([logs.estimate, logs.low, logs.high])
        assert (ratio.estimate, ratio.low, ratio.high) == pytest.approx(expected)
        assert ratio.p == logs.p
    at_most = judge(a_test("ratio", 0.5, direction="at most"), [0.1, 0.2, 0.15, 0.12, 0.18, 0.2])
    assert at_most.verdict == REPLICATED
    assert at_most.low < at_most.estimate < at_most.high < 1
    with pytest.raises(ValueError, match="must be positive"):
        judge(a_test("ratio", 2.0), [1.0, 0.0, 2.0])


def ranks(x):
    return x.argsort(-1).argsort(-1).astype(float)


def test_independent_random_walks_do_not_correlate_over_seeds():
    rng = np.random.default_rng(3)
    walks = rng.normal(size=(2, SIMULATIONS, 6, 15)).cumsum(-1)
    x, y = ranks(walks)
    centred = (x - x.mean(-1, keepdims=True)), (y - y.mean(-1, keepdims=True))
    rho = (centred[0] * centred[1]).sum(-1) / (centred[0] ** 2).sum(-1)
    table = pd.DataFrame(
        {"seed": np.repeat(np.arange(6), 15), "x": walks[0, 0].ravel(), "y": walks[1, 0].ravel()}
    )
    assert [spearman(own["x"], own["y"]) for _, own in table.groupby("seed")] == pytest.approx(
        rho[0]
    )
    assert share(REPLICATED, a_test("correlation", 0.3), rho) <= HALF
    # the mistake this avoids: one run's checkpoints taken as independent are "significant" far more often
    single = stats.t.sf(rho[:, 0] * np.sqrt(13 / (1 - rho[:, 0] ** 2)), 13) < 0.025
    assert single.mean() > 0.15


def test_a_high_correlation_is_found():
    rng = np.random.default_rng(4)
    rho = np.tanh(rng.normal(np.arctanh(0.85), 0.3, size=(SIMULATIONS, 6)))
    assert share(REPLICATED, a_test("correlation", 0.7, null=0.4), rho) > 0.65
    assert share(NOT_REPLICATED, a_test("correlation", 0.3, direction="at most"), rho) > 0.75


# The interval and its p value


@pytest.mark.parametrize("n", [6, 9])
def test_p_and_interval_agree(n):
    for sample in noise(n, "standard_cauchy", 7)[:300]:
        low, high = interval(sample)
        p = 2 * min(p_values(sample))
        assert (p <= 0.05) == (low > 0 or high < 0)


@pytest.mark.parametrize("kind", ["mean", "equivalence"])
def test_p_of_a_verdict_agrees_with_its_interval(kind):
    test = a_test(kind, 0.8)
    for sample in noise(8)[:300] * 0.6 + 0.4:
        found = judge(test, sample)
        low, high = interval(sample, 0.9)
        assert (found.p <= 0.05) == (low > 0 if kind == "mean" else -0.8 < low and high < 0.8)


def test_the_interval_of_a_correlation_ends_at_one():
    values = [1.0, 1.0, 1.0, 1.0, 1.0, 0.9]
    assert judge(a_test("correlation", 0.7), values).high == 1.0
    assert judge(a_test("mean", 0.7), values).high > 1.0


@pytest.mark.parametrize(
    "test",
    [
        a_test("mean", 0.9),
        a_test("difference", 0.5, direction="at most", null=1.0),
        a_test("ratio", 2.0),
        a_test("correlation", 0.7, null=0.4),
        a_test("equivalence", 0.5, target=1.0),
    ],
)
def test_many_samples_are_judged_as_one_by_one(test):
    samples = np.random.default_rng(5).gamma(3, 0.3, size=(60, 8))
    if test.kind == "correlation":
        samples = np.tanh(samples)
    one_by_one = [judge(test, sample).verdict for sample in samples]
    assert words(test, samples) == one_by_one
    assert len(set(one_by_one)) > 1


def test_many_samples_of_shares_are_judged_as_one_by_one():
    a, b = np.random.default_rng(6).integers(0, 2, size=(2, 60, 8)).astype(float)
    a[:30], b[:20] = 1.0, 0.0
    for test, samples, others in (
        (a_test("rate", 0.9, null=0.4), a, None),
        (a_test("rate_difference", 0.5), a, b),
        (a_test("paired_rate", 0.5), a - b, None),
        (a_test("zero_failures"), 1 - a, None),
    ):
        second = [()] * len(a) if others is None else others
        one_by_one = [judge(test, x, y).verdict for x, y in zip(samples, second, strict=True)]
        assert words(test, samples, others) == one_by_one
        assert len(set(one_by_one)) > 1


def test_a_verdict_needs_more_than_the_interval_that_is_shown():
    """t of six values is 3: beyond 2.57, which ends the 95 % interval, and short of 4.03, which ends that of 99 %."""
    values = np.array([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0]) + 3 * math.sqrt(28 / 5 / 6)
    found = judge(a_test("difference", 0.1), values)
    assert found.verdict == INCONCLUSIVE
    assert found.low > 0
    assert "the 95 % interval would decide, and a verdict needs the 99 % interval" in found.note
    assert judge(a_test("difference", 0.1), values + 1.1).verdict == REPLICATED
    open_ = judge(a_test("difference", 0.1), values - 2)
    assert open_.verdict == INCONCLUSIVE
    assert "95 %" not in open_.note


@pytest.mark.parametrize(
    ("test", "values", "other"),
    [
        (a_test("difference", 0.1), [-1.0, -1.1, -0.9, -1.2, -1.05, -0.8], ()),
        (a_test("mean", 0.1, direction="at most"), [1.0, 1.1, 0.9, 1.2, 1.05, 0.8], ()),
        (a_test("ratio", 2.0), [0.5, 0.6, 0.4, 0.55, 0.45, 0.5], ()),
        (a_test("rate", 0.9, null=0.5), [0.0] * 10, ()),
        (a_test("rate", 0.1, null=0.5, direction="at most"), [1.0] * 10, ()),
        (a_test("rate_difference", 0.3), [0.0] * 10, [1.0] * 10),
        (a_test("paired_rate", 0.3), [-1.0] * 10, ()),
        (a_test("equivalence", 0.1), [1.0, 1.1, 0.9, 1.2, 1.05, 0.8], ()),
        (a_test("zero_failures"), [1.0] * 10, ()),
    ],
)
def test_a_refuted_claim_has_a_large_p(test, values, other):
    found = judge(test, values, other)
    assert found.verdict in (REVERSED, NOT_REPLICATED)
    assert found.p > 0.99


# About equal


@pytest.mark.parametrize("n", [5, 6, 10])
def test_a_difference_as_large_as_the_margin_is_rarely_called_equal_or_unequal(n):
    test = a_test("equivalence", 1.5)
    found = Counter(words(test, noise(n) * 0.6 + 1.5))
    assert found[REPLICATED] / SIMULATIONS <= ALLOWED
    assert found[NOT_REPLICATED] / SIMULATIONS <= HALF


def test_power_to_show_equality_and_inequality():
    test = a_test("equivalence", 1.0, target=3.0)
    assert share(REPLICATED, test, noise(6) * 0.15 + 3) > 0.85
    assert share(NOT_REPLICATED, test, noise(6) * 0.2 + 5) > 0.85
    values = np.array([2.9, 3.1, 3.0, 3.05, 2.95, 3.2])
    found = judge(test, values)
    assert (found.verdict, found.estimate) == (REPLICATED, pytest.approx(3.0333333))
    assert (found.low, found.high) == pytest.approx(interval(values))
    assert found.p <= 0.05


def test_ratios_are_about_equal_within_a_factor_up_and_down():
    test, values = a_test("equal_ratio", 1.2), np.exp(noise(6)[0] * 0.03 + 0.05)
    found, turned = judge(test, values), judge(test, 1 / values)
    assert (found.verdict, turned.verdict) == (REPLICATED, REPLICATED)
    assert found.estimate == pytest.approx(np.exp(np.log(values).mean()))
    assert (found.low, found.high) == pytest.approx(tuple(np.exp(interval(np.log(values)))))
    assert (turned.low, turned.high) == pytest.approx((1 / found.high, 1 / found.low))
    assert (found.threshold, found.null) == (1.2, 1.2)
    assert found.p == pytest.approx(turned.p)
    # A quarter more, and as much less, is unequal; the relative difference of the second is -.2.
    assert judge(test, 1.25 * values).verdict != REPLICATED
    assert judge(test, 1.5 * values).verdict == NOT_REPLICATED
    assert judge(test, values / 1.5).verdict == NOT_REPLICATED
    with pytest.raises(ValueError, match="must be positive"):
        judge(test, np.array([1.0, 0.0]))


# Shares of runs. Verdicts depend on counts alone, so those of all counts are tabulated first.


def simulated(table, *counts):
    return np.array(table)[counts]


def ones(k, n):
    return [1.0] * k + [0.0] * (n - k)


def test_a_share_at_chance_or_at_the_threshold_is_rarely_misjudged():
    test, n = a_test("rate", 0.8, null=0.5), 10
    table = [judge(test, ones(k, n)).verdict for k in range(n + 1)]
    rng = np.random.default_rng(0)
    for p in (0.1, 0.4, 0.5):
        assert (simulated(table, rng.binomial(n, p, SIMULATIONS)) == REPLICATED).mean() <= HALF
    assert (simulated(table, rng.binomial(n, 0.8, SIMULATIONS)) == NOT_REPLICATED).mean() <= HALF
    power = stats.binom.sf(8, n, 0.98)  # 9 or 10 of 10
    assert (
        simulated(table, rng.binomial(n, 0.98, SIMULATIONS)) == REPLICATED
    ).mean() == pytest.approx(power, abs=0.01)
    assert power > 0.98


def test_a_small_share_is_the_mirror_of_a_large_one():
    large, small = a_test("rate", 0.9, null=0.5), a_test("rate", 0.1, null=0.5, direction="at most")
    for k in range(21):
        one, two = judge(large, ones(k, 20)), judge(small, ones(20 - k, 20))
        assert (one.verdict, one.p) == (two.verdict, pytest.approx(two.p))
        assert (one.estimate, one.low, one.high) == pytest.approx(
            (1 - two.estimate, 1 - two.high, 1 - two.low)
        )


def test_two_arms_that_fail_equally_often_rarely_differ():
    test, n = a_test("rate_difference", 0.3), 10
    table = [
        [judge(test, ones(a, n), ones(b, n)).verdict for b in range(n + 1)] for a in range(n + 1)
    ]
    rng = np.random.default_rng(0)
    for p in (0.1, 0.3, 0.5, 0.8):
        equal = simulated(table, *rng.binomial(n, p, (2, SIMULATIONS)))
        assert (equal == REPLICATED).mean() <= HALF
    for p in (0.0, 0.2, 0.35, 0.5, 0.7):
        a, b = rng.binomial(n, p + 0.3, SIMULATIONS), rng.binomial(n, p, SIMULATIONS)
        assert (simulated(table, a, b) == NOT_REPLICATED).mean() <= ALLOWED
    a, b = rng.binomial(n, 0.95, SIMULATIONS), rng.binomial(n, 0.1, SIMULATIONS)
    assert (simulated(table, a, b) == REPLICATED).mean() > 0.95


def test_a_difference_of_rates_asks_for_both_interval_and_fisher():
    # three of five against none: Newcombe's interval excludes 0, the exact test does not reject
    found = judge(a_test("rate_difference", 0.3), ones(3, 5), ones(0, 5))
    assert found.low > 0
    assert found.p == pytest.approx(1 / 12)  # 10 of the 120 ways to place three successes
    assert found.verdict == INCONCLUSIVE
    assert judge(a_test("rate_difference", 0.3), ones(8, 10), ones(2, 10)).verdict == REPLICATED


@pytest.mark.parametrize("threshold", [0.0, 0.3])
def test_pairs_that_disagree_by_chance_rarely_decide(threshold):
    test, n, rng = a_test("paired_rate", threshold), 20, np.random.default_rng(0)
    table = [[None] * (n + 1) for _ in range(n + 1)]
    for a in range(n + 1):
        for b in range(n + 1 - a):
            table[a][b] = judge(test, [1.0] * a + [-1.0] * b + [0.0] * (n - a - b)).verdict
    for disagree in (0.1, 0.3, 0.6, 1.0):
        a, b, _ = rng.multinomial(n, [disagree / 2, disagree / 2, 1 - disagree], SIMULATIONS).T
        assert (simulated(table, a, b) == REPLICATED).mean() <= HALF
        if disagree > threshold:
            p = [(disagree + threshold) / 2, (disagree - threshold) / 2, 1 - disagree]
            a, b, _ = rng.multinomial(n, p, SIMULATIONS).T
            assert (simulated(table, a, b) == NOT_REPLICATED).mean() <= ALLOWED
    a, b, _ = rng.multinomial(n, [0.7, 0.02, 0.28], SIMULATIONS).T
    assert (simulated(table, a, b) == REPLICATED).mean() > 0.95


def test_never_fails_needs_ten_runs_and_two_failures_refute_it():
    test = a_test("zero_failures")
    assert judge(test, ones(0, 9)).verdict == INCONCLUSIVE
    assert "10 runs are needed" in judge(test, ones(0, 9)).note
    assert [judge(test, ones(k, 10)).verdict for k in (0, 1, 2)] == [
        REPLICATED,
        INCONCLUSIVE,
        NOT_REPLICATED,
    ]
    table = [judge(test, ones(k, 10)).verdict for k in range(11)]
    rng = np.random.default_rng(0)
    often = simulated(table, rng.binomial(10, FAILING, SIMULATIONS))
    assert (often == REPLICATED).mean() <= ALLOWED
    rarely = simulated(table, rng.binomial(10, 0.03, SIMULATIONS))
    assert (rarely == NOT_REPLICATED).mean() <= ALLOWED
    assert (simulated(table, rng.binomial(10, 0.5, SIMULATIONS)) == NOT_REPLICATED).mean() > 0.95


def test_the_interval_of_a_share_is_exact():
    # 3 of 7, Clopper and Pearson: 4 + 3 beta quantiles; none of 10: 1 - 0.025^(1/10)
    assert rates.interval(3, 7) == pytest.approx((0.09899, 0.81595), abs=1e-5)
    assert rates.interval(0, 10) == pytest.approx((0.0, 1 - 0.025**0.1))
    assert rates.interval(10, 10) == pytest.approx((0.025**0.1, 1.0))
    # Wilson's for none of n is z^2 / (n + z^2)
    z2 = stats.norm.ppf(0.975) ** 2
    assert rates.interval(0, 10, method="wilson") == pytest.approx((0.0, z2 / (10 + z2)), abs=1e-9)


def test_newcombe_as_published():
    # Newcombe 1998, Table II, method 10: 56/70 - 48/80 and 10/10 - 0/10
    assert rates.newcombe(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert rates.newcombe(10, 10, 0, 10) == pytest.approx((0.6075, 1.0), abs=5e-5)


# Calculations


def test_a_calculation_is_on_one_side_of_its_tolerance():
    small = a_test("exact", 1e-6, direction="at most")
    assert judge(small, [3e-7, -1e-9]).verdict == VERIFIED
    assert judge(small, [3e-7, 2e-6]).verdict == NOT_REPLICATED
    assert judge(small, [3e-7, math.nan]).verdict == NOT_REPLICATED
    assert judge(small, [math.inf]).verdict == NOT_REPLICATED
    assert judge(a_test("exact", 7), [7.0]).verdict == VERIFIED
    assert judge(a_test("exact", 7), [6.0]).verdict == NOT_REPLICATED


def test_a_count_of_chosen_things_has_neither_interval_nor_p():
    found = judge(a_test("count", 5), [6.0])
    assert (found.verdict, found.estimate) == (REPLICATED, 6.0)
    assert np.isnan([found.low, found.high, found.p]).all()
    assert judge(a_test("count", 5), [4.0]).verdict == NOT_REPLICATED


# What the seeds cannot decide


@pytest.mark.parametrize("n", [1, 3, 5])
def test_too_few_seeds_say_so(n):
    found = judge(a_test("difference", 0.1), np.linspace(5, 6, n))
    assert found.verdict == INCONCLUSIVE
    assert math.isnan(found.low)
    assert f"{n} seeds cannot decide" in found.note
    assert math.isnan(found.p)


def test_a_wide_interval_says_how_many_seeds_would_do():
    sample = np.array([-1.0, 1.2, 0.4, -0.7, 0.9, 0.1])
    found = judge(a_test("difference", 0.2), sample)
    assert found.verdict == INCONCLUSIVE
    low, high = interval(sample, 0.99)
    assert f"about {math.ceil(6 * ((high - low) / 2 / 0.2) ** 2)} seeds" in found.note


def undecided(test, values, other=()):
    found = judge(test, values, other)
    assert found.verdict == INCONCLUSIVE
    return found


@pytest.mark.parametrize(
    ("test", "values"),
    [
        (
            a_test("mean", 0.9),
            0.86 + 0.1 * noise(10)[0],
        ),  # beyond no effect, and near what is asked for
        (a_test("difference", 0.0), 0.1 + noise(10)[0]),  # asked for is any effect at all
        (a_test("mean", 0.1, direction="at most"), 0.08 + 0.05 * noise(10)[0]),
        (a_test("correlation", 0.7, null=0.4), 0.65 + 0.08 * noise(7)[0]),
        (a_test("ratio", 2.0), np.exp(0.6 + 0.2 * noise(10)[0])),
        (a_test("equivalence", 0.5), 0.4 + 0.3 * noise(10)[0]),
        (a_test("rate", 0.83, null=0.5), ones(7, 10)),
    ],
)
def test_whatever_seeds_cannot_decide_has_a_note_with_about_how_many_could(test, values):
    found = undecided(test, np.asarray(values))
    needed = int(re.search(r"would need about (\d+) (seeds|runs) to decide", found.note)[1])
    assert needed > found.n
    if test.kind != "rate":  # the same values over and over: the estimate stays
        many = np.tile(values, math.ceil(2 * needed / found.n))
        assert judge(test, many).verdict != INCONCLUSIVE


def test_an_estimate_on_its_threshold_needs_more_seeds_than_a_note_names():
    values = [0.5, 1.5, 0.7, 1.3, 0.9, 1.1, 0.6, 1.4]
    found = undecided(a_test("mean", 1.0 + 1e-9), values)
    assert "even 1,000 seeds would not decide" in found.note


def test_seeds_without_a_number_are_left_out_and_counted():
    found = judge(a_test("difference", 0.1), [1, 2, math.nan, 1.5, 1.2, 1.8, 1.1])
    assert (found.verdict, found.n) == (REPLICATED, 6)
    assert "1 of 7 seeds gave no number" in found.note
    assert judge(a_test("difference", 0.1), [math.nan]).verdict == NOT_TESTED


# Several tests, several claims


def test_holm_keeps_the_chance_of_any_false_finding_at_five_percent():
    rng = np.random.default_rng(0)
    ps = rng.uniform(size=(SIMULATIONS, 8))
    ps[:, :2] *= 1e-3  # two true effects beside six nulls
    any_false = sum(min(holm(list(p))[2:]) <= 0.05 for p in ps) / SIMULATIONS
    assert any_false <= ALLOWED
    assert any_false > 0.03
    assert sum(max(holm(list(p))[:2]) <= 0.05 for p in ps) / SIMULATIONS > 0.99
    assert (ps[:, 2:].min(1) <= 0.05).mean() > 0.2  # without correction


def test_holm_by_hand():
    adjusted = holm([0.01, math.nan, 0.04, 0.03, 0.005])
    assert adjusted == pytest.approx([0.03, math.nan, 0.06, 0.06, 0.02], nan_ok=True)
    assert holm([0.9, 0.8]) == [1.0, 1.0]


GOOD, OPEN = [1.0, 1.1, 0.9, 1.2, 1.05, 0.8], [1.0]
BAD = [0.01 * value - 0.01 for value in GOOD]


@pytest.mark.parametrize(
    ("needs", "one", "two", "expected"),
    [
        ("all", GOOD, GOOD, REPLICATED),
        ("all", GOOD, BAD, NOT_REPLICATED),
        ("all", GOOD, OPEN, INCONCLUSIVE),
        ("all", GOOD, [], NOT_TESTED),
        ("all", OPEN, [], INCONCLUSIVE),
        ("all", BAD, [], NOT_REPLICATED),
        ("any", GOOD, BAD, REPLICATED),
        ("any", GOOD, [], REPLICATED),
        ("any", BAD, BAD, NOT_REPLICATED),
        ("any", BAD, [], NOT_TESTED),
        ("all", [], [], NOT_TESTED),
    ],
)
def test_a_claim_is_as_good_as_the_tests_it_needs(needs, one, two, expected):
    parts = [a_test("difference", 0.1, part=part) for part in ("one", "two")]
    evidence = {"ABC17-C1/one": one, "ABC17-C1/two": two}
    found = decided(a_claim(*parts, needs=needs, panel="c/d"), evidence)
    assert found.verdict == expected
    assert [outcome.test for outcome in found.outcomes] == ["one", "two"]
    missing = [] in (one, two) and one != two
    assert ("not tested: two" in found.note) == missing
    assert ("no larger profile of params.yaml has its arms" in found.note) == (
        expected == NOT_TESTED
    )
    with_p = expected != NOT_TESTED and one != OPEN  # a single seed has no p
    assert math.isnan(found.p) != with_p


def test_the_joint_p_is_that_of_what_must_hold():
    parts = [a_test("difference", 0.1, part=part) for part in ("one", "two")]
    evidence = {"ABC17-C1/one": GOOD, "ABC17-C1/two": [*GOOD, 1.0]}
    every = decided(a_claim(*parts), evidence).p
    either = decided(a_claim(*parts, needs="any"), evidence).p
    one, two = (p_values(np.array(values))[0] for values in evidence.values())
    assert one != two
    assert (every, either) == pytest.approx((max(one, two), 2 * min(one, two)))


def test_any_of_two_tests_rarely_holds_under_no_effect():
    parts = [a_test("difference", 0.0, part=part) for part in ("one", "two")]
    claim, samples = a_claim(*parts, needs="any"), noise(12)
    held = sum(
        decided(claim, {"ABC17-C1/one": s[:6], "ABC17-C1/two": s[6:]}).verdict == REPLICATED
        for s in samples
    )
    assert held / SIMULATIONS <= ALLOWED


ARMS = {
    "small": ["a/mlp/gan/paper"],
    "large": ["a/mlp/gan/paper", "a/mlp/wgan/paper"],
    "largest": ["a/mlp/wgan/paper"],
}


@pytest.mark.parametrize(
    ("arms", "study", "said"),
    [
        (["*/wgan/*"], "small", "`profile=large` or `profile=largest` would test it"),
        (["*/gan/*", "*/wgan/*"], "small", "not in small; `profile=large` would"),
        (["*/gan/*"], "small", "planned in small, and not all of it has been run"),
        (["*/lsgan/*"], "small", "no larger profile of params.yaml has its arms"),
        (["*/gan/*"], "largest", "no larger profile of params.yaml has its arms"),
        ([], "small", "planned in small"),
    ],
)
def test_an_untested_claim_names_the_studies_that_would_test_it(arms, study, said):
    claim = a_claim(a_test("difference", 0.1, arms=arms), panel="goodfellow2014/fig1")
    found = decided(claim, {}, place=Place(study, profiles=ARMS))
    assert (found.verdict, found.settled.n, found.profile) == (NOT_TESTED, 0, study)
    assert said in found.note.replace("snakemake --config ", "")


def test_a_test_without_a_panel_is_not_written():
    found = decided(a_claim(a_test("difference", 0.1)), {}, place=Place("small", profiles=ARMS))
    assert (found.verdict, found.note) == (NO_TEST, "")


def test_a_part_names_its_panel_and_a_remark_stands_with_its_test():
    parts = [
        a_test("difference", 0.1, part="one"),
        a_test("difference", 0.1, part="two", panel="a/b"),
    ]
    claim = a_claim(*parts, panel="c/d")
    assert claim.panels == ["c/d", "a/b"]
    remarks = {"ABC17-C1/two": "2 of 6 nets died"}
    found = decided(claim, {"ABC17-C1/one": GOOD, "ABC17-C1/two": BAD}, remarks)
    assert (found.panel, [outcome.panel for outcome in found.outcomes]) == ("c/d", ["c/d", "a/b"])
    assert (found.verdict, found.note) == (NOT_REPLICATED, "two: 2 of 6 nets died")
    found = decided(claim, {"ABC17-C1/one": BAD, "ABC17-C1/two": GOOD}, remarks)
    assert (found.note, found.outcomes[1].note) == ("", "2 of 6 nets died")
    untested = decided(claim, {}, remarks)
    assert "died" not in untested.note + untested.outcomes[1].note


def test_a_caveat_stands_with_a_test_whatever_it_finds_and_not_where_it_found_nothing():
    claim = a_claim(a_test("difference", 0.1, caveat="by construction"), panel="c/d")
    for values, expected in (
        (GOOD, "by construction"),
        (BAD, "by construction"),
        ([], "no larger profile of params.yaml has its arms"),
    ):
        assert decided(claim, {"ABC17-C1": values}).note.startswith(expected)


def in_three_settings(**more):
    parts = [
        a_test("exact", 1.0, part="formula", setting="calculation"),
        a_test("mean", 1.0, part="plane", null=0.2, controls=[a_control()]),
        a_test("mean", 1.0, part="digits", setting="images", controls=[a_control()]),
    ]
    return a_claim(*parts, panel="c/d", uncontrolled="none is needed", **more)


def test_a_claim_has_a_verdict_for_each_setting_and_none_mixes_two():
    claim = in_three_settings()
    evidence = {"ABC17-C1/formula": [2.0], "ABC17-C1/plane": BAD}
    reached = {("ABC17-C1/plane", "near"): {"": [1.0]}}
    found = decide(claim, Found(evidence, controls=reached), Place("laptop"))
    assert [(one.setting, one.verdict) for one in found] == [
        ("calculation", VERIFIED),
        ("2-D", NOT_REPLICATED),
        ("small images", NOT_TESTED),
    ]
    for verdict in found:
        (outcome,) = verdict.outcomes
        assert outcome.settled
        assert (outcome.claim, outcome.setting) == ("ABC17-C1", verdict.setting)
    assert (found[1].settled.threshold, found[1].settled.null) == (1.0, 0.2)
    large = decide(claim, Found(evidence), Place("paper", "paper scale"))
    assert [one.setting for one in large] == ["calculation", "2-D", "paper scale"]


def a_verdict(setting, verdict, study="laptop"):
    (one,) = decide(a_claim(a_test("mean", 1.0)), Found(), Place(study))
    return dataclasses.replace(one, setting=setting, verdict=verdict)


OF_TOYS = a_claim(a_test("mean", 1.0), native="2-D")


@pytest.mark.parametrize(
    ("claim", "verdicts", "first"),
    [
        # the reached setting that is nearest the paper's, whatever it says
        (None, [("calculation", VERIFIED), ("2-D", REVERSED)], 1),
        (None, [("small images", NOT_REPLICATED), ("2-D", REPLICATED)], 0),
        (None, [("images", INCONCLUSIVE), ("small images", REPLICATED)], 0),
        (None, [("images", NOT_REPLICATED), ("paper scale", WEAKER)], 1),
        # one that was not reached stands for nothing while another was
        (None, [("images", NOT_REACHED), ("2-D", WEAKER), ("calculation", VERIFIED)], 1),
        (None, [("paper scale", NOT_TESTED), ("calculation", VERIFIED)], 1),
        # the paper's own form is a toy in the plane
        (OF_TOYS, [("images", REPLICATED), ("2-D", NOT_REPLICATED)], 1),
        (OF_TOYS, [("2-D", NOT_REACHED), ("calculation", VERIFIED), ("images", WEAKER)], 2),
        # nothing was reached
        (None, [("images", NO_TEST), ("2-D", NOT_TESTED), ("calculation", NOT_REACHED)], 2),
        (None, [("images", NO_TEST), ("2-D", NOT_TESTED)], 1),
    ],
)
def test_the_reached_setting_nearest_the_papers_stands_for_a_claim(claim, verdicts, first):
    every = [a_verdict(*one) for one in verdicts]
    assert headline(every, claim) is every[first]
    assert headline(every[::-1], claim) is every[first]


def test_of_one_setting_the_largest_study_that_reached_it_counts():
    small, large = a_verdict("2-D", REPLICATED), a_verdict("2-D", NOT_REPLICATED, "workstation")
    assert headline([small, large], None) is large
    unreached = dataclasses.replace(large, verdict=NOT_REACHED)
    assert headline([small, unreached], None) is small
    images = a_verdict("images", NOT_REACHED, "workstation")
    found = by_setting([small, unreached, images], None)
    assert list(found.items()) == [("images", images), ("2-D", small)]


def test_of_several_arms_the_worst_that_was_reached_counts():
    """One is replicated, one not, and a third, whose control failed, says nothing of the others."""
    claim = a_claim(a_test("difference", 0.1, controls=[a_control()]), panel="c/d")
    good, bad, pair = "a/mlp/gan/paper", "a/mlp/wgan/paper", "b/mlp/gan/paper and b/mlp/wgan/paper"
    evidence = {"ABC17-C1": {good: GOOD, bad: BAD, pair: [-value for value in GOOD]}}
    measured = {good: [1.0], bad: [1.0], "b/mlp/gan/paper": [1.0], "b/mlp/wgan/paper": [0.1]}
    found = decided(claim, evidence, controls={("ABC17-C1", "near"): measured})
    assert (found.verdict, found.settled.arm) == (NOT_REPLICATED, bad)
    assert found.note == f"the worst of 2 arms; not reached: {pair}"
    without = {"ABC17-C1": {good: GOOD, pair: BAD}}
    found = decided(claim, without, controls={("ABC17-C1", "near"): measured})
    assert (found.verdict, found.settled.arm) == (REPLICATED, good)
    alone = decided(claim, {"ABC17-C1": {pair: GOOD}}, controls={("ABC17-C1", "near"): measured})
    assert (alone.verdict, alone.settled.failed[0].place) == (NOT_REACHED, "b/mlp/wgan/paper")
    assert decided(claim, {"ABC17-C1": {}}).verdict == NOT_TESTED


def test_tests_with_the_same_numbers_are_told_apart():
    parts = [a_test("mean", 0.1, part="one"), a_test("mean", 0.1, part="two")]
    found = decided(a_claim(*parts), {"ABC17-C1/one": GOOD, "ABC17-C1/two": GOOD})
    assert [one.settled for one in found.outcomes] == [True, False]


def test_a_verdict_is_read_as_it_was_written():
    parts = [a_test("mean", 0.1, part="one"), a_test("exact", 1.0, part="two", panel="a/b")]
    found = decided(a_claim(*parts), {"ABC17-C1/one": GOOD, "ABC17-C1/two": []})
    again = Verdict.read(json.loads(json.dumps(plain(found))))
    assert repr(again.outcomes[1]) == repr(found.outcomes[1])
    assert (again.id, again.verdict, again.panel, again.settled.test) == (
        "ABC17-C1",
        NOT_TESTED,
        None,
        "two",
    )
    assert again.outcomes[0].p == pytest.approx(found.outcomes[0].p, rel=1e-5)


def a_control(threshold=0.9, **more):
    return Control(**{"control": "near", "what": "w", "unit": "u", "threshold": threshold, **more})


@pytest.mark.parametrize(
    ("measured", "expected"), [([0.95, 0.9], True), ([0.95, 0.8], False), ([], False)]
)
@pytest.mark.parametrize("values", [GOOD, BAD])
def test_where_a_control_fails_nothing_is_said_of_the_claim(values, measured, expected):
    """Whatever the numbers are, good or bad; a control that was not measured has failed."""
    claim = a_claim(a_test("difference", 0.1, controls=[a_control()]))
    found = decided(claim, {"ABC17-C1": values}, controls={("ABC17-C1", "near"): {"": measured}})
    assert found.verdict == (decided(a_claim(a_test("difference", 0.1)), {"ABC17-C1": values}).verdict
                             if expected else NOT_REACHED)  # fmt: skip
    assert math.isnan(found.p) != expected
    assert math.isnan(found.settled.again) != expected
    (checked,) = found.settled.controls
    assert checked.holds == expected
    assert found.settled.estimate == pytest.approx(sum(values) / len(values))
    said = "0.875 u" if measured else "not measured"
    assert expected or f"w: {said}, needed at least 0.9" in found.note


def test_the_worst_arm_of_a_control_counts_and_both_directions_do():
    places = {"a/b/c/d": [1.0, 2.0], "e/f/g/h": [4.0, math.nan]}
    most = check(a_control(3.0, direction="at most"), places)
    assert (most.place, most.value, most.holds) == ("e/f/g/h", 4.0, False)
    least = check(a_control(1.5), places)
    assert (least.place, least.value, least.holds) == ("a/b/c/d", 1.5, True)
    unknown = check(a_control(1.5), places | {"i/j/k/l": [math.nan]})
    assert (unknown.place, unknown.holds) == ("i/j/k/l", False)


def test_a_claim_s_control_is_one_of_all_its_tests_and_one_of_a_test_of_that_alone():
    parts = [a_test("difference", 0.1, part="one", controls=[a_control(control="own", what="mine")]),
             a_test("difference", 0.1, part="two")]  # fmt: skip
    claim = a_claim(*parts, controls=[a_control()])
    evidence = {"ABC17-C1/one": BAD, "ABC17-C1/two": GOOD}
    near = {("ABC17-C1/one", "near"): {"": [1.0]}, ("ABC17-C1/two", "near"): {"": [1.0]}}
    assert sorted(claim.controls_of) == [
        ("ABC17-C1/one", "near"),
        ("ABC17-C1/one", "own"),
        ("ABC17-C1/two", "near"),
    ]
    found = decided(claim, evidence, controls=near | {("ABC17-C1/one", "own"): {"": [0.0]}})
    assert [one.verdict for one in found.outcomes] == [NOT_REACHED, REPLICATED]
    assert found.verdict == NOT_REACHED
    nothing = decided(claim, evidence)
    assert nothing.verdict == NOT_REACHED
    assert nothing.note.count("not measured") == 2  # of both tests the same control is said once


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"control": "near_a_mode", "arms": ["a"], "what": "w", "unit": "u"},
            "give either arms, or what",
        ),
        ({"control": "near_a_mode", "what": "", "unit": ""}, "one line of text"),
        (
            {"control": "near_a_mood", "arms": ["a"]},
            "no control 'near_a_mood'; did you mean 'near_a_mode'",
        ),
    ],
)
def test_a_control_that_cannot_be_measured_is_an_error(given, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        Control(threshold=1.0, **given)


@pytest.mark.parametrize(
    ("evidence", "line"),
    [
        ({"WGAN17-C99": [1.0]}, "no claim asks for it"),
        ({"WGAN17-C5/rings": [1.0]}, "valid: WGAN17-C5/fid, WGAN17-C5/grid, WGAN17-C5/ring"),
        ({"WGAN17-C9/modes": [0.5]}, "'WGAN17-C9/modes': an outcome must be 0 or 1"),
        ({"WGAN17-C7/failures": [1.0]}, "needs the outcomes of the second arm"),
        ({"WGAN17-C2a": [-1.0]}, "a ratio must be positive"),
    ],
)
def test_evidence_that_fits_no_claim_is_an_error_in_one_line(evidence, line):
    with pytest.raises(EvidenceError) as caught:
        decide_all(Found(evidence), LAPTOP)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


def test_claims_json_holds_every_claim_and_no_number_that_json_lacks(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    evidence = {
        "AB17-C4": [2e-7],
        "WGAN17-C9/modes": ones(0, 10),
        "WGAN17-C5/grid": [0.9, 0.8, 0.95, 0.85, 0.9, 0.7],
        "WGAN17-C7/quality": [2.0, 2.5, 2.2, 1.9, 2.1, 3.0],
        "WGAN17-C7/failures": ones(9, 10),
        "WGAN17-C7/failures@other": ones(0, 10),
    }
    parts = ("quality", "failures")
    way = {(f"WGAN17-C7/{part}", "share_of_the_way"): {"": [0.9]} for part in parts}
    rows = verdicts.claims_json(Study(ROOT / "params.yaml"), Found(evidence, controls=way))
    written = Path("results/laptop/claims.json").read_text()
    assert json.loads(written, parse_constant=pytest.fail) == json.loads(json.dumps(rows))
    found = {row["id"]: row for row in reversed(rows)}  # of several settings the first
    named = {"images": "small images"}
    expected = [
        (claim.id, named.get(setting, setting))
        for paper in papers().values()
        for claim in paper.claims
        for setting in claim.settings
    ]
    assert [(row["id"], row["setting"]) for row in rows] == expected
    assert found["AB17-C4"]["verdict"] == VERIFIED
    assert found["AB17-C4"]["panel"] == "arjovsky_bottou2017/theorem_2_5"
    assert found["WGAN17-C9"]["verdict"] == NOT_REACHED  # no arm has shown its regime
    plane = next(row for row in rows if (row["id"], row["setting"]) == ("WGAN17-C5", "2-D"))
    assert plane["verdict"] == NOT_REACHED
    assert found["WGAN17-C7"]["verdict"] == REPLICATED
    (settled,) = (one for one in plane["outcomes"] if one["settled"])
    assert settled["estimate"] == 0.85
    assert all(sum(one["settled"] for one in row["outcomes"]) == 1 for row in rows)
    given = {key.partition("/")[0] for key in evidence}
    assert {found[i]["verdict"] for i in found if i not in given} == {NOT_TESTED, NO_TEST}
    assert {row["profile"] for row in rows} == {"laptop"}
    again = verdicts.claims_json(
        Study(ROOT / "params.yaml"), Found(dict(reversed(evidence.items())), controls=way)
    )
    assert Path("results/laptop/claims.json").read_text() == written
    assert again == rows


def test_a_verdict_says_how_often_it_would_come_out_again():
    """Clear numbers nearly always, numbers on the threshold by chance, and a calculation has none."""
    clear = decided(a_claim(a_test("difference", 0.1)), {"ABC17-C1": GOOD}).settled
    assert clear.again > 0.9
    sure = decided(a_claim(a_test("exact", 1.0)), {"ABC17-C1": [2.0]}).settled
    assert math.isnan(sure.again)
    edge = decided(a_claim(a_test("difference", 1.0)), {"ABC17-C1": GOOD}).settled
    assert (edge.verdict, round(sum(GOOD) / len(GOOD), 2)) == (REPLICATED, 1.01)
    assert edge.again < 0.8
