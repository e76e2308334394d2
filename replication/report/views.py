"""A panel as a page shows it, and on which page it stands: all from the head of its file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from replication.figures.panel import MissingResult
from replication.plan import registry
from replication.plan.study import REPORTS, RESULTS, experiment_file, panel_files
from replication.report import pages
from replication.report.inline import inline


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
    """A figure with all that is said under it; `links` are relative to the report's folder."""

    id: str
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
    decides: Sequence[Link]


def taught(panel: str) -> bool:
    """Whether the page on theory shows a panel: those of its own folder, and those that name a topic."""
    return pages.of(panel) == pages.THEORY or "TOPIC" in registry.panel_metadata(panel)


def front(panels: Iterable[str]) -> list[str]:
    """The panels that the front page shows, in the order of ``FRONT`` in their heads."""
    places = {panel: registry.panel_metadata(panel).get("FRONT") for panel in panels}
    return sorted((p for p, place in places.items() if place), key=lambda p: (places[p], p))


def anchor(panel: str) -> str:
    """The id of a panel on its page."""
    return panel.replace("/", "-").replace("_", "-")


def link(panel: str) -> Link:
    """Where a panel stands."""
    return Link(registry.panel_metadata(panel)["TITLE"], pages.of(panel), anchor(panel))


def paper_of(panel: str) -> Paper:
    """The paper that a panel's folder is named for, as the head of the folder's ``__init__.py`` cites it.

    A paper that a panel mirrors without having a folder goes by its id: ``Weng 2017`` for ``weng2017``.
    """
    paper = panel.partition("/")[0]
    files = (registry.PACKAGE / kind / paper / "__init__.py" for kind in registry.PANELS)
    head = next((registry.literals(file) for file in files if file.exists()), {})
    by_id = re.sub(r"(?<=\D)(?=\d{4}$)", " ", paper).capitalize()
    return Paper(
        paper, head.get("CITATION", by_id), head.get("ARXIV", ""), head.get("OPENREVIEW", "")
    )


def view(panel: str, decides: Sequence[Link] = ()) -> PanelView:
    """A panel's head and files; raises `MissingResult` where a file is absent."""
    paths = panel_files(panel)
    for path in paths:
        if not path.exists():
            raise MissingResult(f"{path}: no such file; make it with: replication panel {panel}")
    head = registry.panel_metadata(panel)
    return PanelView(
        id=panel,
        anchor=anchor(panel),
        title=head["TITLE"],
        explained=head.get("EXPLAINED", ""),
        caption=head["CAPTION"],
        mirrors=mirrored(head["MIRRORS"]),
        paper_shows=head.get("PAPER_SHOWS", ""),
        svg=inline(paths[0].read_text(encoding="utf-8"), anchor(panel), head["TITLE"]),
        links={path.suffix[1:]: path.relative_to(REPORTS).as_posix() for path in paths},
        command=f"replication panel {panel}",
        made_from=made_from(head),
        decides=decides,
    )


def made_from(head: dict[str, Any]) -> list[str]:
    """The folders of the runs, files of the experiments and other files that a panel shows, as its head has them."""
    experiments = [
        experiment_file(experiment).as_posix() for experiment in head.get("EXPERIMENTS", [])
    ]
    runs = [f"{RESULTS.as_posix()}/runs/{pattern}" for pattern in head["RUNS"]]
    return [*runs, *experiments, *head.get("FILES", [])]


def mirrored(mirrors: str) -> str:
    """Authors, year and place for ``wgan2017:fig3``; empty for a panel that mirrors nothing."""
    if not mirrors:
        return ""
    paper, _, place = mirrors.partition(":")
    return f"{paper_of(paper).short}, " + re.sub(r"(fig|tab)(?=\d)", r"\1. ", place)
