"""A claim in words: its verdict, what was found, what the claim asks for, and each of its tests."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from replication.analysis.rules import INCONCLUSIVE, NOT_REPLICATED, NOT_TESTED, REPLICATED
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

KINDS = {
    "exact": "calculation",
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
class ClaimView:
    """A claim with its verdict; texts that do not apply are empty."""

    id: str
    anchor: str
    statement: str
    where: str
    mark: Mark
    share: str
    found: str
    interval: str
    unit: str
    asked: str
    n: str
    p: str
    tier: str
    panel: str
    figure: Link | None
    note: str
    tests: Table


def view(verdict: Verdict, source: Claim | None, shown: set[str]) -> ClaimView:
    """One claim in words; `source` is its entry in paper.yaml."""
    tests = {test.part: test for test in source.tests} if source else {}
    settled = next((p for p in verdict.parts if _key(p) == _key(verdict)), verdict.parts[0])
    tested = verdict.verdict != NOT_TESTED
    measured = sum(part.verdict != NOT_TESTED for part in verdict.parts)
    partial = tested and measured < len(verdict.parts)
    panel = verdict.panel or ""
    return ClaimView(
        id=verdict.id,
        anchor=f"claim-{verdict.id.lower()}",
        statement=verdict.statement,
        where=source.where if source else "",
        mark=MARKS[verdict.verdict],
        share="; ".join(
            filter(
                None,
                [
                    SCALES.get(verdict.tier, "") if tested else "",
                    f"{measured} of {len(verdict.parts)} tests measured" if partial else "",
                ],
            )
        ),
        found=amount(verdict.effect) if tested else "",
        interval=_interval(verdict),
        unit=verdict.unit,
        asked=asked(settled, tests.get(settled.part)),
        n=_n(settled),
        p=_p(verdict.p, verdict.p_holm),
        tier=verdict.tier,
        panel=panel,
        figure=views.link(panel) if panel in shown else None,
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
    return "calculated" if part.kind == "exact" else f"n = {part.n_seeds}"


def _p(raw: float, holm: float) -> str:
    if math.isnan(raw):
        return ""
    return f"p {amount(raw, 2)}" + ("" if math.isnan(holm) else f", Holm {amount(holm, 2)}")


def _tests(verdict: Verdict, tests: Mapping[str, Criterion], needs: str) -> Table:
    """A row per test; of a claim that was not tested, what would be measured."""
    rows = []
    for part in verdict.parts:
        name = f"{part.part.replace('_', ' ')}: " if part.part else ""
        row = [
            Cell(name + part.statistic, f"{KINDS.get(part.kind, part.kind)}, in {part.unit}"),
            Cell(asked(part, tests.get(part.part))),
        ]
        if verdict.verdict != NOT_TESTED:
            mark = MARKS[part.verdict]
            row += [
                Cell(amount(part.effect), _interval(part)),
                Cell(_n(part) or DASH, _p(part.p, math.nan)),
                Cell(f"{mark.glyph} {mark.word}", part.note),
            ]
        rows.append(row)
    columns = ["Statistic", "Asked for", "Found", "n, p", "Verdict"][: len(rows[0])]
    return Table(needs if len(rows) > 1 else "One test.", columns, rows)
