"""Rank correlation of weighted pairs is that of the pairs written out."""

from __future__ import annotations

import numpy as np
import pytest

from replication.analysis import resampling
from replication.analysis.statistics import spearman


@pytest.mark.parametrize("ties", [False, True])
def test_counts_stand_for_pairs_written_out(ties: bool) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 12))
    if ties:
        x, y = x.round(), y.round()
    counts = rng.multinomial(12, [1 / 12] * 12, size=50)
    found = resampling.spearman(x, y, counts.astype(float))
    written = [spearman(np.repeat(x, own), np.repeat(y, own)) for own in counts]
    np.testing.assert_allclose(found, written, rtol=1e-12)


def test_by_hand() -> None:
    """Ranks of 1, 1, 2, 3 are 1.5, 1.5, 3, 4 against 4, 3, 2, 1: -4.5 / sqrt(4.5 * 5)."""
    (rho,) = resampling.spearman(
        np.array([1.0, 1.0, 2.0, 3.0]), np.array([9.0, 8.0, 7.0, 6.0]), np.ones((1, 4))
    )
    assert rho == pytest.approx(-4.5 / np.sqrt(22.5))


def test_what_has_no_correlation_is_nan() -> None:
    x, y = np.array([0.0, 1.0, 2.0]), np.array([5.0, 6.0, 7.0])
    counts = np.array([[1.0, 1.0, 0.0], [3.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
    two, same, all_three = resampling.spearman(x, y, counts)
    assert np.isnan(two)
    assert np.isnan(same)
    assert all_three == pytest.approx(1)
    assert np.isnan(resampling.spearman(np.empty(0), np.empty(0), np.empty((4, 0)))).all()
