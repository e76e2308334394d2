"""The page on the central question, whether a loss can be read; all from the numbers of its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import pandas as pd

from replication.analysis.answers import answer
from replication.analysis.statistics import mean_interval
from replication.claims.outcome import SETTINGS
from replication.figures import names
from replication.figures.names import ARM
from replication.figures.results import Frames
from replication.pages.can_i_read_my_loss import _answers, _sections, _signals
from replication.report.loss_sections import (
    FOLDER,
    Section,
    by_setting,
    numbers_of,
    of_every_study,
    rho,
    section,
)
from replication.report.tables import DASH, Cell, Table
from replication.report.views import Link, PanelView
from replication.words import numbers

QUESTION = "Can I read my loss?"
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
class Readable:
    """The page."""

    question: str
    summary: str
    lead: PanelView | None
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
    claims = chain.from_iterable(
        drawn[panel].decides for panel in (*own, *RELATED) if panel in drawn
    )
    return Readable(
        question=QUESTION,
        summary=_summary(found, _beyond_the_clock(drawn, studies)),
        lead=drawn.get(LEAD),
        answers=answers,
        rule=_sections.RULE,
        table=_table(found) if answers else None,
        sections=[section(one, drawn, studies, found) for one in _sections.SECTIONS],
        claims=list(dict.fromkeys(claims)),
    )


def _found(drawn: Mapping[str, PanelView], studies: Mapping[str, Frames]) -> pd.DataFrame:
    """The rows of the lead figure, and those of runs on images of the other studies."""
    lead = numbers_of(drawn[LEAD]) if LEAD in drawn else pd.DataFrame()
    known = set(_answers.Row._fields) <= set(lead)
    tables = [lead if known else pd.DataFrame(columns=list(_answers.Row._fields))]
    for view in of_every_study(drawn.get(f"{FOLDER}/rivals"), studies):
        images = studies[view.study].study.config.budget.images
        own = numbers_of(view)
        if "signal" in own and images not in set(tables[0]["setting"]):
            rows = _answers.of_runs(own[own["learned"]], images)
            tables.append(pd.DataFrame(rows, columns=list(_answers.Row._fields)))
    both = pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)
    return _answers.table([_answers.Row(*row) for row in both.itertuples(index=False)])


def _answer(found: pd.DataFrame, method: str) -> Answer:
    symbol = names.estimate(method)["symbol"]
    own = found[found["method"] == method]
    words, parts = [], []
    for setting, there in by_setting(own):
        made = there[there["test"].isin((*_answers.INTERVENTIONS, "settings"))]
        if said := [f"{_answers.TESTS[row['test']]} {rho(row)}" for _, row in made.iterrows()]:
            parts.append(f"{setting[0].upper()}{setting[1:]}: {'; '.join(said)}.")
        if word := _answers.worst(there[there["test"].isin(_answers.INTERVENTIONS)]):
            words.append(f"{setting}, {word.lower()}")
        parts += [_in_runs(row) for _, row in there[there["test"] == "run"].iterrows()]
    label = f"{names.method_label(method)} ({symbol})"
    colour, in_a_word = names.colour(method), "; ".join(words) or "not tested"
    return Answer(label, colour, in_a_word, " ".join(parts))


def _in_runs(row: pd.Series) -> str:
    """A method's best trained arm in a setting, beside a clock."""
    clock = numbers.plain(row["clock"])
    return f"In ordinary runs the estimate {_sections.IN_RUNS[row['finding']]}: {rho(row)}, a clock {clock}."


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
    return Cell(_answers.word(row), f"{rho(row)}{clock}")


def _beyond_the_clock(
    drawn: Mapping[str, PanelView], studies: Mapping[str, Frames]
) -> tuple[int, int, int]:
    """Of the arms on images that learned: how many say more than the step, how many there are, how many follow FID."""
    more = every = high = 0
    for view in of_every_study(drawn.get(f"{FOLDER}/rivals"), studies):
        own = numbers_of(view)
        if "signal" not in own:
            continue
        own = own[own["learned"] & (own["signal"] == _signals.ESTIMATE)]
        for _, arm in own.groupby(ARM):
            every += 1
            more += bool(mean_interval(arm["partial"]).low > 0)
            whole = mean_interval(arm["spearman"])
            high += answer(whole.mean, whole.low, whole.high) == "Yes"
    return more, every, high


def _summary(found: pd.DataFrame, arms: tuple[int, int, int]) -> str:
    """The answer in some sentences: who passes which test, and what ordinary runs can show."""
    said = [
        f"{_sections.PLACES[setting]} {_opening(own)}"
        for setting, own in by_setting(found)
        if own["test"].isin((*_answers.INTERVENTIONS, "settings")).any()
    ]
    more, every, high = arms
    if every:
        said.append(_sections.ORDINARY.format(high=high, every=every, more=more or "none"))
    return " ".join(said) or "No test has been made yet."


def _opening(found: pd.DataFrame) -> str:
    """The sentences on one setting."""
    return " ".join(
        sentence.format(_named(found, test, words) or nobody)
        for test, words, sentence, nobody in _sections.SUMMARY
        if (found["test"] == test).any()
    )


def _named(found: pd.DataFrame, test: str, words: Sequence[str]) -> str:
    """The methods of which a test says one of some words."""
    own = [row for _, row in found[found["test"] == test].iterrows() if _answers.word(row) in words]
    labels = dict.fromkeys(names.method_label(row["method"]) for row in own)
    return _listed(list(labels)) if labels else ""


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
