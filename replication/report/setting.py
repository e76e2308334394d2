"""A claim in one setting of a study, in words: what was found, the threshold, each of its tests and controls."""

from __future__ import annotations

import math
from dataclasses import dataclass

from markupsafe import Markup

from replication.analysis import labels
from replication.claims.claim import Claim
from replication.claims.outcome import HOLDS, Outcome
from replication.claims.verdict import Verdict
from replication.report import gauge, marks, views
from replication.report.marks import MARKS, Mark
from replication.report.tables import DASH, Cell, Table
from replication.report.views import Link
from replication.words import numbers

NEEDS = {
    "all": "All of these tests must hold.",
    "any": "One of these tests must hold.",
}


@dataclass(frozen=True)
class Shown:
    """A panel with evidence on a claim; its files, without suffix, relative to the report's folder."""

    panel: str
    link: Link
    files: str


@dataclass(frozen=True)
class SettingView:
    """A claim in one setting of a study; texts that do not apply are empty.

    Found, interval, unit, statistic (with its name and arm), measure (without), strength (`marks.strength`), gauge,
    asked, n and the first of the figures are those of the test that settled it, which `counts` unless a control failed,
    the first of which is `lacking`; `others` says what became of its other tests.
    """

    setting: str
    study: str
    verdict: str
    mark: Mark
    share: str
    counts: bool
    found: str
    interval: str
    unit: str
    statistic: str
    measure: str
    strength: float
    gauge: Markup
    asked: str
    n: str
    p: str
    others: str
    figures: list[Shown]
    lacking: str
    note: str
    tests: Table
    stated: list[str]
    controls: Table | None

    @property
    def place(self) -> str:
        """``2-D, study laptop``."""
        return f"{self.setting}, study {self.study}"


def in_setting(verdict: Verdict, source: Claim | None, shown: set[str]) -> SettingView:
    """A claim in one setting of a study, in words; the arguments are those of `claim.view`."""
    settled = verdict.settled
    return SettingView(
        setting=verdict.setting,
        study=verdict.profile,
        verdict=verdict.verdict,
        mark=MARKS[verdict.verdict],
        share=_share(verdict) if settled.tested else "",
        counts=not settled.failed,
        found=marks.found(settled) if settled.tested else "",
        interval=marks.interval(settled),
        unit=settled.unit,
        statistic=marks.named(settled) + (f"; {labels.arm(settled.arm)}" if settled.arm else ""),
        measure=settled.statistic,
        strength=marks.strength(settled),
        gauge=gauge.of_claim(settled) if settled.tested else Markup(),
        asked=marks.asked(settled),
        n=marks.count(settled),
        p=_ps(verdict),
        others=_others(verdict) if settled.tested else "",
        figures=[
            Shown(panel, views.link(panel), f"figures/{verdict.profile}/{panel}")
            for panel in _panels(verdict)
            if panel in shown
        ],
        lacking=_lacking(settled),
        note=verdict.note,
        tests=_tests(verdict, source),
        stated=_stated(verdict, source),
        controls=_controls(verdict),
    )


def _lacking(settled: Outcome) -> str:
    """The first control that failed, and how many more did."""
    if not settled.failed:
        return ""
    first, *more = settled.failed
    found = "not measured" if math.isnan(first.value) else numbers.amount(first.value)
    said = f"{first.what}: {found}, needed {first.direction} {numbers.amount(first.threshold)}"
    return f"{said}; {len(more)} more {'fail' if len(more) > 1 else 'fails'}" if more else said


def _panels(verdict: Verdict) -> list[str]:
    """The panels with evidence: of the test that settled the claim, and of its other tests in the setting."""
    named = [verdict.settled.panel, *(test.panel for test in verdict.outcomes)]
    return list(dict.fromkeys(panel for panel in named if panel))


def _share(verdict: Verdict) -> str:
    """How many of its tests in the setting hold, and how many were measured."""
    measured = [outcome for outcome in verdict.outcomes if outcome.tested]
    n, every = len(measured), len(verdict.outcomes)
    held = sum(outcome.verdict in HOLDS for outcome in measured)
    if verdict.settled.failed:
        return ""
    said = [f"{held} of {n} tests {'holds' if held == 1 else 'hold'}"] if n > 1 else []
    said += [f"{n} of {every} tests measured"] if n < every else []
    return "; ".join(said)


def _ps(verdict: Verdict) -> str:
    """The p of the test that settled a claim; that of all its tests together."""
    single = marks.p(verdict.settled) if not verdict.settled.failed else ""
    if math.isnan(verdict.p):
        return single
    with_p = [outcome for outcome in verdict.outcomes if not math.isnan(outcome.p)]
    if with_p == [verdict.settled]:
        return single
    joint = f"all tests together p {numbers.p_value(verdict.p)}"
    return "; ".join(filter(None, [single, joint]))


def _others(verdict: Verdict) -> str:
    """The other tests that were measured: sign, name, number and interval."""
    return ", ".join(
        f"{MARKS[other.verdict].glyph} {other.test.replace('_', ' ') or 'main test'} {marks.found(other)}"
        + (f" ({marks.interval(other)})" if marks.interval(other) else "")
        for other in verdict.outcomes
        if other.tested and not other.settled
    )


def _tests(verdict: Verdict, source: Claim | None) -> Table:
    """A row per test; of a claim that was not tested, what would be measured."""
    with_result = verdict.settled.tested
    rows = [_row(outcome, with_result) for outcome in verdict.outcomes]
    columns = ["Statistic", "Threshold"]
    columns += ["Found", "n, p", "Verdict"] if with_result else []
    needs = NEEDS[source.needs] if source else ""
    return Table(needs if len(rows) > 1 else "One test.", columns, rows)


def _stated(verdict: Verdict, source: Claim | None) -> list[str]:
    """Of its tests in the setting why they have their thresholds, and when they were written down; each once."""
    if source is None:
        return []
    own = {outcome.test for outcome in verdict.outcomes}
    tests, said = [test for test in source.tests if test.part in own], []
    for test in tests:
        name = f" ({test.part.replace('_', ' ')})" if len(tests) > 1 else ""
        said.append(f"Why this threshold{name}: {test.reason}.")
    for test in tests:
        written = source.registration(test)
        changed = f" Changed since: {written.changed}." if written.changed else ""
        said.append(f"Written down on {written.on}; results seen by then: {written.seen}.{changed}")
    return list(dict.fromkeys(said))


def _row(outcome: Outcome, with_result: bool) -> list[Cell]:
    kind = marks.KINDS.get(outcome.kind, outcome.kind)
    over = f", over {outcome.over}" if outcome.over else ""
    row = [
        Cell(marks.named(outcome), f"{kind}, in {outcome.unit}{over}"),
        Cell(marks.asked(outcome)),
    ]
    if with_result:
        said = "; ".join(filter(None, [labels.arm(outcome.arm), outcome.note]))
        row += [
            Cell(marks.found(outcome), marks.interval(outcome)),
            Cell(marks.count(outcome) or DASH, marks.p(outcome)),
            Cell(str(MARKS[outcome.verdict]), said),
        ]
    return row


def _controls(verdict: Verdict) -> Table | None:
    """A row per control of each test, those that fail first; None where there is none."""
    every = dict.fromkeys(control for outcome in verdict.outcomes for control in outcome.controls)
    if not every:
        return None
    rows = [
        [
            Cell(control.what, labels.arm(control.place)),
            Cell(f"{control.direction} {numbers.amount(control.threshold)} {control.unit}"),
            Cell(
                numbers.amount(control.value) if not math.isnan(control.value) else "not measured"
            ),
            Cell("yes" if control.holds else "no", "" if control.holds else control.reached_by),
        ]
        for control in sorted(every, key=lambda control: control.holds)
    ]
    caption = "Controls: what the set-up must show first. Where one fails, the test says nothing of the claim."
    return Table(caption, ["Control", "Needed", "Found", "Holds"], rows)
