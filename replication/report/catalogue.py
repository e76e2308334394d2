"""The table of all claims that the front page searches: in words, with the verdict of every setting side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from replication.claims.claim import Claim
from replication.claims.outcome import NOT_REACHED, SETTINGS, UNTESTED
from replication.figures import names
from replication.plan import registry
from replication.report import board, pages
from replication.report.board import Board, PaperClaims
from replication.report.claim import ClaimView
from replication.report.marks import MARKS, Mark
from replication.report.setting import SettingView
from replication.report.views import Link, PanelView


@dataclass(frozen=True)
class Row:
    """A claim.

    Attributes:
        marks: of each of the catalogue's settings the verdict; None where the claim has no test there.
        reason: why it came out so, in a line.
        picture: the small picture of its figure, relative to the report's folder; empty where none shows anything.
        facets: by the name of each filter the values that it answers to.
    """

    id: str
    paper: Link
    place: Link
    statement: str
    where: str
    marks: list[Mark | None]
    reason: str
    picture: str
    facets: dict[str, list[str]]


@dataclass(frozen=True)
class Choice:
    """A value of a filter, and its words."""

    value: str
    text: str


@dataclass(frozen=True)
class Catalogue:
    """The table: its settings, its rows, and the filters with their choices."""

    settings: list[str]
    rows: list[Row]
    filters: dict[str, list[Choice]]


def catalogue(verdicts: Board, drawn: Mapping[str, PanelView]) -> Catalogue:
    """All claims, paper by paper.

    Args:
        verdicts: on them.
        drawn: the panels that show something.
    """
    sources = board.sources()
    every = [(paper, one) for paper in verdicts.papers for one in (*paper.tested, *paper.untested)]
    used = {setting.setting for _, one in every for setting in one.settings}
    settings = [word for word in SETTINGS if word in used]
    rows = [_row(paper, one, sources.get(one.id), settings, drawn) for paper, one in every]
    words = {
        "paper": {paper.page.removesuffix(".html"): paper.short for paper in verdicts.papers},
        "method": {method: names.method_label(method) for method in registry.ids("methods")},
        "verdict": {_slug(mark.word): mark.word for mark in MARKS.values()},
        "setting": {_slug(word): word for word in settings},
    }
    filters = {name: _choices(name, rows, known) for name, known in words.items()}
    return Catalogue(settings, rows, filters)


def reason(one: SettingView) -> str:
    """Why a claim came out as it did in a setting, in a line."""
    if one.verdict in UNTESTED:
        return one.note or f"{one.mark.word[:1].upper()}{one.mark.word[1:]}."
    if one.verdict == NOT_REACHED and one.lacking:
        return f"A control failed: {one.lacking}."
    interval = f" ({one.interval})" if one.interval else ""
    return f"{one.measure[:1].upper()}{one.measure[1:]}: {one.found}{interval} {one.unit}; threshold: {one.asked}."


def _row(
    paper: PaperClaims,
    one: ClaimView,
    source: Claim | None,
    settings: Iterable[str],
    drawn: Mapping[str, PanelView],
) -> Row:
    # Of several studies in one setting the first speaks, as on the claim's card.
    by_setting: dict[str, SettingView] = {}
    for setting in one.settings:
        by_setting.setdefault(setting.setting, setting)
    figures = [(figure.panel, s.study) for s in one.settings for figure in s.figures]
    shown = [(drawn[panel], study) for panel, study in figures if panel in drawn]
    tested = [word for word, setting in by_setting.items() if setting.verdict not in UNTESTED]
    return Row(
        id=one.id,
        paper=Link(paper.short, paper.page),
        place=Link(one.statement, paper.page, one.anchor),
        statement=one.statement,
        where=one.where,
        marks=[by_setting[word].mark if word in by_setting else None for word in settings],
        reason=reason(one.head),
        picture=_picture(*shown[0]) if shown else "",
        facets={
            "paper": [paper.page.removesuffix(".html")],
            "method": methods(one, source),
            "verdict": list(dict.fromkeys(_slug(setting.mark.word) for setting in by_setting.values())),
            "setting": [_slug(word) for word in tested],
        },
    )  # fmt: skip


def _picture(view: PanelView, study: str) -> str:
    return pages.thumbnail(view.id, view.drawn_in(study))


def methods(one: ClaimView, source: Claim | None) -> list[str]:
    """The methods that a claim is about: those whose arms test it, and those that it names."""
    tests = source.tests if source else []
    patterns = [arm.split("/") for test in tests for arm in test.arms]
    tested = {parts[2] for parts in patterns if len(parts) > 2}
    labels = {method: names.method_label(method) for method in registry.ids("methods")}
    named = {method for method, label in labels.items() if _names(one.statement, label)}
    return sorted((tested | named) & labels.keys())


def _names(text: str, label: str) -> bool:
    """Whether a text has a method's name as a word of its own: ``WGAN`` does not name WGAN-GP."""
    name = re.escape(label.partition(" (")[0])
    return bool(re.search(rf"(?<![\w-]){name}(?![\w-])", text))


def _choices(name: str, rows: list[Row], words: dict[str, str]) -> list[Choice]:
    used = {value for row in rows for value in row.facets[name]}
    return [Choice(value, text) for value, text in words.items() if value in used]


def _slug(words: str) -> str:
    return words.replace(" ", "-")
