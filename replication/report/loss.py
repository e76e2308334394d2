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
from replication.pages.can_i_read_my_loss import _answers, _frozen, _sections, _signals
from replication.plan.paths import REPORTS
from replication.plan.study import kind
from replication.report import views
from replication.report.inline import inline
from replication.report.tables import DASH, Cell, Table
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


#: Signals by which a checkpoint may be chosen, as `_sections.CHECKPOINT` calls them.
COSTS = {"estimate": _signals.ESTIMATE, "over_k": "w_bound", "clock": _signals.CLOCK}


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
        summary=_summary(found, _beyond_the_clock(drawn, studies)),
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
    for name in reversed(list(studies)):
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
    words, parts = [], []
    for setting, there in _by_setting(own):
        made = there[there["test"].isin((*_answers.INTERVENTIONS, "settings"))]
        if said := [f"{_answers.TESTS[row['test']]} {_rho(row)}" for _, row in made.iterrows()]:
            parts.append(f"{setting[0].upper()}{setting[1:]}: {'; '.join(said)}.")
        if word := _answers.worst(there[there["test"].isin(_answers.INTERVENTIONS)]):
            words.append(f"{setting}, {word.lower()}")
        parts += [_in_runs(row) for _, row in there[there["test"] == "run"].iterrows()]
    label = f"{names.method_label(method)} ({symbol})"
    colour, in_a_word = names.colour(method), "; ".join(words) or "not tested"
    return Answer(label, colour, in_a_word, " ".join(parts))


def _by_setting(found: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows of each setting, from the plane to the papers' scale."""
    for setting in SETTINGS:
        if len(own := found[found["setting"] == setting]):
            yield setting, own


def _in_runs(row: pd.Series) -> str:
    """A method's best trained arm in a setting, beside a clock."""
    clock = numbers.plain(row["clock"])
    return f"In ordinary runs the estimate {_sections.IN_RUNS[row['finding']]}: {_rho(row)}, a clock {clock}."


def _rho(row: pd.Series) -> str:
    """ρ with its interval; of rises, which are counted, in how many runs."""
    if row["test"] == "rise":
        return f"in {round((row['mean'] + 1) / 2 * row['n'])} of {row['n']} runs"
    ends = (
        ""
        if pd.isna(row["low"])
        else f" ({numbers.plain(row['low'])} to {numbers.plain(row['high'])})"
    )
    return f"ρ {numbers.plain(row['mean'])}{ends}"


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
    return Cell(_answers.word(row), f"{_rho(row)}{clock}")


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


def _summary(found: pd.DataFrame, arms: tuple[int, int, int]) -> str:
    """The answer in some sentences: who passes which test, and what ordinary runs can show."""
    said = [
        f"{_sections.PLACES[setting]} {_opening(own)}"
        for setting, own in _by_setting(found)
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
    if asked.anchor == "frozen":
        said = " ".join([said, *chain.from_iterable(map(_ladder, shown))])
    if asked.anchor == "choosing":
        said = " ".join([*map(_checkpoints, shown), *_rates(drawn[f"{FOLDER}/settings"])])
    return Section(asked.anchor, asked.title, asked.about, said, shown)


def _said(found: pd.DataFrame, test: str) -> str:
    """Which methods pass a test, with their numbers; empty where none was made."""
    said = []
    for setting, own in _by_setting(found[found["test"] == test]):
        groups: dict[str, list[str]] = {}
        for _, row in own.iterrows():
            text = f"{names.method_label(row['method'])} ({_rho(row)})"
            groups.setdefault(_answers.word(row), []).append(text)
        answers = (f"{w.lower()}: {', '.join(groups[w])}" for w in _answers.WORDS if w in groups)
        said.append(f"{setting}, {'; '.join(answers)}.")
    title = _answers.TESTS[test]
    return f"{title[0].upper()}{title[1:]}: {' '.join(said)}" if said else ""


def _checkpoints(view: PanelView) -> str:
    """What choosing the checkpoint costs in a study, by setting."""
    own = _numbers(view)
    if "what" not in own:
        return ""
    own = own[own["learned"] & (own["what"] == "checkpoint")]
    said = []
    for points, part in own.groupby(own["dataset"].map(kind) == "points"):
        arms = part.groupby([*ARM, "signal"])["lost"].mean().groupby("signal").median()
        cost = {name: numbers.amount(arms[signal], 2) for name, signal in COSTS.items()}
        said.append(_sections.CHECKPOINT.format(setting="2-D" if points else "images", **cost))
    return " ".join(said)


def _ladder(view: PanelView) -> Iterator[str]:
    """How the order of frozen generators changes with the critic's steps, by objective."""
    own, title = _numbers(view), view.title.partition(":")[0]
    if "k" in own and (own["k"] > 0).any():
        if not _frozen.reached(own):
            apart = numbers.amount(own["range"].mean(), 2)
            yield _sections.TOO_ALIKE.format(title=title, apart=apart, needed=f"{_frozen.APART:g}")
            return
        own = own[(own["k"] > 0) & (own["signal"] == "estimate")]
        means = own.groupby(["critic", "k"])["rho"].mean().unstack("k").sort_index(axis=1)
        ends = means.iloc[:, [0, -1]]
        each = [
            f"{numbers.plain(a)} and {numbers.plain(b)} for {names.estimate(str(critic))['symbol']} of "
            f"{names.method_label(str(critic))}"
            for critic, (a, b) in zip(ends.index, ends.to_numpy(), strict=True)
        ]
        first, last = (f"{k:,}" for k in ends.columns)
        text = _sections.LADDER.format(first=first, last=last, each="; ".join(each))
        yield f"{title}: {text[0].lower()}{text[1:]}"


def _rates(view: PanelView) -> Iterator[str]:
    """What choosing the learning rate costs."""
    own = _numbers(view)
    if "lost" in own:
        cost = own.groupby("signal")["lost"].mean()
        said = {signal: numbers.amount(cost[signal], 2) for signal in ("estimate", "over_k")}
        yield _sections.RATE.format(random=numbers.amount(own["random"].mean(), 2), **said)
