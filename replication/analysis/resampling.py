"""Rank correlation over many bootstrap samples at once. Pure functions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def spearman(x: Floats, y: Floats, counts: Floats) -> Floats:
    """Spearman's correlation of pairs of which each stands in a sample as often as its count says.

    Args:
        x: finite values ``[n]``.
        y: likewise.
        counts: ``[samples, n]``, whole numbers from 0.

    Returns:
        A number in [-1, 1] for each sample; NaN for fewer than three pairs or where one side is constant.
    """
    ranks, pairs = [_ranks(values, counts) for values in (x, y)], counts.sum(1)
    middle = (pairs + 1)[:, None] / 2  # the mean of n ranks, ties or none
    a, b = (counts * (r - middle) for r in ranks)
    with np.errstate(invalid="ignore", divide="ignore"):
        rho = (a * (ranks[1] - middle)).sum(1) / np.sqrt(
            (a * (ranks[0] - middle)).sum(1) * (b * (ranks[1] - middle)).sum(1)
        )
    return np.where(pairs < 3, np.nan, rho)


def _ranks(values: Floats, counts: Floats) -> Floats:
    """The ranks of the values within each sample ``[samples, n]``, ties sharing their mean rank."""
    which = np.unique(values, return_inverse=True)[1]
    tied = np.zeros((len(counts), which.max(initial=-1) + 1))
    np.add.at(tied.T, which, counts.T)
    upto = tied.cumsum(1)
    return (upto - tied + (tied + 1) / 2)[:, which]
