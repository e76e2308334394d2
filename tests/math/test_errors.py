"""Of no kind of test is a wrong verdict more frequent than 5 %, whatever the noise: a small version of the study."""

import math

import numpy as np
import pytest
from scipy import stats

from replication.claims import errors, rules
from replication.claims.criterion import EQUAL
from replication.claims.errors import CASES, SHAPES, TRUTHS, simulate, table, worst, wrong
from replication.claims.outcome import (
    INCONCLUSIVE,
    NOT_REPLICATED,
    REPLICATED,
    REVERSED,
    WEAKER,
)

REPETITIONS = 500

#: 5 %, and what so few simulations of exactly 5 % may show by chance (three standard errors).
ALLOWED = 0.05 + 3 * math.sqrt(0.05 * 0.95 / REPETITIONS)


@pytest.fixture(scope="module")
def simulated():
    return table(sizes=(6, 10, 30), repetitions=REPETITIONS)


def test_every_kind_of_test_is_simulated():
    assert set(CASES) == set(rules.RULES)


def test_no_wrong_verdict_is_frequent(simulated):
    found = worst(simulated)
    assert set(found.index.get_level_values("kind")) == set(CASES)
    assert found.to_numpy().max() <= ALLOWED


def test_of_normal_noise_a_wrong_verdict_is_as_rare_as_the_interval_says(simulated):
    """Half a percent on either side."""
    normal = simulated[(simulated["noise"] == "normal") & (simulated["kind"] == "difference")]
    assert normal[["false_yes", "false_no"]].to_numpy().max() <= 0.005 + 3 * math.sqrt(
        0.005 / REPETITIONS
    )


def test_the_words_of_every_cell_add_up(simulated):
    assert simulated[list(errors.WORDS)].sum(axis=1).to_numpy() == pytest.approx(1)
    assert len(simulated) == 3 * len(TRUTHS) * (5 * len(SHAPES) * len(errors.SPREADS) + 5)


@pytest.mark.parametrize("truth", [0.0, 1.0])
@pytest.mark.parametrize("n", [6, 10])
def test_the_95_percent_interval_would_err_more_often_than_it_says(n, truth, monkeypatch):
    """Why that of 99 % decides: of a long tail away from the claim, at n = 6, one side alone misses 6 %."""
    monkeypatch.setattr("replication.claims.means.LEVEL", 0.95)
    noise = "long upper tail" if truth else "long lower tail"
    found = simulate("difference", n, truth, noise, 8.0, repetitions=4000)
    bad = sum(found[word] for word in wrong("difference", truth)[bool(truth)])
    assert bad > {6: 0.05, 10: 0.035}[n]


@pytest.mark.parametrize("n", [6, 10])
@pytest.mark.parametrize("truth", [0.0, 0.5, 1.0, 2.0, -1.0])
def test_a_share_comes_out_as_the_binomial_distribution_says(n, truth):
    share = min(1.0, 0.5 + 0.4 * truth)
    test = CASES["rate"].test("rate")
    expected = sum(
        stats.binom.pmf(k, n, share)
        for k in range(n + 1)
        if rules.judge(test, [1.0] * k + [0.0] * (n - k)).verdict == REPLICATED
    )
    found = simulate("rate", n, truth, repetitions=4000)[REPLICATED]
    assert found == pytest.approx(expected, abs=0.025)


def test_power_of_a_difference_at_twice_its_threshold_is_that_of_the_t_test():
    """Half a standard deviation, of which the threshold is half again: what clears the null reaches that, too."""
    expected = stats.nct.sf(stats.t.ppf(0.995, 29), 29, 0.5 * math.sqrt(30))
    found = simulate("difference", 30, 2.0, spread=4.0, repetitions=4000)
    assert 0.4 < expected < 0.6
    assert found[REPLICATED] == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(
    "kind", ["mean", "difference", "ratio", "correlation", "rate", "paired_rate"]
)
def test_a_truth_is_where_its_name_says(kind):
    """Many seeds find it: nothing at the null, the claim at twice the threshold."""
    assert simulate(kind, 400, 2.0, spread=0.5, repetitions=50)[REPLICATED] == 1.0
    nil = simulate(kind, 400, 0.0, spread=0.5, repetitions=50)
    assert nil[NOT_REPLICATED] + nil[REVERSED] >= 0.94
    half = simulate(kind, 400, 0.5, spread=0.5, repetitions=50)
    assert half[NOT_REPLICATED if kind in ("mean", "rate") else WEAKER] >= 0.94
    back = simulate(kind, 400, -1.0, spread=0.5, repetitions=50)
    assert back[NOT_REPLICATED if kind in ("mean", "rate") else REVERSED] >= 0.94


@pytest.mark.parametrize("kind", EQUAL)
def test_about_equal_is_a_distance_in_margins(kind):
    found = [
        simulate(kind, 400, truth, spread=0.5, repetitions=50) for truth in (0.0, 0.5, 2.0, -2.0)
    ]
    assert [one[REPLICATED] for one in found] == [1, 1, 0, 0]
    assert [one[NOT_REPLICATED] for one in found] == [0, 0, 1, 1]


def test_what_is_wrong_by_hand():
    assert wrong("difference", 0.0) == ((REPLICATED, WEAKER), (REVERSED,))
    assert wrong("difference", -1.0) == ((REPLICATED, WEAKER), ())
    assert wrong("difference", 0.5) == ((), (REVERSED,))
    assert wrong("difference", 1.0) == ((), (WEAKER, NOT_REPLICATED, REVERSED))
    assert wrong("equivalence", 0.5) == ((), (NOT_REPLICATED,))
    assert wrong("equivalence", 2.0) == ((REPLICATED,), ())
    assert wrong("equal_ratio", 2.0) == ((REPLICATED,), ())


def test_a_simulation_repeats():
    assert simulate("difference", 6, 1.0, "mode counts") == simulate(
        "difference", 6, 1.0, "mode counts"
    )
    assert simulate("difference", 6, 1.0)[INCONCLUSIVE] > 0


@pytest.mark.parametrize("name", SHAPES)
def test_noise_has_mean_0_and_standard_deviation_1(name):
    values = errors._noise(np.random.default_rng(0), name, (1000, 1000))
    assert (values.mean(), values.std()) == pytest.approx((0, 1), abs=0.01)
