"""The page on the central question, whether a loss can be read; all from the numbers of its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import pandas as pd

from replication.analysis.answers import answer
from replication.analysis.statistics import mean_interval
from replication.analysis.tracking import LEARNED
from replication.claims.outcome import SETTINGS
from replication.figures import names
from replication.figures.names import ARM
from replication.figures.results import Frames
from replication.pages.can_i_read_my_loss import _answers, _sections, _signals
from replication.plan import registry
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
#: The lead figures, from the papers' scale down to the plane.
LEADS = (f"{FOLDER}/answer_images", f"{FOLDER}/answer")

#: Panels elsewhere that decide claims on what an estimate follows.
RELATED = (
    "wgan_gp2017/fig5a",
    "elnekave2025/patches",
    "stanczuk2021/models",
    "danihelka2017/independent",
    "mallasto2019/minibatch",
)


@dataclass(frozen=True)
class Readable:
    """The page.

    Attributes:
        summary: the answer in a sentence.
        said: who passes which test, a paragraph for each setting, and what ordinary runs show.
        answers: per method and setting a word, and what decided it; None before any test.
        table: the numbers of every test.
    """

    question: str
    summary: str
    said: list[str]
    leads: list[PanelView]
    answers: Table | None
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
    leads = [view for lead in LEADS for view in of_every_study(drawn.get(lead), studies)]
    found = _found(leads, drawn, studies)
    own = [f"{FOLDER}/{panel}" for one in _sections.SECTIONS for panel in one.panels]
    claims = chain.from_iterable(
        drawn[panel].decides for panel in (*own, *RELATED) if panel in drawn
    )
    return Readable(
        question=QUESTION,
        summary=_summary(leads),
        said=_said(found, _beyond_the_clock(drawn, studies)),
        leads=leads,
        answers=_answers_by_method(found) if len(found) else None,
        rule=_sections.RULE,
        table=_table(found) if len(found) else None,
        sections=[section(one, drawn, studies, found) for one in _sections.SECTIONS],
        claims=list(dict.fromkeys(claims)),
    )


def _found(
    leads: Sequence[PanelView], drawn: Mapping[str, PanelView], studies: Mapping[str, Frames]
) -> pd.DataFrame:
    """The rows of the lead figures, and those of runs on images of studies that have no lead figure of them."""
    fields = list(_answers.Row._fields)
    known = [table for table in map(numbers_of, leads) if set(fields) <= set(table)]
    tables = [pd.DataFrame(columns=fields), *known]
    for view in of_every_study(drawn.get(f"{FOLDER}/rivals"), studies):
        images = studies[view.study].study.config.budget.images
        own = numbers_of(view)
        if "signal" in own and not any((table["setting"] == images).any() for table in tables):
            rows = _answers.of_runs(own[own["learned"]], images)
            tables.append(pd.DataFrame(rows, columns=fields))
    both = pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)
    return _answers.table([_answers.Row(*row) for row in both.itertuples(index=False)])


def _answers_by_method(found: pd.DataFrame) -> Table:
    """A row per method, a column per setting."""
    there = [setting for setting, _ in by_setting(found)]
    rows = [
        [_label(method), *(_answer(_answers.of(found, method, setting)) for setting in there)]
        for method in dict.fromkeys(found["method"])
    ]
    return Table(_sections.ANSWERS, ["Method", *there], rows)


def _label(method: str) -> Cell:
    symbol = names.estimate(method)["symbol"]
    return Cell(names.method_label(method), symbol, names.colour(method))


def _answer(tests: Mapping[str, pd.Series]) -> Cell:
    """The worst word of the interventions in a setting, which one it was, and what ordinary runs show."""
    made = [tests[name] for name in _answers.INTERVENTIONS if name in tests]
    small = []
    if made:
        last = max(made, key=lambda row: _answers.WORDS.index(_answers.word(row)))
        small.append(f"{_answers.TESTS[last['test']]} {rho(last)}")
    if "run" in tests:
        small.append(_in_runs(tests["run"]))
    return Cell(
        _answers.word(last) if made else _sections.UNASKED if small else DASH, "; ".join(small)
    )


def _in_runs(row: pd.Series) -> str:
    """A method's best trained arm in a setting, beside a clock."""
    clock = numbers.plain(row["clock"])
    return f"in ordinary runs it {_sections.IN_RUNS[row['finding']]}: {rho(row)}, a clock {clock}"


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
        cells = [_cell(found, method, test, setting) for test, setting in pairs]
        rows.append([_label(method), *cells])
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
) -> dict[str, int]:
    """Of the arms on images that learned: how many there are, how many follow FID, and say more of it than the step.

    ``unsaid`` counts those of which most seeds leave nothing to say given the step.
    """
    more = every = high = unsaid = 0
    for view in of_every_study(drawn.get(f"{FOLDER}/rivals"), studies):
        own = numbers_of(view)
        if "signal" not in own:
            continue
        own = own[own["learned"] & (own["signal"] == _signals.ESTIMATE)]
        for _, arm in own.groupby(ARM):
            every += 1
            more += bool(mean_interval(arm["partial"]).low > 0)
            unsaid += bool(arm["partial"].isna().mean() > 0.5)
            whole = mean_interval(arm["spearman"])
            high += answer(whole.mean, whole.low, whole.high) == "Yes"
    return {"more": more, "every": every, "high": high, "unsaid": unsaid}


def _summary(leads: Sequence[PanelView]) -> str:
    """The answer in a sentence for each lead figure."""
    said = (registry.load_panel(view.id).finding(numbers_of(view)) for view in leads)
    first = [f"{one.partition('. ')[0].rstrip('.')}." for one in said if one]
    return " ".join(first) or "No test has been made yet."


def _said(found: pd.DataFrame, arms: Mapping[str, int]) -> list[str]:
    """Who passes which test in each setting, and what ordinary runs can show."""
    said = [
        f"{_answers.PLACES[setting]}, {_opening(own)}"
        for setting, own in by_setting(found)
        if own["test"].isin((*_answers.INTERVENTIONS, "settings")).any()
    ]
    if arms["every"]:
        counts = {name: n or "none" for name, n in arms.items()}
        said.append(_sections.ORDINARY.format(way=f"{LEARNED:.0%}", **counts))
    return said


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
