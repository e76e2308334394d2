"""A paper's numbers beside ours: which of our scores answers to a number, and whether the two may be compared."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from replication.analysis import labels
from replication.claims.schema import Headline
from replication.figures import names
from replication.figures.names import Arm
from replication.figures.results import Frames
from replication.metrics._base import describe
from replication.plan.study import kind
from replication.report.tables import DASH, Cell, Table
from replication.words import numbers

#: The metrics that words of a paper's number mean, the first match counts; and on which kind of data.
MEANS = (
    (r"\bmodes\b", ("modes", "high_quality", "reverse_kl"), "points"),
    (r"Parzen", ("parzen",), "images"),
    (r"\bInception score\b", ("inception_score",), "images"),
    (r"\bKID\b.*\bFID\b|\bFID\b.*\bKID\b", (), "images"),
    (r"\bFID\b", ("fid",), "images"),
)

#: The estimate of a critic has the unit of its scores: only how far it falls can be compared. By the generator that a
#: paper names, how the names of our nets begin.
ESTIMATES = {
    "estimate of the DCGAN generator": ("wgan_clip", "dcgan"),
    "estimate of the perceptron generator": ("wgan_clip", "mlp"),
}

CAPTION = "Each number with the protocol without which it means nothing, and the best arm of ours that answers to it."


@dataclass(frozen=True)
class Ours:
    """A number of ours, what it is of, and whether it may be compared with the paper's."""

    value: str
    of: str
    comparable: str


NOTHING = Ours(DASH, "not measured here", DASH)


def table(headline: Sequence[Headline], methods: set[str], studies: Sequence[Frames]) -> Table:
    """Paper, ours, comparable or not: a row for each number that a paper reports.

    Args:
        headline: those numbers.
        methods: whose recipe comes from the paper; where there is none, all.
        studies: their results, the largest last.
    """
    rows = []
    for one in headline:
        ours = _ours(one, methods, studies)
        rows.append(
            [
                Cell(one.what, one.protocol),
                Cell(one.value, one.source),
                Cell(ours.value, ours.of),
                Cell(ours.comparable),
            ]
        )
    return Table(CAPTION, ["Quantity", "Paper", "Ours", "Comparable?"], rows)


def _ours(one: Headline, methods: set[str], studies: Sequence[Frames]) -> Ours:
    said = f"{one.what} {one.value}"
    for words, (method, net) in ESTIMATES.items():
        if words in one.what and method in methods:
            return _fall(method, net, studies)
    for pattern, stems, of in MEANS:
        if re.search(pattern, said, re.I):
            return _best(one, stems, of, methods, studies)
    return NOTHING


def _best(
    one: Headline, stems: Sequence[str], of: str, methods: set[str], studies: Sequence[Frames]
) -> Ours:
    """The best arm by the first of some metrics, in the largest study that has one."""
    place = next((word for word in ("ring", "grid") if of == "points" and word in one.what), "")
    for frames in reversed(studies):
        metrics = frames.metrics(*stems[:1])
        arms = [
            arm
            for arm in frames.arms
            if kind(arm.dataset) == of
            and place in arm.dataset
            and (arm.method in methods or not methods)
        ]
        ranked = sorted(
            (rank, arm) for arm in arms if not math.isnan(rank := _rank(frames, arm, metrics))
        )
        if ranked:
            return _said(frames, ranked[0][1], frames.metrics(*stems))
    return NOTHING


def _rank(frames: Frames, arm: Arm, metrics: Sequence[str]) -> float:
    """The first of some metrics of an arm, less is better; NaN where it was not measured."""
    for metric in metrics:
        rows = names.rows_of(frames.summary[frames.summary["metric"] == metric], arm)
        if len(rows):
            value = float(rows["mean"].iloc[0])
            return value if names.metric(metric).direction == "lower" else -value
    return math.nan


def _said(frames: Frames, arm: Arm, metrics: Sequence[str]) -> Ours:
    own = names.rows_of(frames.summary, arm).set_index("metric")
    known = [m for m in metrics if m in own.index]
    values = [f"{names.metric(m).label} {_estimate(own.loc[m])}" for m in known]
    data = names.dataset_label(arm.dataset)
    of = f"{names.arm_label(arm, frames.arms)} on {data}, study {frames.study.name}"
    if kind(arm.dataset) == "points":
        return Ours("; ".join(values), of, "in kind: the same measures; nets and steps differ")
    protocol = labels.protocol(describe(known[0], frames.protocol(arm.dataset)))
    return Ours("; ".join(values), of, f"no: ours is {protocol} on {data}")


def _estimate(row: pd.Series) -> str:
    return numbers.estimate(row["mean"], row["ci_low"], row["ci_high"])


def _fall(method: str, net: str, studies: Sequence[Frames]) -> Ours:
    """How far a method's estimate falls, of the arm on such nets with the best FID, in the largest study with one."""
    for frames in reversed(studies):
        arms = [
            arm
            for arm in frames.arms
            if (arm.method, kind(arm.dataset)) == (method, "images") and arm.net.startswith(net)
        ]
        ranked = [(_rank(frames, arm, frames.metrics("fid")), arm) for arm in arms]
        if ranked := sorted((rank, arm) for rank, arm in ranked if not math.isnan(rank)):
            arm = ranked[0][1]
            course = names.rows_of(frames.curves, arm).groupby("step")["estimate_heldout"].median()
            top, last = float(course.max()), float(course.iloc[-1])
            fall = numbers.amount(top / last, 2) if top > last > 0 else numbers.MISSING
            value = f"from {numbers.amount(top)} to {numbers.amount(last)} (÷ {fall})"
            label, data = names.arm_label(arm, frames.arms), names.dataset_label(arm.dataset)
            unit = "the ratio only: the unit is that of the critic’s scores"
            return Ours(value, f"{label} on {data}, median over seeds, highest and last", unit)
    return NOTHING
