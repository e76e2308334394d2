"""Many claims at once: Holm's correction of the p values of a paper's claims."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from replication.claims.outcome import HOLDS
from replication.claims.verdict import Verdict


def corrected(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts of one paper with `p_holm`; a replicated claim that it does not leave below 5 % says so."""
    adjusted = holm([verdict.p for verdict in verdicts])
    return [_with_holm(verdict, p) for verdict, p in zip(verdicts, adjusted, strict=True)]


def holm(ps: Sequence[float]) -> list[float]:
    """Holm's step-down adjustment (1979): claims with an adjusted p of 5 % or less hold jointly at 5 %.

    Args:
        ps: raw p values; NaN enters no count and stays NaN.
    """
    order = sorted((i for i, p in enumerate(ps) if not math.isnan(p)), key=lambda i: ps[i])
    adjusted, running = [math.nan] * len(ps), 0.0
    for rank, i in enumerate(order):
        running = max(running, min(1.0, (len(order) - rank) * ps[i]))
        adjusted[i] = running
    return adjusted


def _with_holm(verdict: Verdict, p: float) -> Verdict:
    note = verdict.note
    if verdict.verdict in HOLDS and p > 0.05:
        said = f"p = {p:.2g} after Holm's correction for the other claims of the paper"
        note = "; ".join(filter(None, [note, said]))
    return dataclasses.replace(verdict, p_holm=p, note=note)
