"""A claim in words: its verdict, what was found, what the claim asks for, and each of its tests."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from replication.analysis.rules import (
    FAILING,
    INCONCLUSIVE,
    NOT_REPLICATED,
    NOT_TESTED,
    REPLICATED,
    WITHOUT_CHANCE,
)
from replication.analysis.verdicts import Part, Verdict
from replication.papers._schema import Claim, Criterion
from replication.report import style, views
from replication.report.tables import DASH, Cell, Table
from replication.report.views import Link


@dataclass(frozen=True)
class Mark:
    """A verdict as a sign and a word; `style` names its colour. No verdict is told by colour alone."""

    glyph: str
    word: str
    style: str


MARKS = {
    REPLICATED: Mark("✓", "replicated", "yes"),
    NOT_REPLICATED: Mark("✗", "not replicated", "no"),
    INCONCLUSIVE: Mark("?", "inconclusive", "open"),
    NOT_TESTED: Mark("–", "not tested", "none"),
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
    """A panel with evidence on a claim."""

    panel: str
    link: Link


@dataclass(frozen=True)
class ClaimView:
    """A claim with its verdict; texts that do not apply are empty.

    Found, interval, unit, statistic, asked, n and the first of the figures are those of the test that settled
    it; `others` says what became of its other tests.
    """

    id: str
    anchor: str
    statement: str
    where: str
    mark: Mark
    share: str
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


def view(verdict: Verdict, source: Claim | None, shown: set[str]) -> ClaimView:
    """One claim in words; `source` is its entry in paper.yaml."""
    tests = {test.part: test for test in source.tests} if source else {}
    settled = next((p for p in verdict.parts if _key(p) == _key(verdict)), verdict.parts[0])
    tested = verdict.verdict != NOT_TESTED
    panels = [settled.panel, verdict.panel, *(part.panel for part in verdict.parts)]
    own = list(dict.fromkeys(panel for panel in panels if panel))
    return ClaimView(
        id=verdict.id,
        anchor=f"claim-{verdict.id.lower()}",
        statement=verdict.statement,
        where=source.where if source else "",
        mark=MARKS[verdict.verdict],
        share="; ".join(_share(verdict)) if tested else "",
        found=amount(verdict.effect) if tested else "",
        interval=_interval(verdict),
        unit=verdict.unit,
        statistic=_named(settled),
        asked=asked(settled, tests.get(settled.part)),
        n=_n(settled),
        p=_ps(verdict, settled, tests),
        others=_others(verdict, settled) if tested else "",
        tier=verdict.tier,
        panel=own[0] if own else "",
        figures=[Shown(panel, views.link(panel)) for panel in own if panel in shown],
        note=verdict.note,
        tests=_tests(verdict, tests, NEEDS[source.needs] if source else ""),
    )


def asked(part: Part, test: Criterion | None) -> str:
    """What the number must be for the claim to hold."""
    if part.kind == "zero_failures":
        return "no failure"
    if part.kind == "equivalence":
        return f"within {amount(part.threshold)} of {amount(test.target if test else 0.0)}"
    return f"{part.direction} {amount(part.threshold)}"


def against(part: Part, test: Criterion | None) -> str:
    """The value that a small p speaks against."""
    if test is None or math.isnan(part.p):
        return ""
    if part.kind == "equivalence":
        return f"against a difference of {amount(part.threshold)}"
    if part.kind == "zero_failures":
        return f"against a failure rate of {amount(FAILING)}"
    if part.kind in ("rate_difference", "paired_rate"):
        return "against equal shares"
    return f"against {amount(test.cleared)}"


def amount(value: float, digits: int = 3) -> str:
    """A number to three digits; very small and very large ones as ``2.38·10⁻¹³``."""
    if not math.isfinite(value):
        return DASH if math.isnan(value) else style.number(value, "f").replace("inf", "∞")
    if 999.5 <= abs(value) < 1e6:
        return style.number(value, ",.0f")
    text = style.number(value, f".{digits}g")
    mantissa, _, power = text.partition("e")
    if not power:
        return text
    ten = "10" + f"{int(power.replace('−', '-'))}".translate(
        str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    )
    return ten if mantissa == "1" else f"{mantissa}·{ten}"


def _key(found: Part | Verdict) -> str:
    """What a claim takes over from the test that settled it, as text: NaN equals no NaN."""
    return repr((found.verdict, found.effect, found.ci_low, found.n_seeds, found.unit))


def _interval(found: Part | Verdict) -> str:
    if math.isnan(found.ci_low) or math.isnan(found.ci_high):
        return ""
    return f"{amount(found.ci_low)} to {amount(found.ci_high)}"


def _n(part: Part) -> str:
    if part.verdict == NOT_TESTED:
        return ""
    if part.kind in WITHOUT_CHANCE:
        return "counted" if part.kind == "count" else "calculated"
    return f"n = {part.n_seeds}"


def _p(part: Part, test: Criterion | None) -> str:
    """A test's own p and what it speaks against."""
    return "" if math.isnan(part.p) else f"p {amount(part.p, 2)} {against(part, test)}".rstrip()


def _ps(verdict: Verdict, settled: Part, tests: Mapping[str, Criterion]) -> str:
    """The p of the test that settled a claim; then that of all its tests together, and Holm's of that."""
    own = _p(settled, tests.get(settled.part))
    if math.isnan(verdict.p):
        return own
    alone = own and sum(not math.isnan(part.p) for part in verdict.parts) == 1
    joint = "" if alone else f"all tests together p {amount(verdict.p, 2)}"
    holm = "" if math.isnan(verdict.p_holm) else f"Holm {amount(verdict.p_holm, 2)}"
    after = ", ".join(filter(None, [joint, holm]))
    return (", " if alone else "; ").join(filter(None, [own, after]))


def _share(verdict: Verdict) -> list[str]:
    """On what scale a verdict was reached, how many of its tests hold, and how many were measured."""
    measured = [part for part in verdict.parts if part.verdict != NOT_TESTED]
    n, every = len(measured), len(verdict.parts)
    held = sum(part.verdict == REPLICATED for part in measured)
    said = [SCALES.get(verdict.tier, "")]
    said += [f"{held} of {n} tests {'holds' if held == 1 else 'hold'}"] if n > 1 else []
    said += [f"{n} of {every} tests measured"] if n < every else []
    return list(filter(None, said))


def _named(part: Part) -> str:
    """What a number is."""
    return f"{part.part.replace('_', ' ')}: {part.statistic}" if part.part else part.statistic


def _others(verdict: Verdict, settled: Part) -> str:
    """The other tests that were measured: sign, name, number and interval."""
    said = []
    for part in verdict.parts:
        if part is not settled and part.verdict != NOT_TESTED:
            name, interval = part.part.replace("_", " ") or "main test", _interval(part)
            number = amount(part.effect) + (f" ({interval})" if interval else "")
            said.append(f"{MARKS[part.verdict].glyph} {name} {number}")
    return ", ".join(said)


def _tests(verdict: Verdict, tests: Mapping[str, Criterion], needs: str) -> Table:
    """A row per test; of a claim that was not tested, what would be measured."""
    rows = []
    for part in verdict.parts:
        row = [
            Cell(_named(part), f"{KINDS.get(part.kind, part.kind)}, in {part.unit}"),
            Cell(asked(part, tests.get(part.part))),
        ]
        if verdict.verdict != NOT_TESTED:
            mark = MARKS[part.verdict]
            row += [
                Cell(amount(part.effect), _interval(part)),
                Cell(_n(part) or DASH, _p(part, tests.get(part.part))),
                Cell(f"{mark.glyph} {mark.word}", part.note),
            ]
        rows.append(row)
    columns = ["Statistic", "Asked for", "Found", "n, p", "Verdict"][: len(rows[0])]
    return Table(needs if len(rows) > 1 else "One test.", columns, rows)
