"""What a signal says beyond a clock and late in training, against forms written out and numbers by hand."""

import numpy as np
import pytest
from scipy import stats

from replication.analysis.signals import late, partial_spearman, worth


def kendall_1942(x, y, z):
    """The partial coefficient from the three pairwise ones."""
    xy, xz, yz = (stats.spearmanr(*pair).statistic for pair in ((x, y), (x, z), (y, z)))
    return (xy - xz * yz) / np.sqrt((1 - xz**2) * (1 - yz**2))


@pytest.mark.parametrize("seed", range(10))
def test_partial_correlation_is_kendalls_form_with_and_without_ties(seed):
    rng = np.random.default_rng(seed)
    z = np.arange(15.0)
    x, y = rng.normal(size=(2, 15)) + 0.2 * z
    assert partial_spearman(x, y, z) == pytest.approx(kendall_1942(x, y, z))
    tied = np.round(x)
    assert partial_spearman(tied, y, z) == pytest.approx(kendall_1942(tied, y, z))


def test_partial_correlation_by_hand():
    # Of ranks 1 2 3 4: rho_xy = .8 (one neighbouring pair swapped), rho_xz = .8, rho_yz = .6.
    x, y, z = [1, 2, 3, 4], [1, 2, 4, 3], [2, 1, 3, 4]
    assert partial_spearman(x, y, z) == pytest.approx((0.8 - 0.8 * 0.6) / np.sqrt(0.36 * 0.64))


def test_the_common_trend_of_two_noises_is_taken_out():
    """Over many runs the plain coefficient is far from 0 and the partial one is 0."""
    rng, t = np.random.default_rng(0), np.arange(20.0)
    pairs = rng.normal(size=(400, 2, 20)) * 3 + t
    plain = np.mean([stats.spearmanr(x, y).statistic for x, y in pairs])
    partial = [partial_spearman(x, y, t) for x, y in pairs]
    assert plain > 0.6
    assert abs(np.mean(partial)) < 4 * np.std(partial) / 20


def test_nothing_is_left_of_what_only_follows_the_step():
    t, noise = np.arange(8.0), np.random.default_rng(0).normal(size=8)
    for x, y in ((np.exp(-t), noise), (noise, t**3), (np.exp(-t), -t), (np.ones(8), noise)):
        assert np.isnan(partial_spearman(x, y, t))
    assert np.isnan(partial_spearman([1, 3, 2], [2, 1, 3], [1, 2, 3]))
    assert partial_spearman(noise, noise, t) == pytest.approx(1)
    assert partial_spearman(noise, -noise, t) == pytest.approx(-1)


def test_the_late_phase_begins_half_of_the_way_and_has_all_that_follows():
    # From 10 to 2: half of the way is 6, first reached at the third; the fourth is back above it and stays in.
    assert late([10, 7, 6, 8, 2, 5]).tolist() == [False, False, True, True, True, True]
    # A first value that is passed at once is no part of it, and negative values are as good.
    assert late([-1, -9, -2]).tolist() == [False, True, True]
    assert not late([1.0, 1.0, 2.0]).any()
    assert not late([]).any()


def test_worth_by_hand():
    """Quality: five early checkpoints, five late ones (from 5 on); the signal follows early and turns round late."""
    badness = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    signal = [20, 19, 18, 17, 16, 11, 12, 13, 14, 15]
    found = worth(np.arange(10), signal, badness)
    assert (found.n, found.n_late) == (10, 5)
    # Ranks of the late five turned round: sum of squared differences 16 + 4 + 0 + 4 + 16.
    assert found.spearman == pytest.approx(1 - 6 * 40 / (10 * 99))
    assert found.late == pytest.approx(-1)
    assert np.isnan(found.partial)  # quality is a clock
    assert (found.clock, found.clock_late) == pytest.approx((1, 1))
    assert found.lost == pytest.approx((5 - 1) / 1)
    assert found.clock_lost == 0


def test_a_late_phase_of_four_checkpoints_is_too_short():
    badness = [10, 9, 8, 7, 6, 5, 3, 2, 1]
    found = worth(np.arange(9), badness, badness)
    assert found.n_late == 4
    assert np.isnan(found.late)
    assert np.isnan(found.clock_late)
