"""Finished runs: what is lost by choosing among them by a signal, and how a signal orders them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from replication.analysis import resampling
from replication.analysis.statistics import spearman

RESAMPLES = 2_000

#: W1 at the end over that of the untrained generator, from which on a run counts as failed.
FAILED = 0.8


class Ordered(NamedTuple):
    """How an estimate orders runs by quality.

    Attributes:
        rho: Spearman's correlation over runs.
        low: of its 95 % interval, by a bootstrap over settings.
        high: likewise.
        above: share of the pairs of a failed and a learned run in which the failed one has the higher estimate; ties
            count half.
        above_low: of its 95 % interval, likewise.
        above_high: likewise.
        runs: of which it is the correlation.
        failed: how many of them failed.
        diverged: runs without a finite estimate or quality, which have no place in an order.
    """

    rho: float
    low: float
    high: float
    above: float
    above_low: float
    above_high: float
    runs: int
    failed: int
    diverged: int


def ordered(runs: pd.DataFrame, signal: str, setting: Sequence[str]) -> Ordered:
    """How a signal orders runs.

    Args:
        runs: columns ``w1``, ``w1_before``, the signal and those of `setting`.
        signal: a column, lower where one believes to be better.
        setting: columns that name what is resampled, with all its seeds.
    """
    sound = np.isfinite(runs["w1"]) & np.isfinite(runs[signal])
    own = runs[sound]
    x, y = own[signal].to_numpy(float), own["w1"].to_numpy(float)
    failed = (own["w1"] >= FAILED * own["w1_before"]).to_numpy()
    times = _resampled(own.groupby(list(setting)).ngroup().to_numpy())
    ends = _ends(resampling.spearman(x, y, times))
    higher = (np.sign(np.subtract.outer(x[failed], x[~failed])) + 1) / 2
    above = float(higher.mean()) if higher.size else np.nan
    counts = len(own), int(failed.sum()), int((~sound).sum())
    drawn = _weighted(higher, times[:, failed], times[:, ~failed])
    return Ordered(spearman(x, y), *ends, above, *_ends(drawn), *counts)


def _resampled(group: NDArray[np.int64]) -> NDArray[np.float64]:
    """How often each run is in each of `RESAMPLES` bootstraps over groups, [resamples, runs]."""
    names, which = np.unique(group, return_inverse=True)
    rng = np.random.default_rng(0)
    chosen = rng.integers(max(len(names), 1), size=(RESAMPLES, len(names)))
    times = np.stack([np.bincount(own, minlength=len(names)) for own in chosen])
    return times[:, which].astype(np.float64)


def _weighted(
    values: NDArray[np.float64], rows: NDArray[np.float64], columns: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The mean of values [a, b] under each pair of weights [n, a] and [n, b]; NaN where they leave none."""
    pairs = rows.sum(1) * columns.sum(1)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.einsum("na,ab,nb->n", rows, values, columns) / pairs)


def _ends(drawn: NDArray[np.float64]) -> tuple[float, float]:
    """A 95 % interval of resampled numbers; NaN where too few runs have a place in an order."""
    known = drawn[np.isfinite(drawn)]
    low, high = np.quantile(known, [0.025, 0.975]) if known.size else (np.nan, np.nan)
    return float(low), float(high)


def lost(signal: pd.Series, badness: pd.Series) -> float:
    """Badness at the signal's lowest value above the lowest badness, in percent; without a signal that of the worst."""
    sound = np.isfinite(badness)
    if not sound.any():
        return float("nan")
    best, worst = badness[sound].min(), badness[sound].max()
    known = signal[np.isfinite(signal)]
    if known.empty:
        return float(100 * (worst / best - 1))
    chosen = badness[known.idxmin()]
    return float(100 * ((chosen if np.isfinite(chosen) else worst) / best - 1))
