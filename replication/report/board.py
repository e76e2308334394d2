"""The summary of claims: every study's claims.json in words, with what decided each claim in each setting."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from replication.claims import headline, schema
from replication.claims.claim import Claim
from replication.claims.outcome import (
    DECIDED,
    INCONCLUSIVE,
    NOT_REACHED,
    REACHED,
    SETTINGS,
    UNTESTED,
)
from replication.claims.verdict import Verdict
from replication.figures.results import MissingResult
from replication.plan.paths import Paths
from replication.report import claim, pages, views
from replication.report.budget import Fact
from replication.report.claim import ClaimView
from replication.report.marks import MARKS, Mark
from replication.report.views import Link, Paper

#: Decided claims first, then those that the seeds could not decide, then those whose set-up could not show them.
TESTED = (DECIDED, (INCONCLUSIVE,), (NOT_REACHED,))

RULE = [
    Fact("= Verified", "a calculation agrees with the closed form to its tolerance"),
    Fact("✓ Replicated", "the estimate reaches the threshold, and the interval that decides clears the null (of a "
                         "mean that of 99 %); for “about equal”, it lies inside the margins"),
    Fact("< Weaker", "the interval clears the null, and falls short of the threshold as a whole"),
    Fact("✗ Not replicated", "the whole interval falls short of the threshold and does not clear the null"),
    Fact("⇄ Reversed", "the whole interval lies on the other side of the null"),
    Fact("? Inconclusive", "tested, and none of the above; the note says why, and how many seeds would decide"),
    Fact("… Not reached", "a control failed: the set-up could not have shown the effect, so its numbers say nothing of "
                          "the claim; the note says which control, what it found and what was needed. Most "
                          "controls were written after their tests’ first results; they can only take a verdict "
                          "away"),
    Fact("– Not tested", "a test is written, and this study has no numbers for it; the note says which study would"),
    Fact("· No test written", "nothing measures it yet"),
    Fact("Settings", "Where a claim is tested: a calculation, in which nothing is trained; 2-D, points in a plane or "
                     "on a line; small images, images and paper scale, by the budget of the study. A claim has one "
                     "verdict per setting. That of the reached setting nearest the paper’s own stands for it; the "
                     "others stand beside it, and are never averaged"),
    Fact("Arms", "Where a test has numbers of several arms, each is judged, and the worst verdict counts. Arms whose "
                 "controls fail are left out, unless all of them fail"),
    Fact("Written down", "The day on which a test was first stated, which of its results had been seen by then, and "
                         "what was changed since"),
    Fact("Numbers", "the estimate, in brackets its 95 % interval, the unit, what was measured, and the threshold, all "
                    "of the test that settled the claim in the setting; n counts what the interval is over: seeds, "
                    "models, draws, starts or runs. What has neither n nor interval was calculated or counted"),
    Fact("p", "of the same test, against the value named beside it, which need not be 0: one-sided, in the claimed "
              "direction, so that a refuted claim has a p near 1. Where a claim has several tests in a setting, the p "
              "of all together is the largest of theirs if all must hold, and the smallest times their number if one "
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
        """All claims by the setting of the verdict that stands for them, and those that were not tested last."""
        said = [
            (word, [one for one in self.tested if one.head.setting == word]) for word in SETTINGS
        ]
        return [(word, own) for word, own in [*said, ("not tested", self.untested)] if own]


@dataclass(frozen=True)
class Setting:
    """How the claims that were tested in one setting came out there."""

    word: str
    line: str


@dataclass(frozen=True)
class Board:
    """All verdicts, in all and by setting."""

    line: str
    settings: list[Setting]
    marks: list[Mark]
    papers: list[PaperClaims]

    @property
    def tested(self) -> list[ClaimView]:
        """Every claim that was tested."""
        return [one for paper in self.papers for one in paper.tested]

    def by_panel(self) -> dict[str, list[Link]]:
        """The claims that each panel has evidence on, as far as they were tested, with the verdict of its setting."""
        links: dict[str, dict[tuple[str, str], Link]] = {}
        for paper in self.papers:
            for one in paper.tested:
                for setting in one.settings:
                    for figure in setting.figures if setting.found else ():
                        place = Link(
                            one.id, paper.page, one.anchor, f"{setting.mark}; {setting.setting}"
                        )
                        links.setdefault(figure.panel, {}).setdefault(
                            (one.id, setting.setting), place
                        )
        return {panel: list(own.values()) for panel, own in links.items()}


def board(panels: Iterable[str], studies: Sequence[Paths]) -> Board:
    """Read the verdicts of all studies.

    Args:
        panels: those of the report; a claim's panel is linked where it is one of them.
        studies: where their files lie, the largest last.

    Raises:
        MissingResult: a study has no verdicts; the message names the command that makes them.
    """
    of_claims = by_claim(verdict for study in studies for verdict in read(study))
    known, shown, asked = schema.papers(), set(panels), sources()
    heads = {name: headline.headline(own, asked.get(name)) for name, own in of_claims.items()}
    papers = []
    for name in sorted({head.paper for head in heads.values()}, key=pages.by_year):
        own = [head for head in heads.values() if head.paper == name]
        say = [(h.verdict, claim.view(of_claims[h.id], asked.get(h.id), shown)) for h in own]
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
    return Board(line(of_claims), settings(of_claims), list(MARKS.values()), papers)


def sources() -> dict[str, Claim]:
    """Every claim of paper.yaml by its id."""
    return {one.id: one for one in schema.all_claims(schema.papers().values())}


def by_claim(verdicts: Iterable[Verdict]) -> dict[str, list[Verdict]]:
    """The verdicts on each claim, in their order."""
    found: dict[str, list[Verdict]] = {}
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


def settings(of_claims: Mapping[str, Sequence[Verdict]]) -> list[Setting]:
    """What was tested in each setting, from calculations to the papers' scale: each claim once in each."""
    asked = sources()
    counts: dict[str, Counter[str]] = {word: Counter() for word in SETTINGS}
    for name, own in of_claims.items():
        for setting, verdict in headline.by_setting(own, asked.get(name)).items():
            counts[setting][verdict.verdict] += verdict.verdict not in UNTESTED
    return [Setting(word, _counted(own)) for word, own in counts.items() if own.total()]


def line(of_claims: Mapping[str, Sequence[Verdict]]) -> str:
    """How many claims were tested, their controls holding, in some setting, and what became of the others."""
    asked = sources()
    n = Counter(headline.headline(own, asked.get(name)).verdict for name, own in of_claims.items())
    tested = sum(n[verdict] for verdict in REACHED)
    others = _counted({verdict: n[verdict] for verdict in n if verdict not in REACHED})
    said = f"{tested} of {len(of_claims)} claims tested"
    return ". ".join(filter(None, [said, others])) + "."


def _counted(counts: Mapping[str, int]) -> str:
    said = ((counts.get(verdict, 0), mark.word) for verdict, mark in MARKS.items())
    return ", ".join(f"{n} {word}" for n, word in said if n)
