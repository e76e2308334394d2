"""How often a verdict would come out again: clear ones nearly always, borderline ones by chance."""

import math

import numpy as np
import pytest
from stated import a_test

from replication.claims import rules
from replication.claims.criterion import Control
from replication.claims.outcome import INCONCLUSIVE, NOT_REPLICATED, REPLICATED
from replication.claims.stability import RESAMPLES, again

SIX = np.array([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0])


@pytest.mark.parametrize("away", [40.0, -40.0])
def test_a_clear_verdict_comes_out_again(away):
    assert again(a_test("difference", 1.0), SIX + away) == 1.0


def test_a_verdict_on_its_edge_is_a_coin():
    """Whose estimate is on the threshold and far from the null: half of all new estimates fall short of it."""
    values = np.tile(SIX, 5) + 40
    test = a_test("mean", 40.0)
    assert rules.judge(test, values).verdict == REPLICATED
    assert again(test, values) == pytest.approx(0.5, abs=0.12)


@pytest.mark.parametrize(("direction", "clear"), [("at least", 50.0), ("at most", -50.0)])
def test_a_control_on_its_edge_makes_a_clear_verdict_a_coin(direction, clear):
    near = Control(control="near", what="w", unit="u", threshold=0.0, direction=direction)
    test, values = a_test("difference", 1.0), np.tile(SIX, 5) + 40
    edge = np.tile(SIX, 5)
    assert again(test, values, controls=[(near, {"a": edge + clear})]) == 1.0
    assert again(test, values, controls=[(near, {"a": edge})]) == pytest.approx(0.5, abs=0.12)
    # Of another number of seeds, which are drawn on their own: both must hold.
    both = [(near, {"a": edge, "b": edge[:12]})]
    assert again(test, values, controls=both) == pytest.approx(0.25, abs=0.12)


def test_the_share_of_an_estimate_past_the_threshold_is_that_of_two_normal_errors():
    """New and old mean differ by an error of each: sd sqrt(2 / n), and not that of one alone."""
    values = np.random.default_rng(0).normal(size=200)
    values = (values - values.mean()) / values.std() + 40
    test = a_test("mean", 40.0 - 1 / math.sqrt(200))  # the estimate is one standard error past it
    expected = 0.5 + 0.5 * math.erf(
        1 / 2
    )  # the normal distribution at 1 / sqrt(2): 0.760, and at 1 it is 0.841
    assert again(test, values) == pytest.approx(expected, abs=0.065)


def test_all_runs_alike_come_out_again_and_mixed_ones_do_not():
    """9 of 10 hold; of resamples with mean .9 many do not."""
    test = a_test("rate", 0.9, null=0.5)
    assert again(test, [1.0] * 10) == 1.0
    mixed = [1.0] * 9 + [0.0]
    assert rules.judge(test, mixed).verdict == REPLICATED
    # by hand: the chance that binomial(10, K / 10) >= 9, K itself binomial(10, 0.9)
    chance = sum(
        math.comb(10, k) * 0.9**k * 0.1 ** (10 - k) * sum(
            math.comb(10, j) * (k / 10) ** j * (1 - k / 10) ** (10 - j) for j in (9, 10)
        )
        for k in range(11)
    )  # fmt: skip
    assert again(test, mixed) == pytest.approx(chance, abs=3 * 0.5 / math.sqrt(RESAMPLES))


def test_two_arms_are_drawn_on_their_own():
    test = a_test("rate_difference", 0.3)
    ones, nils = [1.0] * 10, [0.0] * 10
    assert again(test, ones, nils) == 1.0
    assert again(test, ones, [*nils[:6], *ones[:4]]) < 0.95


def test_the_same_numbers_give_the_same_share_in_any_order_of_calls():
    test = a_test("difference", 1.0)
    first = again(test, SIX + 4)
    again(test, SIX)
    assert again(test, SIX + 4) == first
    assert 0 < first < 1


def test_what_has_no_seeds_has_no_share():
    assert math.isnan(again(a_test("exact", 1.0), [2.0]))
    assert math.isnan(again(a_test("count", 1.0), [2.0]))
    assert math.isnan(again(a_test("mean", 1.0), [math.nan]))
    # one seed decides nothing, and would again
    assert again(a_test("mean", 1.0), [2.0, math.nan]) == 1.0
    assert rules.judge(a_test("mean", 1.0), [2.0]).verdict == INCONCLUSIVE


def test_a_ratio_is_resampled_as_it_is_decided():
    values = np.exp(SIX / 4 + 1)
    logs = a_test("difference", math.log(2.0))
    assert again(a_test("ratio", 2.0), values) == again(logs, np.log(values))
    assert rules.judge(a_test("ratio", 2.0), 1 / values).verdict != NOT_REPLICATED
