"""The findings that the front page begins with, chosen and worded by rule from verdicts.

The central question comes first: can a loss be read? A panel may answer it: it says ``LEAD = 1`` in its head (its place
among such panels), its function ``finding(table)`` makes a sentence of its table, and one more with the number, and
``decisive(table)`` the rows that stand for the methods.
Then come claims: first those that came out otherwise than the paper says, then those that hold, the setting nearest
the papers' scale first, within it those that need no caveat, and of these the largest effects; at most one per paper,
and only where a figure shows the evidence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from replication.analysis.answers import HIGH_MEAN
from replication.claims.outcome import (
    DECIDED,
    HOLDS,
    NOT_REPLICATED,
    REVERSED,
    SETTINGS,
    WEAKER,
)
from replication.figures import names
from replication.plan import registry
from replication.plan.paths import REPORTS
from replication.report import gauge, pages
from replication.report.board import Board, PaperClaims
from replication.report.claim import ClaimView
from replication.report.gauge import Found
from replication.report.marks import Mark
from replication.report.views import Link, PanelView

#: How many there are.
COUNT = 5

#: A claim that came out otherwise than the paper says, the most surprising first.
SURPRISES = (REVERSED, NOT_REPLICATED, WEAKER)


@dataclass(frozen=True)
class Finding:
    """A sentence with its number and a picture.

    Attributes:
        about: where it was found, and by whom it is claimed.
        mark: the verdict; None of what is no claim.
        place: where the evidence stands.
        panel: its figure.
        gauge: its number, or those of the methods, as a small picture.
    """

    sentence: str
    number: str
    about: str
    mark: Mark | None
    place: Link
    panel: str
    gauge: Markup


def findings(board: Board, drawn: Mapping[str, PanelView]) -> list[Finding]:
    """`COUNT` of them, or fewer where there are no more.

    Args:
        board: the verdicts.
        drawn: every panel that shows something.
    """
    lead = _answered(drawn)
    found = [lead] if lead else []
    told = {one.place.page for one in found}
    for paper, one in _ranked(board):
        if len(found) == COUNT:
            break
        figures = [figure.panel for figure in one.head.figures if figure.panel in drawn]
        if paper.page not in told and figures:
            told.add(paper.page)
            found.append(_of_claim(paper, one, drawn[figures[0]]))
    return found


def _ranked(board: Board) -> list[tuple[PaperClaims, ClaimView]]:
    """Decided claims, those that surprise first."""
    every = [
        (paper, one)
        for paper in board.papers
        for one in paper.tested
        if one.head.verdict in DECIDED
    ]
    return sorted(every, key=lambda pair: _rank(pair[1]), reverse=True)


def _rank(one: ClaimView) -> tuple[int, int, bool, float]:
    verdicts = {setting.verdict for setting in one.settings}
    surprise = max(
        (len(SURPRISES) - SURPRISES.index(v) for v in verdicts if v in SURPRISES), default=0
    )
    # A setting that contradicts the one that stands for the claim is as good as a claim that failed.
    return surprise, SETTINGS.index(one.head.setting), not one.head.note, one.head.strength


def _of_claim(paper: PaperClaims, one: ClaimView, view: PanelView) -> Finding:
    head = one.head
    interval = f" ({head.interval})" if head.interval else ""
    number = (
        f"{_capital(head.measure)}: {head.found}{interval} {head.unit}; threshold: {head.asked}."
    )
    # What a reader must know of the test, above all where it speaks against a paper.
    if head.note:
        number += f" {_capital(head.note)}."
    place = Link(one.id, paper.page, one.anchor)
    about = f"{paper.short}; {head.setting}"
    sentence = (
        one.statement
        if head.verdict in HOLDS
        else f"{head.mark.word.capitalize()}: “{one.statement}”"
    )
    return Finding(sentence, number, about, head.mark, place, view.id, head.gauge)


def _answered(drawn: Mapping[str, PanelView]) -> Finding | None:
    """What the first panel says that answers the central question; None where there is none."""
    for panel in _leading(drawn):
        view = drawn[panel]
        table = pd.read_csv(REPORTS / view.links["csv"])
        if not (said := registry.load_panel(panel).finding(table)):
            continue
        sentence, _, number = said.partition(". ")
        place = Link(view.title, pages.of(panel), view.anchor)
        about = f"study {view.study}"
        drawing = _methods(registry.load_panel(panel).decisive(table))
        return Finding(f"{sentence.rstrip('.')}.", number, about, None, place, panel, drawing)
    return None


def _methods(rows: pd.DataFrame) -> Markup:
    """The number that stands for each method, a line each."""
    found = [
        Found(row["mean"], row["low"], row["high"], names.method_label(row["method"]), names.colour(row["method"]))
        for _, row in rows.iterrows()
    ]  # fmt: skip
    about = (
        "Of each method the correlation of estimate and badness in the test that it does worst in"
    )
    return gauge.drawn(found, (HIGH_MEAN, math.inf), about, "can be read", (-1.0, 1.0))


def _leading(drawn: Iterable[str]) -> list[str]:
    places = {panel: registry.panel_metadata(panel).get("LEAD") for panel in drawn}
    return sorted((p for p, place in places.items() if place), key=lambda p: (places[p], p))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
