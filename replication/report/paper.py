"""The page of a paper: what it argues, its panels and claims, its recipes and numbers beside ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from replication.claims import schema
from replication.claims.schema import Citation
from replication.figures import names
from replication.figures.names import Arm
from replication.figures.results import Frames
from replication.metrics._base import describe
from replication.plan import registry
from replication.plan.config import Run
from replication.plan.paths import REPORTS
from replication.report import pages, recipes, tables, views
from replication.report.board import Board, PaperClaims
from replication.report.budget import Fact
from replication.report.tables import Cell, Table
from replication.report.views import Link, PanelView

FORMS = {"printed": "as printed", "coded": "as coded"}


@dataclass(frozen=True)
class Deviations:
    """What a method's recipe does otherwise than its paper, and why."""

    label: str
    items: list[str]


@dataclass(frozen=True)
class PaperPage:
    """The page; a list that does not apply is empty, and a table None."""

    page: str
    twin: str
    title: str
    short: str
    citation: str
    arxiv: str
    openreview: str
    argues: list[str]
    views: list[PanelView]
    elsewhere: list[Link]
    claims: PaperClaims | None
    recipes: Table | None
    deviations: list[str]
    of_methods: list[Deviations]
    theirs: Table | None
    ours: Table | None
    commands: list[Fact]


def paper(folder: str, drawn: Mapping[str, PanelView], board: Board, frames: Frames) -> PaperPage:
    """The page of a folder.

    Args:
        folder: one of `pages.papers()`.
        drawn: every panel.
        board: the verdicts.
        frames: the runs on images.
    """
    told = schema.papers().get(folder)
    known = views.paper_of(folder)
    runs = recipes.one_per_method(methods_of(told.citation, frames) if told else [])
    own = [panel for panel in drawn if panel.startswith(f"{folder}/")]
    page = pages.of(folder)
    return PaperPage(
        page=page,
        twin=pages.twin(page),
        title=told.citation.title if told else known.short,
        short=told.citation.short if told else known.short,
        citation=cited(told.citation) if told else known.citation,
        arxiv=known.arxiv,
        openreview=known.openreview,
        argues=list(told.argues) if told else [],
        views=[drawn[panel] for panel in own],
        elsewhere=_elsewhere(folder, told, drawn),
        claims=next((claims for claims in board.papers if claims.page == page), None),
        recipes=_recipes(told, runs) if told and (told.recipes or runs) else None,
        deviations=list(told.deviations) if told else [],
        of_methods=deviations(runs),
        theirs=_theirs(told) if told and told.headline else None,
        ours=_ours({run.method for run in runs}, frames),
        commands=_commands(page, [drawn[panel] for panel in own], bool(told and told.claims)),
    )


def _elsewhere(folder: str, told: schema.Paper | None, drawn: Iterable[str]) -> list[Link]:
    """Panels of other folders that mirror a figure of the paper, or speak of its claims."""
    asked = {panel for claim in told.claims for panel in claim.panels} if told else set()
    return [
        views.link(panel)
        for panel in drawn
        if pages.of(panel) != pages.of(folder)
        and (panel in asked or registry.panel_metadata(panel)["MIRRORS"].startswith(f"{folder}:"))
    ]


def cited(citation: Citation) -> str:
    """``Ian Goodfellow, ...: Generative Adversarial Nets. NIPS 2014``."""
    year = "" if str(citation.year) in citation.venue else f" {citation.year}"
    return f"{', '.join(citation.authors)}: {citation.title}. {citation.venue}{year}"


def methods_of(citation: Citation, frames: Frames) -> list[Run]:
    """The runs of the methods whose recipe names the paper as a source."""
    return [run for run in frames.planned if citation.short in run.recipe.source]


def deviations(runs: list[Run]) -> list[Deviations]:
    """What the recipes of some runs do otherwise than their papers."""
    return [
        Deviations(names.method_label(run.method), run.recipe.deviations)
        for run in runs
        if run.recipe.deviations
    ]


def _recipes(told: schema.Paper, runs: list[Run]) -> Table:
    """The paper's recipes and ours, one a row: a row of settings each, since no two name the same ones."""
    rows = [
        [Cell(one.of), Cell(FORMS[one.form]), Cell(_settings(one.settings)), Cell(one.source)]
        for one in told.recipes
    ]
    for run in runs:
        label = Cell(names.method_label(run.method), colour=names.colour(run.method))
        rows.append(
            [label, Cell("ours"), Cell(_settings(recipes.settings(run))), Cell(run.recipe.source)]
        )
    caption = "How the paper's models were trained, in its words and in its authors' code, and how ours are."
    return Table(caption, ["Recipe", "Form", "Settings", "Source"], rows)


def _settings(settings: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in settings.items())


def _theirs(told: schema.Paper) -> Table:
    rows = [
        [Cell(one.what), Cell(one.value), Cell(one.protocol), Cell(one.source)]
        for one in told.headline
    ]
    caption = (
        "What the paper reports, each number with the protocol without which it means nothing."
    )
    return Table(caption, ["Number", "Value", "Protocol", "Where it was read"], rows)


def _ours(methods: set[str], frames: Frames) -> Table | None:
    """Final quality on images of the arms of some methods, each number with its protocol."""
    rows = []
    for arm in (arm for arm in frames.arms if arm.method in methods):
        own = names.rows_of(frames.summary, arm).set_index("metric")
        for metric in (m for m in frames.metrics(*tables.MAIN) if m in own.index):
            label = f"{names.metric(metric).title}, {names.arm_label(arm, frames.arms)}"
            colour = names.colour(arm.method)
            value = tables.final(frames, own, metric)
            rows.append([Cell(label, colour=colour), value, Cell(_protocol(arm, metric, frames))])
    caption = (
        "What the same methods reach here: mean over seeds with its 95 % interval, from "
        + frames.study.paths.table("summary.csv").as_posix()
        + ". "
        "The protocols differ, so no number of this table can be compared with one of the paper's."
    )
    return (
        Table(tables.noted(caption, rows), ["Number", "Value", "Protocol"], rows) if rows else None
    )


def _protocol(arm: Arm, metric: str, frames: Frames) -> str:
    """How a number of ours was measured, on what and after how many steps."""
    run = frames.study.arm("/".join(arm))[0]
    said = describe(metric, frames.protocol(arm.dataset))
    return f"{said}; {tables.dataset_label(arm.dataset)}, {arm.net}, {run.steps:,} generator steps"


def _commands(page: str, views: list[PanelView], decides: bool) -> list[Fact]:
    """How to make just this page's figures, verdicts and the page again."""
    commands = [Fact(view.command, f"one figure: {view.title}") for view in views]
    if views:
        files = " ".join(f"{REPORTS}/{view.links['csv']}" for view in views)
        said = "these figures, with the runs and experiments that they need and that are missing or out of date"
        commands.append(Fact(f"snakemake --cores all {files}", said))
    if decides:
        commands.append(Fact("replication claims", "the verdicts, from the numbers of the figures"))
    return [*commands, Fact("replication report", f"{page} and the other pages")]
