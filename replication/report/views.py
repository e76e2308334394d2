"""A panel as a page shows it, and on which page it stands: all from the head of its file."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pandas as pd
from pandas.api.types import is_numeric_dtype

from replication.claims import schema
from replication.figures.names import ARM
from replication.figures.results import MissingResult
from replication.plan import registry
from replication.plan.paths import REPORTS, Paths
from replication.report import pages
from replication.report.inline import inline
from replication.report.tables import Cell, Table
from replication.words import numbers

#: A drawing of more characters is shown as its png: pages stay light.
HEAVY = 150_000


@dataclass(frozen=True)
class Paper:
    """A paper as it is cited."""

    id: str
    citation: str
    arxiv: str
    openreview: str = ""

    @property
    def short(self) -> str:
        """Authors and year; for what is no paper, the words before a colon."""
        return re.sub(r"(?<=\d{4}).*", "", self.citation).partition(":")[0]


@dataclass(frozen=True)
class Link:
    """A page, or a place on it, and what is said of it."""

    text: str
    page: str
    anchor: str = ""
    mark: str = ""


@dataclass(frozen=True)
class PanelView:
    """A figure with all that is said under it.

    Attributes:
        study: whose numbers it shows.
        links: its files by kind, relative to the report's folder.
        svg: the drawing as an element; empty where it is `HEAVY`, and its png is shown.
        elsewhere: the same figure of other studies.
        table: what is shown in place of the drawing, where its head names columns `AS_TABLE`.
    """

    id: str
    study: str
    anchor: str
    title: str
    explained: str
    caption: str
    mirrors: str
    paper_shows: str
    svg: str
    links: dict[str, str]
    command: str
    made_from: list[str]
    elsewhere: list[Link]
    decides: Sequence[Link]
    table: Table | None

    @property
    def pictures(self) -> dict[str, str]:
        """Its png in every study that has something to show, by the study's name."""
        return {self.study: self.links["png"], **{one.text: one.page for one in self.elsewhere}}

    def drawn_in(self, study: str) -> str:
        """A study, if the figure is drawn of it, and else the one that speaks."""
        return study if study in self.pictures else self.study


def figure_order(panel: str) -> tuple[int, int, str]:
    """Where a panel stands among those of its paper: by the figure that it mirrors, then sections and theorems.

    ``FIGURE = 3`` in its head says it where what it mirrors does not begin with a number.
    """
    head = registry.panel_metadata(panel)
    place = head["MIRRORS"].partition(":")[2]
    number = re.search(r"\d+", place)
    drawn = bool(re.match(r"(fig|Fig|tab|Tab)", place))
    return int(not drawn), int(head.get("FIGURE", number[0] if number else 99)), panel


def link(panel: str) -> Link:
    """Where a panel stands."""
    return Link(registry.panel_metadata(panel)["TITLE"], pages.of(panel), pages.anchor(panel))


def paper_of(panel: str) -> Paper:
    """The paper that a panel's folder is named for, as its paper.yaml cites it; a page of no paper by its title.

    A paper that a panel mirrors without having a folder goes by its id: ``Weng 2017`` for ``weng2017``.
    """
    paper = panel.partition("/")[0]
    if known := schema.papers().get(paper):
        cited = known.citation
        said = f"{cited.short}, {cited.title}"
        return Paper(paper, said, cited.arxiv or "", cited.openreview or "")
    page = registry.PACKAGE / "pages" / paper / "__init__.py"
    by_id = re.sub(r"(?<=\D)(?=\d{4}$)", " ", paper).capitalize()
    return Paper(paper, registry.literals(page)["TITLE"] if page.exists() else by_id, "")


def view(panel: str, studies: Sequence[Paths], decides: Sequence[Link] = ()) -> PanelView | None:
    """A panel's head and its files in the study that speaks: the largest one in which it has anything to show.

    Args:
        panel: ``<paper>/<panel>``.
        studies: those of the report, the largest last.
        decides: the claims that it has evidence on.

    Returns:
        None where no study has evidence of what it shows.

    Raises:
        MissingResult: a file is absent.
    """
    head = registry.panel_metadata(panel)
    if not shows(panel, studies):
        return None
    speaking = _speaking(panel, studies)
    *smaller, largest = speaking or list(studies)[-1:]
    svg_file, numbers_file = (_there(path, panel, largest) for path in largest.panel(panel))
    kept = [_there(largest.picture(panel), panel, largest), numbers_file]
    svg = inline(svg_file.read_text(encoding="utf-8"), pages.anchor(panel), head["TITLE"])
    return PanelView(
        id=panel,
        study=largest.name,
        anchor=pages.anchor(panel),
        title=head["TITLE"],
        explained=head.get("EXPLAINED", ""),
        caption=head["CAPTION"],
        mirrors=mirrored(head["MIRRORS"]),
        paper_shows=head.get("PAPER_SHOWS", ""),
        svg=svg if len(svg) <= HEAVY else "",
        links={p.suffix[1:]: p.relative_to(REPORTS).as_posix() for p in kept},
        command=f"replication panel {panel} --study {largest.name}",
        made_from=made_from(head, largest),
        elsewhere=[Link(s.name, s.picture(panel).relative_to(REPORTS).as_posix()) for s in smaller],
        decides=decides,
        table=_as_table(head, numbers_file),
    )


def _as_table(head: dict[str, Any], path: Path) -> Table | None:
    """The columns of a figure's csv that its head names, under the names that it gives them."""
    if not (columns := head.get("AS_TABLE")):
        return None
    shown = pd.read_csv(path)[list(columns)]
    numeric = [i for i, name in enumerate(shown) if is_numeric_dtype(shown[name])]
    rows = [
        [
            Cell(numbers.plain(round(value, 3) + 0.0, ".4g") if i in numeric else value)
            for i, value in enumerate(row)
        ]
        for row in shown.itertuples(index=False)
    ]
    return Table(head["TITLE"], list(columns.values()), rows, frozenset(numeric))


def shows(panel: str, studies: Sequence[Paths]) -> bool:
    """Whether some study has what a panel shows; one that computes all that it shows asks for none.

    Raises:
        MissingResult: its numbers are absent.
    """
    head = registry.panel_metadata(panel)
    computed = not head["RUNS"] and not head.get("EXPERIMENTS")
    return bool(_speaking(panel, studies)) or computed


def _speaking(panel: str, studies: Sequence[Paths]) -> list[Paths]:
    """The studies that have something to show, the one that speaks last: the largest.

    A figure that compares arms is by the largest of those that have half as many arms as any. Where it names arms, a
    study that has fewer than half of them has nothing to compare.
    """
    arms = {one: own for one in studies if (own := _arms(one, panel)) is not None}
    named = registry.panel_metadata(panel)["RUNS"]
    if not any(runs.startswith("@") for runs in named):
        arms = {
            one: own for one, own in arms.items() if not own or 2 * _met(named, own) >= len(named)
        }
    most = max(map(len, arms.values()), default=0)
    enough = [one for one, own in arms.items() if 2 * len(own) >= most]
    return [*(one for one in arms if one not in enough), *enough]


def _met(patterns: Sequence[str], arms: set[str]) -> int:
    """How many of some patterns fit an arm."""
    return sum(any(fnmatchcase(arm, pattern) for arm in arms) for pattern in patterns)


def _arms(study: Paths, panel: str) -> set[str] | None:
    """The arms that a study's figure of a panel shows, none where it shows something else; None where it is empty."""
    with _there(study.panel(panel)[-1], panel, study).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if not rows:
        return None
    if set(ARM) <= set(rows[0]):
        return {"/".join(row[column] for column in ARM) for row in rows}
    return {arm for row in rows if (arm := row.get("arm", "")).count("/") == len(ARM) - 1}


def _there(path: Path, panel: str, study: Paths) -> Path:
    if not path.exists():
        remedy = f"replication panel {panel} --study {study.name}"
        raise MissingResult(f"{path}: no such file; make it with: {remedy}")
    return path


def made_from(head: dict[str, Any], study: Paths) -> list[str]:
    """The evidence that a panel shows, arms, experiments and other files, as its head has them."""
    names = head.get("EXPERIMENTS", [])
    experiments = [study.experiment(experiment).as_posix() for experiment in names]
    runs = [study.arm(pattern).as_posix() for pattern in head["RUNS"]]
    return [*runs, *experiments, *head.get("FILES", [])]


def mirrored(mirrors: str) -> str:
    """Authors, year and place for ``wgan2017:fig3``; empty for a panel that mirrors nothing."""
    if not mirrors:
        return ""
    paper, _, place = mirrors.partition(":")
    return f"{paper_of(paper).short}, " + re.sub(r"(fig|tab)(?=\d)", r"\1. ", place)
