"""Intervals over seeds and rank correlation, against enumeration, simulation and naive forms."""

import itertools

import numpy as np
import pytest
from scipy import stats

from replication.analysis.statistics import (
    bca_interval,
    mean_interval,
    sign_flip_interval,
    spearman,
)


def p_value(values, centre):
    """Two-sided sign-flip test of the mean, by going through all 2^n sign vectors."""
    deviations = values - centre
    signs = np.array(list(itertools.product([-1, 1], repeat=len(values))))
    return np.mean(np.abs(signs @ deviations) >= abs(deviations.sum()) - 1e-12)


@pytest.mark.parametrize("n", [6, 7, 8, 9])
@pytest.mark.parametrize("level", [0.95, 0.9])
def test_sign_flip_interval_is_what_enumeration_does_not_reject(n, level):
    values = np.random.default_rng(n).standard_t(3, n)
    low, high = sign_flip_interval(values, level)
    inside = np.linspace(low, high, 41)
    outside = [*(low - np.geomspace(1e-6, 3, 9)), *(high + np.geomspace(1e-6, 3, 9))]
    assert all(p_value(values, centre) > 1 - level for centre in inside)
    assert all(p_value(values, centre) <= 1 - level for centre in outside)


@pytest.mark.parametrize(("n", "exact"), [(6, 1 - 2 / 64), (7, 1 - 6 / 128)])
@pytest.mark.parametrize("noise", ["normal", "laplace", "unequal"])
def test_sign_flip_interval_has_its_exact_coverage_for_any_symmetric_noise(n, exact, noise):
    rng = np.random.default_rng(1)
    draw = rng.laplace if noise == "laplace" else rng.normal
    samples = 2.5 + draw(size=(4000, n)) * (np.arange(1, n + 1) if noise == "unequal" else 1)
    bounds = np.array([sign_flip_interval(sample) for sample in samples])
    covered = ((bounds[:, 0] <= 2.5) & (2.5 <= bounds[:, 1])).mean()
    assert exact >= 0.95
    assert abs(covered - exact) < 4 * np.sqrt(exact * (1 - exact) / len(samples))


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_no_interval_where_the_test_cannot_reject(n):
    values = np.arange(1.0, n + 1)
    assert min(p_value(values, c) for c in (-1e6, 1e6)) == 2 / 2**n > 0.05
    mean, low, high, count = mean_interval(values)
    assert (mean, count) == (values.mean(), n)
    assert np.isnan([low, high]).all()


def test_six_values_give_their_range():
    assert mean_interval([3, 1, 4, 1.5, 9, 2.6]) == pytest.approx((21.1 / 6, 1, 9, 6))


@pytest.mark.parametrize("n", [6, 7, 8, 20])
def test_interval_moves_and_stretches_with_the_values(n):
    values = np.random.default_rng(n).gumbel(size=n)
    mean, low, high, _ = mean_interval(values)
    assert low < mean < high
    assert mean_interval(10 - 2 * values)[:3] == pytest.approx(
        (10 - 2 * mean, 10 - 2 * high, 10 - 2 * low), rel=0.02
    )
    assert mean_interval(np.full(n, 0.7)) == pytest.approx((0.7, 0.7, 0.7, n))


def naive_bca(values, level, rng):
    """Efron 1987, sec. 3, with the acceleration from the jackknife."""
    means = rng.choice(values, (100_000, len(values))).mean(1)
    bias = stats.norm.ppf(np.mean(means < values.mean()) + np.mean(means == values.mean()) / 2)
    jack = np.array([np.delete(values, i).mean() for i in range(len(values))])
    skew = jack.mean() - jack
    a = (skew**3).sum() / (6 * (skew**2).sum() ** 1.5)
    z = bias + stats.norm.ppf([(1 - level) / 2, (1 + level) / 2])
    return np.quantile(means, stats.norm.cdf(bias + z / (1 - a * z)))


@pytest.mark.parametrize("n", [8, 15])
def test_eight_values_or_more_use_bca_with_fixed_draws(n):
    values = np.random.default_rng(n).exponential(size=n)
    _, low, high, _ = mean_interval(values)
    expected = naive_bca(values, 0.95, np.random.default_rng(5))
    percentile = np.quantile(
        np.random.default_rng(5).choice(values, (100_000, n)).mean(1), [0.025, 0.975]
    )
    assert np.abs([low, high] - expected).max() < 0.03 * (high - low)
    assert np.abs(percentile - expected).max() > 0.06 * (high - low)  # the test can tell them apart
    assert bca_interval(values) == (low, high)


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
