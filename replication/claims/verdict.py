"""What became of a claim in one setting of a study: the record that claims.json keeps and the report shows."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from replication.claims.controls import Checked
from replication.claims.outcome import Outcome


@dataclass(frozen=True)
class Verdict:
    """What became of a claim in one setting of a study.

    Attributes:
        setting: one of `outcome.SETTINGS`.
        p: raw, of all tests together: the largest where all must hold. NaN where no test has one.
        panel: the claim's own; a test's may be another (`Outcome.panel`).
        note: of the tests that settled it, why they cannot decide and what else a reader must know; of what was
            not tested, which study would test it.
        outcomes: of all its tests in the setting.
    """

    id: str
    paper: str
    statement: str
    setting: str
    verdict: str
    p: float
    profile: str
    panel: str | None
    note: str
    outcomes: tuple[Outcome, ...]

    @property
    def settled(self) -> Outcome:
        """The outcome from which the claim took its verdict."""
        return next(outcome for outcome in self.outcomes if outcome.settled)

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Verdict:
        """A row of claims.json; its nulls are NaN, but for the name of a panel."""
        outcomes = tuple(_read(outcome) for outcome in row["outcomes"])
        return cls(**{**_with_nan(row), "outcomes": outcomes})


def plain(verdict: Verdict) -> dict[str, Any]:
    """A verdict as claims.json holds it; `Verdict.read` reads it again."""
    row: dict[str, Any] = _plain(dataclasses.asdict(verdict))
    return row


def _read(row: Mapping[str, Any]) -> Outcome:
    controls = tuple(Checked(**_with_nan(control)) for control in row["controls"])
    return Outcome(**{**_with_nan(row), "controls": controls})


def _with_nan(row: Mapping[str, Any]) -> dict[str, Any]:
    return {k: math.nan if v is None and k != "panel" else v for k, v in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value + 0.0:.6g}") if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
