"""The page on the central question, whether a loss can be read; all from the numbers of its figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import pandas as pd

from replication.analysis.answers import answer
from replication.analysis.statistics import mean_interval
from replication.claims.outcome import SETTINGS
from replication.figures import names
from replication.figures.names import ARM
from replication.figures.results import Frames
from replication.pages.can_i_read_my_loss import _answers, _sections, _signals
from replication.plan.paths import REPORTS
from replication.report import views
from replication.report.inline import inline
from replication.report.tables import DASH, Cell, Table, plural
from replication.report.views import Link, PanelView
from replication.words import numbers

QUESTION = "Can I read my loss?"
FOLDER = "can_i_read_my_loss"
LEAD = f"{FOLDER}/answer"

#: Panels elsewhere that decide claims on what an estimate follows.
RELATED = (
    "wgan_gp2017/fig5a",
    "elnekave2025/patches",
    "stanczuk2021/models",
    "danihelka2017/independent",
    "mallasto2019/minibatch",
)


@dataclass(frozen=True)
class Answer:
    """Of a method: the answer in a word, and the numbers behind it in a sentence."""

    method: str
    colour: str
    word: str
    sentence: str


@dataclass(frozen=True)
class Section:
    """A part of the page: what is asked, what was found, and the figures that show it."""

    anchor: str
    title: str
    about: str
    found: str
    views: list[PanelView]


@dataclass(frozen=True)
class Readable:
    """The page."""

    question: str
    summary: str
    lead: PanelView
    answers: list[Answer]
    rule: str
    table: Table | None
    sections: list[Section]
    claims: list[Link]


def readable(drawn: Mapping[str, PanelView], studies: Mapping[str, Frames]) -> Readable:
    """The page.

    Args:
        drawn: every panel, of the study that speaks.
        studies: all runs of every study by its name, the largest last.
    """
    found = _found(drawn, studies)
    answers = [_answer(found, method) for method in dict.fromkeys(found["method"])]
    own = [f"{FOLDER}/{panel}" for one in _sections.SECTIONS for panel in one.panels]
    claims = chain.from_iterable(drawn[panel].decides for panel in (*own, *RELATED))
    return Readable(
        question=QUESTION,
        summary=_summary(answers, _beyond_the_clock(drawn, studies)),
        lead=drawn[LEAD],
        answers=answers,
        rule=_sections.RULE,
        table=_table(found) if answers else None,
        sections=[_section(one, drawn, studies, found) for one in _sections.SECTIONS],
        claims=list(dict.fromkeys(claims)),
    )


def _found(drawn: Mapping[str, PanelView], studies: Mapping[str, Frames]) -> pd.DataFrame:
    """The rows of the lead figure, and those of runs on images of the other studies."""
    lead = _numbers(drawn[LEAD])
    known = set(_answers.Row._fields) <= set(lead)
    tables = [lead if known else pd.DataFrame(columns=list(_answers.Row._fields))]
    for view in _of_every_study(drawn[f"{FOLDER}/rivals"], studies):
        images = studies[view.study].study.config.budget.images
        own = _numbers(view)
        if "signal" in own and images not in set(tables[0]["setting"]):
            rows = _answers.of_runs(own[own["learned"]], images)
            tables.append(pd.DataFrame(rows, columns=list(_answers.Row._fields)))
    both = pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)
    return _answers.table([_answers.Row(*row) for row in both.itertuples(index=False)])


def _numbers(view: PanelView) -> pd.DataFrame:
    return pd.read_csv(REPORTS / view.links["csv"])


def _of_every_study(view: PanelView, studies: Mapping[str, Frames]) -> Iterator[PanelView]:
    """A panel as it was drawn of every study in which it has anything to show, the largest first."""
    for name in reversed(studies):
        paths = studies[name].study.paths
        if name == view.study:
            yield view
        elif views.shows(paths, view.id):
            one, anchor = views.view(view.id, [paths], view.decides), f"{view.anchor}-{name}"
            drawing = paths.panel(view.id)[0].read_text(encoding="utf-8")
            yield replace(one, anchor=anchor, svg=inline(drawing, anchor, one.title))


def _answer(found: pd.DataFrame, method: str) -> Answer:
    symbol = names.estimate(method)["symbol"]
    own = found[found["method"] == method]
    asked = own[own["test"].isin(_answers.INTERVENTIONS)]
    said = [_word(row) for _, row in asked.iterrows()]
    word = "Not tested"
    if said:
        some = any(one in ("Yes", "Partly") for one in said)
        word = "Yes" if set(said) == {"Yes"} else "In part" if some else "No"
    without = [f"{_answers.TESTS[row['test']]} {_rho(row)}" for _, row in asked.iterrows()]
    parts = [f"Without a clock: {'; '.join(without)}."] if without else []
    parts += [_in_runs(row) for _, row in own[own["test"] == "run"].iterrows()]
    return Answer(
        f"{names.method_label(method)} ({symbol})", names.colour(method), word, " ".join(parts)
    )


def _in_runs(row: pd.Series) -> str:
    """A method's best trained arm in a setting, beside a clock."""
    clock = numbers.plain(row["clock"])
    return f"In runs, {row['setting']}, the estimate {_sections.IN_RUNS[row['finding']]}: {_rho(row)}, a clock {clock}."


def _rho(row: pd.Series) -> str:
    ends = (
        ""
        if pd.isna(row["low"])
        else f" ({numbers.plain(row['low'])} to {numbers.plain(row['high'])})"
    )
    return f"ρ {numbers.plain(row['mean'])}{ends}"


def _word(row: pd.Series) -> str:
    return answer(row["mean"], row["low"], row["high"])


def _table(found: pd.DataFrame) -> Table:
    """A row per method, a column per test and setting."""
    pairs = [
        (test, setting)
        for setting in SETTINGS
        for test in _answers.TESTS
        if ((found["test"] == test) & (found["setting"] == setting)).any()
    ]
    rows = []
    for method in dict.fromkeys(found["method"]):
        label = Cell(
            names.method_label(method), names.estimate(method)["symbol"], names.colour(method)
        )
        cells = [_cell(found, method, test, setting) for test, setting in pairs]
        rows.append([label, *cells])
    columns = ["Method", *(f"{setting}: {_answers.TESTS[test]}" for test, setting in pairs)]
    caption = (
        "ρ of the estimate with how bad the samples are, with its 95 % interval and the answer. In a "
        "run the number of a "
        "clock stands beside it."
    )
    return Table(caption, columns, rows)


def _cell(found: pd.DataFrame, method: str, test: str, setting: str) -> Cell:
    row = _answers.of(found, method, setting).get(test)
    if row is None:
        return Cell(DASH, "not reached")
    clock = (
        ""
        if pd.isna(row["clock"]) or test not in ("run", "late")
        else f", a clock {numbers.plain(row['clock'])}"
    )
    return Cell(_word(row) or DASH, f"{_rho(row)}{clock}")


def _beyond_the_clock(
    drawn: Mapping[str, PanelView], studies: Mapping[str, Frames]
) -> tuple[int, int, int]:
    """Of the arms on images that learned: how many say more than the step, how many there are, how many follow FID."""
    more = every = high = 0
    for view in _of_every_study(drawn[f"{FOLDER}/rivals"], studies):
        own = _numbers(view)
        if "signal" not in own:
            continue
        own = own[own["learned"] & (own["signal"] == _signals.ESTIMATE)]
        for _, arm in own.groupby(ARM):
            every += 1
            more += bool(mean_interval(arm["partial"]).low > 0)
            whole = mean_interval(arm["spearman"])
            high += answer(whole.mean, whole.low, whole.high) == "Yes"
    return more, every, high


def _summary(answers: Sequence[Answer], arms: tuple[int, int, int]) -> str:
    """The answer in two sentences."""
    said = []
    for word, text in (
        ("Yes", "can be read as a distance by every test that gives a clock no chance"),
        ("In part", "by some of these tests"),
        ("No", "by none"),
    ):
        of = [one.method for one in answers if one.word == word]
        if of:
            said.append(f"{_listed(of)} {text}")
    first = (
        f"Of the critics’ estimates {'; '.join(said)}."
        if said
        else "No test without a clock has been made yet."
    )
    more, every, high = arms
    if not every:
        return first
    runs = (
        f" In ordinary runs on images it hardly matters: {high} of {every} {plural(every, 'arm')} "
        "that learned have an "
        f"estimate that follows FID, and in {more or 'none'} of them it says more of FID than the step does."
    )
    return first + runs


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _section(
    asked: _sections.Asked,
    drawn: Mapping[str, PanelView],
    studies: Mapping[str, Frames],
    found: pd.DataFrame,
) -> Section:
    shown = [
        view
        for panel in asked.panels
        for view in _of_every_study(drawn[f"{FOLDER}/{panel}"], studies)
    ]
    said = " ".join(filter(None, (_said(found, test) for test in asked.tests)))
    return Section(asked.anchor, asked.title, asked.about, said, shown)


def _said(found: pd.DataFrame, test: str) -> str:
    """Which methods pass a test, with their numbers; empty where none was made."""
    groups: dict[str, list[str]] = {}
    for _, row in found[found["test"] == test].iterrows():
        text = f"{names.method_label(row['method'])} ({_rho(row)})"
        groups.setdefault(_word(row) or "Cannot tell", []).append(text)
    answers = "; ".join(f"{word.lower()}: {', '.join(methods)}" for word, methods in groups.items())
    title = _answers.TESTS[test]
    return f"{title[0].upper()}{title[1:]}: {answers}." if groups else ""
