"""What a training signal says of quality beyond what the step says, and late in training.

Quality mostly improves with the step, so a clock, the step negated, has a high rank correlation with it, and so has
anything that falls in time. A signal is worth reading where it says more: given the step, and once the first half of
the progress is made. Pure functions of one run's checkpoints; the mean over runs is `statistics.mean_interval`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from replication.analysis.statistics import Floats, spearman
from replication.analysis.tracking import following

#: Checkpoints with which a correlation is worth computing.
FEWEST_CHECKPOINTS = 5

#: Of the way from its first to its best value, what quality has gone where the late phase begins.
LATE = 0.5


class Worth(NamedTuple):
    """How a signal follows a badness over the checkpoints of a run, beside a clock; NaN where that is undefined.

    Attributes:
        spearman: rank correlation over all checkpoints.
        partial: the same given the step.
        late: the same in the late phase.
        lost: badness at the signal's lowest checkpoint above the lowest badness, as a share of its size.
        clock: what the negated step has for `spearman`.
        clock_late: and for `late`.
        clock_lost: and for `lost`, which is what the last checkpoint costs.
        n: checkpoints.
        n_late: those of the late phase.
    """

    spearman: float
    partial: float
    late: float
    lost: float
    clock: float
    clock_late: float
    clock_lost: float
    n: int
    n_late: int


def worth(step: npt.ArrayLike, signal: npt.ArrayLike, badness: npt.ArrayLike) -> Worth:
    """How a signal follows a badness, beside a clock.

    Args:
        step: ``[checkpoints]``, rising.
        signal: ``[checkpoints]``, finite, lower where one believes to be better.
        badness: ``[checkpoints]``, finite, lower where one is better.
    """
    t, x, y = (np.asarray(values, dtype=np.float64) for values in (step, signal, badness))
    since = late(y)
    enough = since.sum() >= FEWEST_CHECKPOINTS
    return Worth(
        spearman=spearman(x, y),
        partial=partial_spearman(x, y, t),
        late=spearman(x[since], y[since]) if enough else np.nan,
        lost=following(x, y).lost,
        clock=spearman(-t, y),
        clock_late=spearman(-t[since], y[since]) if enough else np.nan,
        clock_lost=following(-t, y).lost,
        n=len(y),
        n_late=int(since.sum()),
    )


def late(badness: npt.ArrayLike, share: float = LATE) -> npt.NDArray[np.bool_]:
    """Which checkpoints belong to the late phase.

    It begins where badness has gone for the first time a share of the way from its first to its best value, and has
    all checkpoints from there on. A run that never improves on its first checkpoint has none.

    Args:
        badness: ``[checkpoints]`` in the order of training, finite, lower where one is better.
        share: of the way.
    """
    y = np.asarray(badness, dtype=np.float64)
    if not len(y) or y.min() == y[0]:
        return np.zeros(len(y), dtype=bool)
    reached = y <= y[0] - share * (y[0] - y.min())
    return np.arange(len(y)) >= reached.argmax()


def partial_spearman(x: npt.ArrayLike, y: npt.ArrayLike, given: npt.ArrayLike) -> float:
    """Rank correlation of what the ranks of a third variable do not say, linearly, of those of two others.

    The same as Kendall's (1942, Biometrika 32) r = (r_xy - r_xz r_yz) / sqrt((1 - r_xz^2) (1 - r_yz^2)) with
    Spearman's coefficients, ties sharing their mean rank.

    Args:
        x: ``[n]``, finite.
        y: likewise.
        given: likewise.

    Returns:
        A number in [-1, 1]; NaN for fewer than four values, where one of the three is constant, and where x or y
        has the order of `given` or its reverse, so that nothing is left.
    """
    values = np.stack([np.asarray(v, dtype=np.float64) for v in (x, y, given)])
    if values.shape[1] < 4 or (np.ptp(values, axis=1) == 0).any():
        return np.nan
    ranks = stats.rankdata(values, axis=1)
    ranks -= ranks.mean(1, keepdims=True)
    left = ranks[:2] - _along(ranks[:2], ranks[2])
    # Centred ranks are halves, so that equal orders leave exactly nothing.
    if not left.any(axis=1).all():
        return np.nan
    return float(np.corrcoef(left)[0, 1])


def _along(rows: Floats, direction: Floats) -> Floats:
    """The part of each row that lies along a direction."""
    part: Floats = np.outer(rows @ direction / (direction @ direction), direction)
    return part
