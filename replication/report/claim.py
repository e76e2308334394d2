"""A claim in words: its verdict, what was found, what the claim asks for, and each of its tests."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from replication.claims.outcome import (
    HOLDS,
    INCONCLUSIVE,
    NO_TEST,
    NOT_REACHED,
    NOT_REPLICATED,
    NOT_TESTED,
    REPLICATED,
    REVERSED,
    VERIFIED,
    WEAKER,
    Outcome,
)
from replication.claims.rules import FAILING, WITHOUT_CHANCE
from replication.claims.schema import Claim
from replication.claims.verdict import Verdict
from replication.report import views
from replication.report.tables import DASH, Cell, Table
from replication.report.views import Link
from replication.words import numbers


@dataclass(frozen=True)
class Mark:
    """A verdict as a sign and a word; `style` names its colour. No verdict is told by colour alone."""

    glyph: str
    word: str
    style: str


#: In the order in which they are counted.
MARKS = {
    VERIFIED: Mark("=", VERIFIED, "yes"),
    REPLICATED: Mark("✓", REPLICATED, "yes"),
    WEAKER: Mark("<", WEAKER, "weak"),
    NOT_REPLICATED: Mark("✗", NOT_REPLICATED, "no"),
    REVERSED: Mark("⇄", REVERSED, "no"),
    INCONCLUSIVE: Mark("?", INCONCLUSIVE, "open"),
    NOT_REACHED: Mark("…", NOT_REACHED, "out"),
    NOT_TESTED: Mark("–", NOT_TESTED, "none"),
    NO_TEST: Mark("·", NO_TEST, "none"),
}

#: What a verdict below the paper's own scale speaks of.
SCALES = {"T1": "at toy scale", "T2": "at reduced scale"}

#: What a claim was tested on, in a word.
WORDS = {"T0": "calculation", "T1": "toy", "T2": "images", "T3": "the paper’s own scale"}

KINDS = {
    "exact": "calculation",
    "count": "count",
    "equivalence": "about equal",
    "rate": "share",
    "rate_difference": "difference of shares",
    "paired_rate": "difference of paired shares",
    "zero_failures": "no failure",
}

NEEDS = {
    "all": "All of these tests must hold.",
    "any": "One of these tests must hold.",
    "measured": "All of these tests that were measured must hold.",
}


@dataclass(frozen=True)
class Shown:
    """A panel with evidence on a claim; its files, without suffix, relative to the report's folder."""

    panel: str
    link: Link
    files: str


@dataclass(frozen=True)
class ClaimView:
    """A claim with its verdict; texts that do not apply are empty.

    Found, interval, unit, statistic, asked, n and the first of the figures are those of the test that settled it, which
    `counts` unless a control failed; `others` says what became of its other tests, `elsewhere` of the claim in other
    studies.
    """

    id: str
    anchor: str
    statement: str
    where: str
    study: str
    mark: Mark
    elsewhere: str
    share: str
    counts: bool
    found: str
    interval: str
    unit: str
    statistic: str
    asked: str
    n: str
    p: str
    others: str
    tier: str
    panel: str
    figures: list[Shown]
    note: str
    tests: Table
    controls: Table | None


def view(
    verdict: Verdict, source: Claim | None, shown: set[str], studies: Iterable[Verdict] = ()
) -> ClaimView:
    """One claim in words.

    Args:
        verdict: what became of it.
        source: its entry in paper.yaml; None where the paper no longer has it.
        shown: the panels that can be linked.
        studies: the verdicts of all studies.
    """
    settled = verdict.settled
    panels = _panels(verdict)
    return ClaimView(
        id=verdict.id,
        anchor=f"claim-{verdict.id.lower()}",
        statement=verdict.statement,
        where=source.where if source else "",
        study=verdict.profile,
        mark=MARKS[verdict.verdict],
        elsewhere=_elsewhere(verdict, studies) if settled.tested else "",
        share=_share(verdict) if settled.tested else "",
        counts=not settled.failed,
        found=_found(settled) if settled.tested else "",
        interval=_interval(settled),
        unit=settled.unit,
        statistic=_named(settled),
        asked=asked(settled),
        n=_n(settled),
        p=_ps(verdict),
        others=_others(verdict) if settled.tested else "",
        tier=verdict.tier,
        panel=panels[0] if panels else "",
        figures=[
            Shown(panel, views.link(panel), f"figures/{verdict.profile}/{panel}")
            for panel in panels
            if panel in shown
        ],
        note=verdict.note,
        tests=_tests(verdict, NEEDS[source.needs] if source else ""),
        controls=_controls(verdict),
    )


def _elsewhere(verdict: Verdict, studies: Iterable[Verdict]) -> str:
    """The other studies, each with its verdict."""
    marks = {v.profile: MARKS[v.verdict] for v in studies if v.profile != verdict.profile}
    return ", ".join(f"{name} {mark.glyph} {mark.word}" for name, mark in marks.items())


def asked(outcome: Outcome) -> str:
    """What the number must be for the claim to hold."""
    if outcome.kind == "zero_failures":
        return "no failure"
    threshold = numbers.amount(outcome.threshold)
    if outcome.kind == "equivalence":
        return f"within {threshold} of {numbers.amount(outcome.target)}"
    return f"{outcome.direction} {threshold}"


def against(outcome: Outcome) -> str:
    """The hypothesis that a small p contradicts."""
    if outcome.kind == "equivalence":
        return f"against a difference of {numbers.amount(outcome.threshold)}"
    if outcome.kind == "zero_failures":
        return f"against a failure rate of {numbers.amount(FAILING)}"
    if outcome.kind in ("rate_difference", "paired_rate"):
        return "against equal shares"
    return f"against {numbers.amount(outcome.null)}"


def _panels(verdict: Verdict) -> list[str]:
    """The panels with evidence: of the test that settled the claim, of the claim, of its other tests."""
    named = [verdict.settled.panel, verdict.panel, *(test.panel for test in verdict.outcomes)]
    return list(dict.fromkeys(panel for panel in named if panel))


def _share(verdict: Verdict) -> str:
    """On what scale a verdict was reached, how many of its tests hold, and how many were measured."""
    measured = [outcome for outcome in verdict.outcomes if outcome.tested]
    n, every = len(measured), len(verdict.outcomes)
    held = sum(outcome.verdict in HOLDS for outcome in measured)
    said = [SCALES.get(verdict.tier, "")]
    if verdict.settled.failed:
        return said[0]
    said += [f"{held} of {n} tests {'holds' if held == 1 else 'hold'}"] if n > 1 else []
    said += [f"{n} of {every} tests measured"] if n < every else []
    return "; ".join(filter(None, said))


def _found(outcome: Outcome) -> str:
    """The estimate, rounded as its interval is; what was calculated or counted stands alone."""
    if _interval(outcome):
        return numbers.rounded(outcome.estimate, outcome.low, outcome.high)
    return numbers.amount(outcome.estimate)


def _interval(outcome: Outcome) -> str:
    return numbers.interval(outcome.low, outcome.high, outcome.estimate)


def _n(outcome: Outcome) -> str:
    if not outcome.tested:
        return ""
    if outcome.kind in WITHOUT_CHANCE:
        return "counted" if outcome.kind == "count" else "calculated"
    return f"n = {outcome.n}"


def _p(outcome: Outcome) -> str:
    """A test's p and what it contradicts."""
    return "" if math.isnan(outcome.p) else f"p {numbers.p_value(outcome.p)} {against(outcome)}"


def _ps(verdict: Verdict) -> str:
    """The p of the test that settled a claim; that of all its tests together."""
    single = _p(verdict.settled) if not verdict.settled.failed else ""
    if math.isnan(verdict.p):
        return single
    with_p = [outcome for outcome in verdict.outcomes if not math.isnan(outcome.p)]
    if with_p == [verdict.settled]:
        return single
    joint = f"all tests together p {numbers.p_value(verdict.p)}"
    return "; ".join(filter(None, [single, joint]))


def _named(outcome: Outcome) -> str:
    """What a number is."""
    name = outcome.test.replace("_", " ")
    return f"{name}: {outcome.statistic}" if name else outcome.statistic


def _others(verdict: Verdict) -> str:
    """The other tests that were measured: sign, name, number and interval."""
    return ", ".join(
        f"{MARKS[other.verdict].glyph} {other.test.replace('_', ' ') or 'main test'} {_found(other)}"
        + (f" ({_interval(other)})" if _interval(other) else "")
        for other in verdict.outcomes
        if other.tested and not other.settled
    )


def _tests(verdict: Verdict, needs: str) -> Table:
    """A row per test; of a claim that was not tested, what would be measured."""
    rows = [_row(outcome, verdict.settled.tested) for outcome in verdict.outcomes]
    columns = ["Statistic", "Asked for", "Found", "n, p", "Verdict"][: len(rows[0])]
    return Table(needs if len(rows) > 1 else "One test.", columns, rows)


def _controls(verdict: Verdict) -> Table | None:
    """A row per control of each test, those that fail first; None where there is none."""
    every = dict.fromkeys(control for outcome in verdict.outcomes for control in outcome.controls)
    if not every:
        return None
    rows = [
        [
            Cell(control.what, control.place),
            Cell(f"{control.direction} {numbers.amount(control.threshold)} {control.unit}"),
            Cell(
                numbers.amount(control.value) if not math.isnan(control.value) else "not measured"
            ),
            Cell("yes" if control.holds else "no", "" if control.holds else control.reached_by),
        ]
        for control in sorted(every, key=lambda control: control.holds)
    ]
    caption = "Controls: what the set-up must show first. Where one fails, the test says nothing of the claim."
    return Table(caption, ["Control", "Asked for", "Found", "Holds"], rows)


def _row(outcome: Outcome, with_result: bool) -> list[Cell]:
    kind = KINDS.get(outcome.kind, outcome.kind)
    row = [Cell(_named(outcome), f"{kind}, in {outcome.unit}"), Cell(asked(outcome))]
    if with_result:
        mark = MARKS[outcome.verdict]
        row += [
            Cell(_found(outcome), _interval(outcome)),
            Cell(_n(outcome) or DASH, _p(outcome)),
            Cell(f"{mark.glyph} {mark.word}", outcome.note),
        ]
    return row
