"""The page that answers the central question: can a loss be read as progress? All from the numbers of its figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import pandas as pd

from replication.analysis.answers import HIGH_LOW, HIGH_MEAN, LOW_HIGH, answer
from replication.analysis.statistics import mean_interval
from replication.claims.outcome import SETTINGS
from replication.figures import names
from replication.figures.names import ARM
from replication.figures.results import Frames
from replication.pages.can_i_read_my_loss import _answers, _signals
from replication.plan.paths import REPORTS
from replication.report import views
from replication.report.inline import inline
from replication.report.tables import DASH, Cell, Table, plural
from replication.report.views import Link, PanelView
from replication.words import numbers

QUESTION = "Can I read my loss?"
FOLDER = "can_i_read_my_loss"
LEAD = f"{FOLDER}/answer"

RULE = (
    "ρ is Spearman’s correlation of the critic’s estimate with how bad the samples are: 1 means that the estimate falls "
    f"exactly when samples get better. A test says yes where the mean is {HIGH_MEAN} or more and its 95 % interval lies "
    f"above {HIGH_LOW}; no where the interval lies below {LOW_HIGH}; the tests of the papers’ claims have the same "
    "thresholds. The answer for a method is yes where all tests say yes that give a clock no chance, and no where none of "
    "them does, even in part (an interval above 0). A test whose controls failed is not counted: generators that are too "
    "much alike, or a fall that did not happen."
)

#: The sections in order: anchor, title, what is asked, and the panels that answer; the first stands by itself.
SECTIONS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "estimate",
        "Which number is the estimate?",
        "The estimate is what the critic says of the distance on held-out data, without penalty terms, logged after its own "
        "steps and before the generator’s: Ŵ for the Wasserstein GANs, JS for the GANs, χ² for LSGAN, TV for SN-GAN, the "
        "energy gap for EBGAN. Logged after the generator’s step it describes a critic that is one step behind. Divided by "
        "K, the steepest slope seen, the score gap of any critic is roughly a lower bound on the Wasserstein distance. "
        "Whether the critic is near its optimum is a control: a copy of it is trained on for 100 steps.",
        ("critic_lag",),
    ),
    (
        "rivals",
        "Does it say more than a clock?",
        "Samples mostly improve with the step, so a clock follows quality too, and any number that falls in time. A signal "
        "is worth reading where it says more: given the step, and late in training.",
        ("rivals_2d", "rivals"),
    ),
    (
        "frozen",
        "Without a clock: frozen generators",
        "Generators of several methods, ages and seeds, some with noise in their weights, are frozen. Then a critic of each "
        "objective is trained on each of them from the same start. What it knows it cannot have from the order of training.",
        ("frozen", "frozen_images"),
    ),
    (
        "falls",
        "Without a clock: fall and recovery",
        "If the estimate is a distance, it rises when samples get worse.",
        ("falls",),
    ),
    (
        "settings",
        "Across runs: failed ones among them",
        "Arjovsky et al. 2017 show a failed run whose estimate stays high. Here settings are compared at equal generator "
        "steps, and some of them are bound to fail.",
        ("settings",),
    ),
    (
        "choosing",
        "Stopping and choosing",
        "What is lost by choosing the checkpoint, or the run, by a signal and not by the quality that it stands for.",
        ("choosing",),
    ),
)  # fmt: skip

#: The test of `_answers.TESTS` that a section is about.
TEST_OF = {"frozen": "frozen", "falls": "fall", "settings": "settings"}

#: Panels elsewhere that decide claims on what an estimate follows.
RELATED = (
    "wgan_gp2017/fig5a",
    "elnekave2025/patches",
    "stanczuk2021/models",
    "danihelka2017/independent",
    "mallasto2019/minibatch",
)

#: What `finding` says of ordinary runs, after "the estimate".
IN_RUNS = {
    "signal": "says more than the step",
    "hint": "says something that the step does not",
    "early": "says nothing once half of the way is gone",
    "clock": "says no more than the step, as far as these runs show",
    "nothing": "says nothing",
    "reversed": "rises while samples improve",
    "undecided": "cannot be told from a clock",
}


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
    own = [f"{FOLDER}/{panel}" for *_, panels in SECTIONS for panel in panels]
    claims = chain.from_iterable(drawn[panel].decides for panel in (*own, *RELATED))
    return Readable(
        question=QUESTION,
        summary=_summary(answers, _beyond_the_clock(drawn, studies)),
        lead=drawn[LEAD],
        answers=answers,
        rule=RULE,
        table=_table(found) if answers else None,
        sections=[_section(*one, drawn, studies, found) for one in SECTIONS],
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
    return f"In runs, {row['setting']}, the estimate {IN_RUNS[row['finding']]}: {_rho(row)}, a clock {clock}."


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
        "ρ of the estimate with how bad the samples are, with its 95 % interval and the answer. In a run the number of a "
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
    """Of the arms on images: how many say more than the step, how many there are, and how many follow FID beside it."""
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
        f" In ordinary runs on images it hardly matters: {high} of {every} {plural(every, 'arm')} that learned have an "
        f"estimate that follows FID, and in {more or 'none'} of them it says more of FID than the step does."
    )
    return first + runs


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _section(
    anchor: str,
    title: str,
    about: str,
    panels: Sequence[str],
    drawn: Mapping[str, PanelView],
    studies: Mapping[str, Frames],
    found: pd.DataFrame,
) -> Section:
    shown = [
        view for panel in panels for view in _of_every_study(drawn[f"{FOLDER}/{panel}"], studies)
    ]
    return Section(anchor, title, about, _said(found, TEST_OF.get(anchor, "")), shown)


def _said(found: pd.DataFrame, test: str) -> str:
    """Which methods pass a test, with their numbers."""
    groups: dict[str, list[str]] = {}
    for _, row in found[found["test"] == test].iterrows():
        text = f"{names.method_label(row['method'])} ({_rho(row)})"
        groups.setdefault(_word(row) or "Cannot tell", []).append(text)
    return " ".join(f"{word}: {', '.join(methods)}." for word, methods in groups.items())
