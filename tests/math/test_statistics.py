"""The interval of a mean and rank correlation, against published forms, hand-made numbers and naive ones."""

import math

import numpy as np
import pytest
from scipy import optimize, stats

from replication.analysis.statistics import FEWEST, interval, mean_interval, p_values, spearman

VALUES = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 6.0])


def hall(values, null):
    """sqrt(n) times Hall's cubic of T (1992, sec. 2), written out."""
    n = len(values)
    t = (values.mean() - null) / values.std(ddof=1)
    g = stats.skew(values, bias=False)
    return math.sqrt(n) * (t + g * t**2 / 3 + g**2 * t**3 / 27 + g / (6 * n))


def test_score_of_six_values_by_hand():
    # mean 1, variance 6, third moment 6 / 20 * (125 - 5) = 36, so g = 36 / 6^1.5 = sqrt(6); of null 1 only g / 36 stays
    assert hall(VALUES, 1.0) == pytest.approx(6 / 36)
    assert p_values(VALUES, 1.0)[0] == pytest.approx(stats.t.sf(1 / 6, 5))
    # of null -5, T = 6 / sqrt(6) = g: sqrt(6) (g + g^3 / 3 + g^5 / 27 + g / 36) = 6 + 12 + 8 + 1 / 6
    assert p_values(VALUES, -5.0)[0] == pytest.approx(stats.t.sf(26 + 1 / 6, 5))


@pytest.mark.parametrize("n", [6, 7, 10, 20])
@pytest.mark.parametrize("level", [0.95, 0.9])
def test_the_interval_holds_what_the_test_does_not_reject(n, level):
    values = np.random.default_rng(n).gumbel(size=n)
    critical = stats.t.ppf((1 + level) / 2, n - 1)
    expected = [
        optimize.brentq(lambda m, c=c: hall(values, m) - c, -100, 100)
        for c in (critical, -critical)
    ]
    low, high = interval(values, level)
    assert [low, high] == pytest.approx(expected, rel=1e-9)
    assert p_values(values, low)[0] == pytest.approx((1 - level) / 2)
    assert p_values(values, high)[1] == pytest.approx((1 - level) / 2)


def test_without_skewness_the_interval_is_students():
    values = np.array([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0]) + 5
    expected = stats.ttest_1samp(values, 0).confidence_interval()
    assert mean_interval(values)[:3] == pytest.approx((5.0, expected.low, expected.high))
    above, below = p_values(values, 4.0)
    assert above == pytest.approx(stats.ttest_1samp(values, 4.0, alternative="greater").pvalue)
    assert below == pytest.approx(1 - above)


def test_the_interval_reaches_farther_to_the_long_tail():
    mean, low, high, _ = mean_interval(np.exp(np.linspace(-2, 2, 9)))
    assert high - mean > 1.5 * (mean - low)


@pytest.mark.parametrize("n", [1, 2, FEWEST - 1])
def test_few_values_have_neither_interval_nor_p(n):
    values = np.arange(1.0, n + 1)
    mean, low, high, count = mean_interval(values)
    assert (mean, count) == (values.mean(), n)
    assert np.isnan([low, high, *p_values(values)]).all()


@pytest.mark.parametrize("n", [6, 7, 8, 20])
def test_interval_moves_and_stretches_with_the_values(n):
    values = np.random.default_rng(n).gumbel(size=n)
    mean, low, high, _ = mean_interval(values)
    assert low < mean < high
    assert mean_interval(10 - 2 * values)[:3] == pytest.approx(
        (10 - 2 * mean, 10 - 2 * high, 10 - 2 * low)
    )


def test_equal_values_have_no_spread():
    assert mean_interval(np.full(6, 0.7)) == pytest.approx((0.7, 0.7, 0.7, 6))
    equal = np.full(6, 0.1 + 0.2)
    assert p_values(equal, 0.0) == (0, 1)
    assert p_values(equal, 1.0) == (1, 0)
    assert p_values(equal, 0.1 + 0.2) == (1, 1)


def test_an_interval_ends_where_a_mean_must_end():
    values = [1.0, 1.0, 1.0, 1.0, 1.0, 0.9]
    free, bound = mean_interval(values), mean_interval(values, within=(-1, 1))
    assert free.high > 1 == bound.high
    assert bound.low == free.low


def test_many_samples_at_once_are_as_one_by_one():
    samples = np.random.default_rng(0).exponential(size=(3, 4, 7))
    samples[1, 2] = 0.5
    low, high = interval(samples)
    above, below = p_values(samples, 0.5)
    for i in np.ndindex(3, 4):
        assert (low[i], high[i]) == pytest.approx(interval(samples[i]))
        assert (above[i], below[i]) == pytest.approx(p_values(samples[i], 0.5))


def test_undefined_values_do_not_enter():
    values = [1.0, np.nan, 2.0, 3.0, np.inf, 4.0, 5.0, 6.0]
    assert mean_interval(values) == mean_interval([1.0, 2, 3, 4, 5, 6])
    mean, low, high, n = mean_interval([np.nan])
    assert n == 0
    assert np.isnan([mean, low, high]).all()


def mean_ranks(values):
    return np.array([np.mean([np.sign(v - w) for w in values]) for v in values])


def test_spearman_is_pearson_of_mean_ranks():
    rng = np.random.default_rng(0)
    for _ in range(20):
        x, y = rng.integers(0, 5, (2, 12)).astype(float)
        expected = np.corrcoef(mean_ranks(x), mean_ranks(y))[0, 1]
        assert spearman(x, y) == pytest.approx(expected)
        assert spearman(x, -y) == pytest.approx(-expected)
        assert spearman(np.exp(x), y**3) == pytest.approx(expected)


def test_spearman_leaves_out_pairs_with_an_undefined_side():
    assert spearman([1, 2, np.nan, 3, 4], [1, 2, -9, 3, np.inf]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("x", "y"),
    [([1, 2], [1, 2]), ([1, 1, 1, 1], [1, 2, 3, 4]), ([1, 2, 3], [0, 0, np.nan]), ([], [])],
)
def test_spearman_is_undefined_for_few_or_constant_values(x, y):
    assert np.isnan(spearman(x, y))
