"""From correlations to one sentence of advice. The thresholds are those of the report's answer for our own arms."""

from __future__ import annotations

from collections.abc import Mapping

from replication.analysis.answers import Finding
from replication.analysis.statistics import FEWEST

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


def sentence(found: Finding, estimate: str, quality: str, n: int) -> str:
    """The advice, and what so few seeds cannot tell."""
    text = SENTENCES[found].format(estimate=estimate, quality=quality)
    if n == 1:
        return (f"{text} This is one seed: it cannot tell whether the next one would do the same, nor how far apart "
                f"seeds lie; {FEWEST} seeds give an interval.")  # fmt: skip
    if n < FEWEST:
        return f"{text} {n} seeds agree or not by chance: {FEWEST} give an interval."
    return text
