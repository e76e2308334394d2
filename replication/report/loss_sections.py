"""The sections of the page on the central question: what each asks, and what its figures' numbers say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

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
from replication.report.tables import DASH, Cell, Table, plural
from replication.report.views import PanelView
from replication.words import numbers

FOLDER = "can_i_read_my_loss"

#: Signals by which a checkpoint may be chosen, as `_sections.CHECKPOINT` calls them.
SETTING = ["method", "net"]
COSTS = {"estimate": _signals.ESTIMATE, "over_k": "w_bound", "clock": _signals.CLOCK}


@dataclass(frozen=True)
class Section:
    """A part of the page: what is asked, what was found, in words and in a table, and the figures that show it."""

    anchor: str
    title: str
    about: str
    found: str
    table: Table | None
    views: list[PanelView]


def numbers_of(view: PanelView) -> pd.DataFrame:
    """The numbers behind a figure, as its csv has them."""
    return pd.read_csv(REPORTS / view.links["csv"])


def of_every_study(view: PanelView | None, studies: Mapping[str, Frames]) -> Iterator[PanelView]:
    """A panel as it was drawn of every study in which it has anything to show, the largest first."""
    if view is None:
        return
    for name in reversed(list(studies)):
        if name == view.study:
            yield view
        elif one := views.view(view.id, [studies[name].study.paths], view.decides):
            anchor = f"{view.anchor}-{name}"
            drawing = studies[name].study.paths.panel(view.id)[0].read_text(encoding="utf-8")
            yield replace(one, anchor=anchor, svg=inline(drawing, anchor, one.title))


def by_setting(found: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows of each setting, from the plane to the papers' scale."""
    for setting in SETTINGS:
        if len(own := found[found["setting"] == setting]):
            yield setting, own


def rho(row: pd.Series) -> str:
    """ρ with its interval; of rises, which are counted, in how many games."""
    if row["test"] == "rise":
        return f"in {round((row['mean'] + 1) / 2 * row['n'])} of {row['n']} games"
    ends = (
        ""
        if pd.isna(row["low"])
        else f" ({numbers.plain(row['low'])} to {numbers.plain(row['high'])})"
    )
    return f"ρ {numbers.plain(row['mean'])}{ends}"


def section(
    asked: _sections.Asked,
    drawn: Mapping[str, PanelView],
    studies: Mapping[str, Frames],
    found: pd.DataFrame,
) -> Section:
    """A section with what its figures found.

    Args:
        asked: its title, question, panels and tests.
        drawn: every panel that is shown.
        studies: all runs of every study by its name, the largest last.
        found: the rows of the answers.
    """
    shown = [
        view
        for panel in asked.panels
        for view in of_every_study(drawn.get(f"{FOLDER}/{panel}"), studies)
    ]
    said = " ".join(filter(None, (_said(found, test) for test in asked.tests)))
    if asked.anchor == "frozen":
        said = " ".join([said, *_alike(shown)])
    if asked.anchor == "choosing":
        lost = (
            _checkpoints(view, studies[view.study].study.config.budget.images) for view in shown
        )
        said = " ".join([*lost, *_rates(drawn.get(f"{FOLDER}/settings"))])
    if asked.anchor == "settings":
        said = " ".join([said, *_failures(drawn.get(f"{FOLDER}/settings"))])
    table = ladders(shown) if asked.anchor == "frozen" else None
    return Section(asked.anchor, asked.title, asked.about, said, table, shown)


def _said(found: pd.DataFrame, test: str) -> str:
    """Which methods pass a test, with their numbers; empty where none was made."""
    said = []
    for setting, own in by_setting(found[found["test"] == test]):
        groups: dict[str, list[str]] = {}
        for _, row in own.iterrows():
            text = f"{names.method_label(row['method'])} ({rho(row)})"
            groups.setdefault(_answers.word(row), []).append(text)
        answers = (f"{w.lower()}: {', '.join(groups[w])}" for w in _answers.WORDS if w in groups)
        said.append(f"{setting}, {'; '.join(answers)}.")
    title = _answers.TESTS[test]
    return f"{title[0].upper()}{title[1:]}: {' '.join(said)}" if said else ""


def _checkpoints(view: PanelView, images: str) -> str:
    """What choosing the checkpoint costs in a study, by setting; `images` is what its setting on images is called."""
    own = numbers_of(view)
    if "what" not in own:
        return ""
    own = own[own["learned"] & (own["what"] == "checkpoint")]
    said = []
    for points, part in own.groupby(own["dataset"].map(kind) == "points"):
        arms = len(part.drop_duplicates(ARM))
        cost = {name: _lost(part[part["signal"] == signal], ARM) for name, signal in COSTS.items()}
        about = {"setting": "2-D" if points else images, "n": f"{arms} {plural(arms, 'arm')}"}
        said.append(_sections.CHECKPOINT.format(**about, **cost))
    return " ".join(said)


def _lost(own: pd.DataFrame, unit: list[str]) -> str:
    """A cost with its interval over units, and over seeds where there is one unit alone."""
    units = own.groupby(unit)["lost"].mean()
    found = mean_interval(units if len(units) > 1 else own["lost"], within=(0, np.inf))
    ends = (numbers.amount(end, 2) for end in (found.low, found.high))
    return numbers.amount(found.mean, 2) + (
        "" if np.isnan(found.low) else f" ({' to '.join(ends)})"
    )


def _alike(views: Sequence[PanelView]) -> Iterator[str]:
    """Of frozen generators that are too much alike to be ordered, that they are."""
    for view in views:
        own = numbers_of(view)
        if "k" in own and not _frozen.reached(own):
            apart = numbers.amount(own["range"].mean(), 2)
            title = view.title.partition(":")[0]
            needed = f"{_frozen.APART:g}"
            yield _sections.TOO_ALIKE.format(title=title, apart=apart, needed=needed)


def ladders(views: Sequence[PanelView]) -> Table | None:
    """How the order that critics give changes with their steps: a row per objective, columns by figure and steps."""
    found: dict[str, dict[str, float]] = {}
    for view in views:
        own, title = numbers_of(view), view.title.partition(":")[0]
        if "k" not in own or not _frozen.reached(own):
            continue
        own = own[(own["k"] > 0) & (own["signal"] == "estimate")]
        for (critic, k), rho in own.groupby(["critic", "k"])["rho"].mean().items():
            found.setdefault(str(critic), {})[f"{title}, {k:,} steps"] = float(rho)
    if not found:
        return None
    columns = list(dict.fromkeys(name for row in found.values() for name in row))
    order = sorted(found, key=lambda critic: (names.year(critic), critic))
    rows = [
        [Cell(_frozen.label(critic), colour=names.colour(critic)), *(_plain(found[critic].get(c)) for c in columns)]
        for critic in order
    ]  # fmt: skip
    return Table(
        _sections.LADDER, ["Critic", *columns], rows, frozenset(range(1, len(columns) + 1))
    )


def _failures(view: PanelView | None) -> Iterator[str]:
    """In how many pairs of a failed and a learned run the failed one has the higher estimate, by method."""
    own = numbers_of(view) if view else pd.DataFrame()
    if "above" in own:
        own = own[(own["signal"] == "estimate") & own["above_low"].notna()]
        shares = own.drop_duplicates("method").set_index("method")
        said = [
            f"{names.method_label(str(method))} {100 * row['above']:.0f} ({100 * row['above_low']:.0f} to "
            f"{100 * row['above_high']:.0f}) %"
            for method, row in shares.iterrows()
        ]
        yield _sections.FAILURES.format(methods=", ".join(said))


def _plain(value: float | None) -> Cell:
    return Cell(DASH) if value is None else Cell(numbers.plain(value))


def _rates(view: PanelView | None) -> Iterator[str]:
    """What choosing the learning rate costs."""
    own = numbers_of(view) if view else pd.DataFrame()
    if "lost" in own:
        said = {s: _lost(own[own["signal"] == s], SETTING) for s in ("estimate", "over_k")}
        random = _lost(own.assign(lost=own["random"]), SETTING)
        yield _sections.RATE.format(random=random, **said)
