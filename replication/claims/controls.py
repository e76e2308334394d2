"""Whether the set-up of a test could have shown the effect: its controls, checked. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from replication.claims.criterion import Control

#: By place, an arm or the empty name of an experiment, the number of every seed.
Measured = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Checked:
    """A control and what was found.

    Attributes:
        what: is measured, in `unit`.
        direction: in which the mean over seeds must lie of the threshold, ``at least`` or ``at most``.
        threshold: it.
        place: the arm in which it is worst; empty for an experiment.
        value: the mean over seeds there; NaN where nothing was measured.
        holds: whether the threshold is reached.
        reached_by: what would reach it, in a few words; may be empty.
    """

    what: str
    unit: str
    direction: str
    threshold: float
    place: str
    value: float
    holds: bool
    reached_by: str


def check(control: Control, measured: Measured) -> Checked:
    """Check a control: everywhere the mean over the seeds that gave a number must reach its threshold.

    A control is a gate and no finding, so its mean counts as it is, without an interval.
    """
    sign = 1.0 if control.direction == "at least" else -1.0
    means = {place: _mean(values) for place, values in measured.items()} or {"": math.nan}
    place = min(
        means, key=lambda name: -math.inf if math.isnan(means[name]) else sign * means[name]
    )
    what, unit = control.said
    return Checked(
        what=what,
        unit=unit,
        direction=control.direction,
        threshold=control.threshold,
        place=place,
        value=means[place],
        holds=sign * means[place] >= sign * control.threshold,  # of NaN it is False
        reached_by=control.reached_by,
    )


def _mean(values: Sequence[float]) -> float:
    finite = [value for value in values if not math.isnan(value)]
    return float(np.mean(finite)) if finite else math.nan
