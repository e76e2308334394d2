"""All that the report says, as one typed object: the page and the Markdown render the same one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from replication import registry
from replication.report import budget, names, origin, reading, tables
from replication.report.budget import Fact
from replication.report.inline import inline
from replication.report.panels import Frames, MissingResult
from replication.report.tables import Table
from replication.study import REPORTS, Study, panel_files

QUESTION = "Which claims of the GAN papers hold when you train them yourself?"


@dataclass(frozen=True)
class Paper:
    """A paper as it is cited."""

    id: str
    citation: str
    arxiv: str


@dataclass(frozen=True)
class PanelView:
    """A figure with all that is said under it; `links` are relative to the report's folder."""

    id: str
    anchor: str
    title: str
    caption: str
    mirrors: str
    paper_shows: str
    svg: str
    links: dict[str, str]
    command: str


@dataclass(frozen=True)
class Deviations:
    """What a method's recipe does otherwise than its paper, and why."""

    label: str
    items: list[str]


@dataclass(frozen=True)
class Context:
    """The report."""

    question: str
    summary: str
    facts: list[Fact]
    limits: list[str]
    headlines: list[Table]
    answers: list[Fact]
    rule: str
    tracking: Table
    papers: list[tuple[Paper, list[PanelView]]]
    recipes: Table
    deviations: list[Deviations]
    variants: Table | None
    failures: Table | None
    provenance: list[Fact]
    commands: list[Fact]


def context(study: Study) -> Context:
    """Read all results of a study.

    Raises:
        MissingResult: a table or a panel's figure is absent; the message names the command that makes it.
    """
    frames = Frames.read(study).only(["@images/*"])
    runs = frames.planned
    views = [(paper_of(panel), view(panel)) for panel in sorted(study.panels, key=by_year)]
    return Context(
        question=QUESTION,
        summary=summary(frames),
        facts=budget.facts(frames),
        limits=budget.limits(frames),
        headlines=tables.headlines(frames),
        answers=reading.answers(frames),
        rule=reading.RULE,
        tracking=reading.table(frames),
        papers=[
            (p, [v for _, v in group]) for p, group in groupby(views, key=lambda pair: pair[0])
        ],
        recipes=tables.recipes(runs),
        deviations=[
            Deviations(names.method_label(run.method), run.recipe.deviations)
            for run in tables.one_per_method(runs)
            if run.recipe.deviations
        ],
        variants=tables.variants(frames),
        failures=tables.failures(frames),
        provenance=origin.provenance(study),
        commands=origin.commands(study),
    )


def summary(frames: Frames) -> str:
    """The study in one line."""
    runs, methods = frames.runs, frames.runs["method"].nunique()
    data = " and ".join(tables.dataset_label(d) for d in frames.datasets)
    lost = int((runs["state"] != "finished").sum())
    seeds = frames.study.config.budget.seeds
    return (
        f"{methods} {tables.plural(methods, 'objective')}, {seeds} {tables.plural(seeds, 'seed')}, {len(runs)} runs "
        f"on {data}; {lost or 'none'} of them diverged. Profile {frames.study.config.profile}."
    )


def by_year(panel: str) -> tuple[int, str]:
    """What belongs to no paper comes first, then the papers in the order of their years."""
    year = re.search(r"\d{4}$", panel.partition("/")[0])
    return int(year[0]) if year else 0, panel


def paper_of(panel: str) -> Paper:
    """The paper that a panel's folder is named for, as the head of the folder's ``__init__.py`` cites it.

    A paper that a panel mirrors without having a folder goes by its id: ``Weng 2017`` for ``weng2017``.
    """
    paper = panel.partition("/")[0]
    path = registry.PACKAGE / "papers" / paper / "__init__.py"
    head = registry.literals(path) if path.exists() else {}
    by_id = re.sub(r"(?<=\D)(?=\d{4}$)", " ", paper).capitalize()
    return Paper(paper, head.get("CITATION", by_id), head.get("ARXIV", ""))


def view(panel: str) -> PanelView:
    """A panel's head and files; raises `MissingResult` where a file is absent."""
    paths = panel_files(panel)
    for path in paths:
        if not path.exists():
            raise MissingResult(f"{path}: no such file; make it with: replication panel {panel}")
    head, anchor = registry.panel_head(panel), panel.replace("/", "-").replace("_", "-")
    return PanelView(
        id=panel,
        anchor=anchor,
        title=head["TITLE"],
        caption=head["CAPTION"],
        mirrors=mirrored(head["MIRRORS"]),
        paper_shows=head.get("PAPER_SHOWS", ""),
        svg=inline(paths[0].read_text(encoding="utf-8"), anchor, head["TITLE"]),
        links={path.suffix[1:]: path.relative_to(REPORTS).as_posix() for path in paths},
        command=f"replication panel {panel}",
    )


def mirrored(mirrors: str) -> str:
    """Authors, year and place for ``wgan2017:fig3``; empty for a panel that mirrors nothing."""
    if not mirrors:
        return ""
    paper, _, place = mirrors.partition(":")
    authors = re.sub(r"(?<=\d{4}).*", "", paper_of(paper).citation)
    return f"{authors}, " + re.sub(r"(fig|tab)(?=\d)", r"\1. ", place)
