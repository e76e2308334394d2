"""From correlations to one sentence of advice. The thresholds are those of the report's answer for our own arms."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from replication.analysis.statistics import FEWEST, Interval
from replication.report import reading

Finding = Literal["signal", "hint", "early", "clock", "nothing", "reversed", "undecided"]

#: What to do, by what was found.
SENTENCES: Mapping[Finding, str] = {
    "signal": "Read it: {estimate} falls as {quality} improves, also given the step and late in training.",
    "hint": "Take it as a hint, not as a stopping rule: {estimate} says something of {quality} that the step does "
    "not say, but it is often wrong; measure {quality} before you choose a checkpoint.",
    "early": "Read it to see whether training gets going, not to decide when to stop: once {quality} has gone half of "
    "its way, {estimate} says nothing of it; measure {quality} from there on.",
    "clock": "Do not read it as more than a clock: {estimate} and {quality} both move with the step, and nothing "
    "here shows that {estimate} says more of {quality} than the step does; measure {quality}.",
    "nothing": "Do not read it: {estimate} says nothing of {quality}; measure {quality}.",
    "reversed": "Do not read it as a distance: {estimate} rises while {quality} improves; if that is what it should "
    "do, ask again with --negate (in Python negate=True).",
    "undecided": "Do not rely on it yet: these runs cannot tell whether {estimate} says more of {quality} than the "
    "step does; log more checkpoints or train more seeds.",
}  # fmt: skip


def finding(means: Mapping[str, Interval], n: int) -> Finding:
    """What the correlations say together.

    Args:
        means: over seeds, by the names of `replication.analysis.signals.Worth`.
        n: seeds.
    """
    whole, given, late = (_answer(means[name], n) for name in ("spearman", "partial", "late"))
    if whole == "The wrong way":
        return "reversed"
    if whole == "No":
        return "hint" if late == "Yes" and given in ("Yes", "Partly") else "nothing"
    if whole not in ("Yes", "Partly"):
        return "undecided"
    if late in ("No", "The wrong way"):
        return "early"
    if given in ("No", "The wrong way", ""):
        return "clock"
    if given == "Cannot tell" or late == "Cannot tell":
        return "undecided"
    return "signal" if {whole, given} == {"Yes"} and late in ("Yes", "") else "hint"


def sentence(found: Finding, estimate: str, quality: str, n: int) -> str:
    """The advice, and what so few seeds cannot tell."""
    text = SENTENCES[found].format(estimate=estimate, quality=quality)
    if n == 1:
        return (f"{text} This is one seed: it cannot tell whether the next one would do the same, nor how far apart "
                f"seeds lie; {FEWEST} seeds give an interval.")  # fmt: skip
    if n < FEWEST:
        return f"{text} {n} seeds agree or not by chance: {FEWEST} give an interval."
    return text


def _answer(found: Interval, n: int) -> str:
    """As `reading.verdict` has it; of too few seeds by the mean alone, and empty where most seeds have no value.

    A mean of few seeds between the thresholds is "Partly".
    """
    if 2 * found.n < n or math.isnan(found.mean):
        return ""
    if not math.isnan(found.low):
        return reading.verdict(found.mean, found.low, found.high)
    if found.mean >= reading.HIGH_MEAN:
        return "Yes"
    if found.mean <= -reading.LOW_HIGH:
        return "The wrong way"
    return "No" if found.mean < reading.LOW_HIGH else "Partly"
