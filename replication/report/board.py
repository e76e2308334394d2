"""The board of verdicts: every study's claims.json in words, with what decided each claim."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from replication.claims import schema
from replication.claims.outcome import DECIDED, INCONCLUSIVE, NOT_REACHED, UNTESTED
from replication.claims.verdict import Verdict
from replication.figures.results import MissingResult
from replication.plan.paths import Paths
from replication.report import claim, pages, views
from replication.report.budget import Fact
from replication.report.claim import MARKS, ClaimView, Mark
from replication.report.views import Link, Paper

#: Decided claims first, then those that the seeds could not decide, then those whose set-up could not show them.
TESTED = (DECIDED, (INCONCLUSIVE,), (NOT_REACHED,))

#: The verdicts of tests whose controls hold.
REACHED = (*DECIDED, INCONCLUSIVE)

RULE = [
    Fact("= Verified", "a calculation agrees with the closed form to its tolerance"),
    Fact("✓ Replicated", "the estimate reaches the threshold, and the interval that decides excludes no effect (of a "
                         "mean that of 99 %); for “about equal”, it lies inside the margins"),
    Fact("< Weaker", "the interval excludes no effect, and falls short of the threshold as a whole"),
    Fact("✗ Not replicated", "the whole interval falls short of the threshold and does not exclude no effect"),
    Fact("⇄ Reversed", "the whole interval lies on the other side of no effect"),
    Fact("? Inconclusive", "tested, and neither of the two; the note says why, and about how many seeds could tell"),
    Fact("… Not reached", "a control failed: the set-up could not have shown the effect, so its numbers say nothing of "
                          "the claim; the note says which control, what it found and what was asked for. Most "
                          "controls were written after their tests’ first results; they can only take a verdict "
                          "away"),
    Fact("– Not tested", "a test is written, and no run of this study has its numbers yet"),
    Fact("· No test written", "nothing measures it yet"),
    Fact("Scale", "T0: nothing is trained; a calculation is one number without an interval, a game of two numbers may "
                  "have many starts. T1: a toy, minutes on a CPU. T2: images of 28 × 28 pixels, reduced. T3: the "
                  "paper’s own scale. Where a claim has tests of several scales, that of the test that settled it"),
    Fact("Numbers", "the estimate, in brackets its 95 % interval, the unit, what was measured, and what the claim asks "
                    "for, all of the test that settled the claim; n counts seeds, or runs where a share of runs is "
                    "claimed. What has neither n nor interval was calculated or counted"),
    Fact("p", "of the same test, against the value named beside it, which need not be 0: one-sided, in the claimed "
              "direction, so that a refuted claim has a p near 1. Where a claim has several tests, the p of "
              "all together is the largest of theirs if all must hold, and the smallest times their number if one "
              "must. It is not corrected for the number of claims"),
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
        return _counted(self.counts)

    @property
    def groups(self) -> list[tuple[str, list[ClaimView]]]:
        """All claims, those of one scale together, and those that were not tested last."""
        said = [
            (claim.WORDS[tier], [one for one in self.tested if one.tier == tier])
            for tier in claim.WORDS
        ]
        return [(word, own) for word, own in [*said, ("not tested", self.untested)] if own]


@dataclass(frozen=True)
class Scale:
    """How the claims that were tested at one scale came out."""

    word: str
    line: str


@dataclass(frozen=True)
class Board:
    """All verdicts, in all and by scale."""

    line: str
    scales: list[Scale]
    marks: list[Mark]
    papers: list[PaperClaims]

    @property
    def tested(self) -> list[ClaimView]:
        """Every claim that was tested."""
        return [one for paper in self.papers for one in paper.tested]

    def by_panel(self) -> dict[str, list[Link]]:
        """The claims that each panel has evidence on, as far as they were tested."""
        links: dict[str, list[Link]] = {}
        for paper in self.papers:
            for one in paper.tested:
                mark = f"{one.mark.glyph} {one.mark.word}"
                place = Link(one.id, paper.page, one.anchor, mark)
                for figure in one.figures:
                    links.setdefault(figure.panel, []).append(place)
        return links


def board(panels: Iterable[str], studies: Sequence[Paths]) -> Board:
    """Read the verdicts of all studies: each claim stands with that of the largest study that tested it.

    Args:
        panels: those of the report; a claim's panel is linked where it is one of them.
        studies: where their files lie, the largest last.

    Raises:
        MissingResult: a study has no verdicts; the message names the command that makes them.
    """
    of_claims = _by_claim([read(study) for study in studies])
    verdicts, shown = [headline(own) for own in of_claims.values()], set(panels)
    known = schema.papers()
    sources = {one.id: one for one in schema.all_claims(known.values())}
    papers = []
    for name in sorted({v.paper for v in verdicts}, key=pages.by_year):
        own = [v for v in verdicts if v.paper == name]
        say = [(v.verdict, claim.view(v, sources.get(v.id), shown, of_claims[v.id])) for v in own]
        counts = Counter(verdict for verdict, _ in say)
        papers.append(
            PaperClaims(
                paper := views.paper_of(name),
                known[name].citation.short if name in known else paper.short,
                pages.of(name),
                {verdict: counts[verdict] for verdict in MARKS},
                [view for group in TESTED for verdict, view in say if verdict in group],
                [view for verdict, view in say if verdict in UNTESTED],
            )
        )
    return Board(line(verdicts), scales(verdicts), list(MARKS.values()), papers)


def headline(verdicts: Sequence[Verdict]) -> Verdict:
    """Of a claim's verdicts that of the largest study that reached its regime, else tested it, else of the largest."""
    tested = [verdict for verdict in verdicts if verdict.verdict not in UNTESTED]
    reached = [verdict for verdict in tested if verdict.verdict != NOT_REACHED]
    return (reached or tested or verdicts)[-1]


def _by_claim(studies: Iterable[Iterable[Verdict]]) -> dict[str, list[Verdict]]:
    """The verdicts on each claim, in the order of the studies."""
    found: dict[str, list[Verdict]] = {}
    for verdicts in studies:
        for verdict in verdicts:
            found.setdefault(verdict.id, []).append(verdict)
    return found


def read(study: Paths) -> list[Verdict]:
    """The verdicts of a study's claims.json, its nulls as NaN; raises `MissingResult` where there is none."""
    path, remedy = study.claims, f"make it with: replication claims --study {study.name}"
    if not path.exists():
        raise MissingResult(f"{path}: no such file; {remedy}")
    rows = json.loads(path.read_text(encoding="utf-8"))
    try:
        return [Verdict.read(row) for row in rows]
    except (LookupError, TypeError):
        raise MissingResult(f"{path}: of another version; {remedy}") from None


def scales(verdicts: list[Verdict]) -> list[Scale]:
    """What was tested at each scale, cheapest first."""
    tested = [v for v in verdicts if v.verdict not in UNTESTED]
    counts = {tier: Counter(v.verdict for v in tested if v.tier == tier) for tier in claim.WORDS}
    return [
        Scale(claim.WORDS[tier], _counted({verdict: own[verdict] for verdict in MARKS}))
        for tier, own in counts.items()
        if own
    ]


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {MARKS[verdict].word}" for verdict, n in counts.items() if n)


def line(verdicts: list[Verdict]) -> str:
    """How many claims were tested where they speak, with what outcome, and what became of the others."""
    n = Counter(v.verdict for v in verdicts)
    counts = {verdict: n[verdict] for verdict in MARKS}
    tested = {verdict: count for verdict, count in counts.items() if verdict in REACHED}
    others = {verdict: count for verdict, count in counts.items() if verdict not in REACHED}
    said = f"{sum(tested.values())} of {len(verdicts)} claims tested"
    return (
        ". ".join(
            filter(None, [f"{said}: {_counted(tested)}".removesuffix(": "), _counted(others)])
        )
        + "."
    )
