"""The board of verdicts: results/claims.json in words, with what decided each claim."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from replication.analysis.rules import INCONCLUSIVE, NOT_REPLICATED, NOT_TESTED, REPLICATED
from replication.analysis.verdicts import CLAIMS, Part, Verdict
from replication.papers import _schema
from replication.report import claim, pages, views
from replication.report.budget import Fact
from replication.report.claim import MARKS, ClaimView, Mark
from replication.report.panels import MissingResult
from replication.report.views import Link, Paper

#: Decided claims first, then those that the seeds could not decide.
TESTED = ((REPLICATED, NOT_REPLICATED), (INCONCLUSIVE,))

RULE = [
    Fact("✓ Replicated", "the estimate reaches the threshold, and its 95 % interval over seeds excludes no effect; for "
                         "“about equal”, the 90 % interval lies inside the margins"),
    Fact("✗ Not replicated", "the whole interval falls short of the threshold"),
    Fact("? Inconclusive", "tested, and neither of the two; the note says why, and how many seeds could tell"),
    Fact("– Not tested", "this budget is too small for it, or nothing measures it yet"),
    Fact("Scale", "T0: a calculation, one number without an interval. T1: a toy, minutes on a CPU. T2: images of "
                  "28 × 28 pixels, reduced. T3: the paper’s own scale"),
    Fact("Numbers", "the estimate, in brackets its 95 % interval, the unit, and what the claim asks for; n counts "
                    "seeds, or runs where a share of runs is claimed; p is two-sided, and Holm’s is corrected for "
                    "the claims of the same paper"),
]  # fmt: skip


@dataclass(frozen=True)
class PaperClaims:
    """The claims of a paper, decided ones first."""

    paper: Paper
    short: str
    page: str
    counts: dict[str, int]
    tested: list[ClaimView]
    untested: list[ClaimView]

    @property
    def line(self) -> str:
        """``2 replicated, 1 not replicated, 9 not tested``."""
        return ", ".join(f"{n} {MARKS[verdict].word}" for verdict, n in self.counts.items() if n)


@dataclass(frozen=True)
class Board:
    """All verdicts."""

    line: str
    marks: list[Mark]
    papers: list[PaperClaims]

    @property
    def tested(self) -> list[ClaimView]:
        """Every claim that was tested."""
        return [one for paper in self.papers for one in paper.tested]

    def by_panel(self) -> dict[str, list[Link]]:
        """The claims that each panel speaks of, as far as they were tested."""
        links: dict[str, list[Link]] = {}
        for paper in self.papers:
            for one in paper.tested:
                mark = f"{one.mark.glyph} {one.mark.word}"
                place = Link(one.id, paper.page, one.anchor, mark)
                links.setdefault(one.panel, []).append(place)
        return links


def board(panels: Iterable[str]) -> Board:
    """Read results/claims.json.

    Args:
        panels: those of the study; a claim's panel is linked where it is one of them.

    Raises:
        MissingResult: there is no such file; the message names the command that makes it.
    """
    verdicts, shown = read(), set(panels)
    known = _schema.papers()
    sources = {one.id: one for one in _schema.all_claims(known.values())}
    papers = []
    for name in sorted({v.paper for v in verdicts}, key=pages.by_year):
        own = [v for v in verdicts if v.paper == name]
        say = [(v.verdict, claim.view(v, sources.get(v.id), shown)) for v in own]
        counts = Counter(verdict for verdict, _ in say)
        papers.append(
            PaperClaims(
                paper := views.paper_of(name),
                known[name].citation.short if name in known else paper.short,
                pages.of(name),
                {verdict: counts[verdict] for verdict in MARKS},
                [view for group in TESTED for verdict, view in say if verdict in group],
                [view for verdict, view in say if verdict == NOT_TESTED],
            )
        )
    return Board(line(verdicts), list(MARKS.values()), papers)


def read() -> list[Verdict]:
    """The verdicts of results/claims.json, its nulls as NaN."""
    if not CLAIMS.exists():
        raise MissingResult(f"{CLAIMS}: no such file; make it with: replication claims")
    rows = json.loads(CLAIMS.read_text(encoding="utf-8"))
    return [
        Verdict(**{**_numbers(row), "parts": tuple(Part(**_numbers(p)) for p in row["parts"])})
        for row in rows
    ]


def _numbers(row: Mapping[str, Any]) -> dict[str, Any]:
    """JSON has no NaN; an absent panel stays None."""
    return {k: math.nan if v is None and k != "panel" else v for k, v in row.items()}


def line(verdicts: list[Verdict]) -> str:
    """How many claims are decided, and how."""
    n = Counter(v.verdict for v in verdicts)
    decided = n[REPLICATED] + n[NOT_REPLICATED]
    said = (
        f"{decided} of {len(verdicts)} claims decided: {n[REPLICATED]} replicated, "
        f"{n[NOT_REPLICATED]} not replicated."
    )
    left = [f"{n[INCONCLUSIVE]} tested and inconclusive"] if n[INCONCLUSIVE] else []
    left += [f"{n[NOT_TESTED]} not tested at this budget"] if n[NOT_TESTED] else []
    return f"{said} {'; '.join(left)}." if left else said
