"""A paper's page: what it argues, its figures beside ours, its claims, numbers, recipes, and how to make it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from replication.claims import schema
from replication.claims.schema import Citation
from replication.figures import names
from replication.figures.results import Frames
from replication.plan import registry
from replication.plan.config import Run
from replication.plan.paths import REPORTS
from replication.report import compared, pages, recipes, views
from replication.report.board import Board, PaperClaims
from replication.report.budget import Fact
from replication.report.tables import DASH, Cell, Table
from replication.report.views import Link, PanelView

FORMS = {"printed": "as printed", "coded": "as coded"}

#: Settings that go by two names in the papers.
SAME = {"nets": "net", "rate": "learning rate", "steps": "length", "training": "length"}


@dataclass(frozen=True)
class Deviations:
    """What a method's recipe does otherwise than its paper, and why."""

    label: str
    items: list[str]


@dataclass(frozen=True)
class PaperPage:
    """The page; a list that does not apply is empty, and a table None.

    Attributes:
        figures: the paper's own, in its order.
        beyond: what no figure of the paper shows.
        arms: those of the methods whose recipe comes from the paper, by data set and study.
    """

    page: str
    twin: str
    title: str
    short: str
    citation: str
    arxiv: str
    openreview: str
    bibtex: str
    argues: list[str]
    figures: list[PanelView]
    beyond: list[PanelView]
    elsewhere: list[Link]
    claims: PaperClaims | None
    recipes: Table | None
    deviations: list[str]
    of_methods: list[Deviations]
    numbers: Table | None
    arms: list[Link]
    commands: list[Fact]

    @property
    def views(self) -> list[PanelView]:
        """All of them."""
        return [*self.figures, *self.beyond]


def paper(
    folder: str, drawn: Mapping[str, PanelView], board: Board, studies: Sequence[Frames]
) -> PaperPage:
    """The page of a folder.

    Args:
        folder: one of `pages.papers()`.
        drawn: every panel that shows something.
        board: the verdicts.
        studies: their results, the largest last.
    """
    told = schema.papers().get(folder)
    known = views.paper_of(folder)
    runs = [run for frames in studies for run in methods_of(told.citation, frames)] if told else []
    one_each = recipes.one_per_method(runs)
    page = pages.of(folder)
    own = sorted(
        (p for p in drawn if p.startswith(f"{folder}/") and pages.of(p) == page),
        key=views.figure_order,
    )
    mirrors = {p for p in own if registry.panel_metadata(p)["MIRRORS"].startswith(f"{folder}:")}
    figures = [drawn[p] for p in own if p in mirrors or not told]
    return PaperPage(
        page=page,
        twin=pages.twin(page),
        title=told.citation.title if told else known.short,
        short=told.citation.short if told else known.short,
        citation=cited(told.citation) if told else known.citation,
        arxiv=known.arxiv,
        openreview=known.openreview,
        bibtex=bibtex(folder, told.citation) if told else "",
        argues=list(told.argues) if told else [],
        figures=figures,
        beyond=[drawn[p] for p in own if drawn[p] not in figures],
        elsewhere=_elsewhere(folder, told, drawn),
        claims=next((claims for claims in board.papers if claims.page == page), None),
        recipes=_recipes(told, one_each) if told and (told.recipes or one_each) else None,
        deviations=list(told.deviations) if told else [],
        of_methods=deviations(one_each),
        numbers=compared.table(told.headline, {run.method for run in one_each}, studies)
        if told and told.headline
        else None,
        arms=_arms({run.method for run in one_each}, studies),
        commands=_commands(page, [drawn[p] for p in own], bool(told and told.claims)),
    )


def _elsewhere(folder: str, told: schema.Paper | None, drawn: Iterable[str]) -> list[Link]:
    """Panels of other folders that mirror a figure of the paper, or speak of its claims."""
    asked = {panel for claim in told.claims for panel in claim.panels} if told else set()
    return [
        views.link(panel)
        for panel in drawn
        if panel.partition("/")[0] != folder
        and (panel in asked or registry.panel_metadata(panel)["MIRRORS"].startswith(f"{folder}:"))
    ]


def _arms(methods: set[str], studies: Sequence[Frames]) -> list[Link]:
    """The pages of the arms of some methods."""
    return [
        Link(f"{names.arm_label(arm, frames.arms)}, {names.dataset_label(arm.dataset)}, {frames.study.name}",
             pages.of_arm(frames.study.name, "/".join(arm)))
        for frames in studies for arm in frames.arms if arm.method in methods
    ]  # fmt: skip


def cited(citation: Citation) -> str:
    """``Ian Goodfellow, ...: Generative Adversarial Nets. NIPS 2014``."""
    year = "" if str(citation.year) in citation.venue else f" {citation.year}"
    return f"{', '.join(citation.authors)}: {citation.title}. {citation.venue}{year}"


def bibtex(key: str, citation: Citation) -> str:
    """The entry of a paper for a bibliography."""
    fields = {
        "author": " and ".join(citation.authors),
        "title": f"{{{citation.title}}}",
        "booktitle": citation.venue,
        "year": str(citation.year),
    }
    fields |= {"eprint": citation.arxiv, "archiveprefix": "arXiv"} if citation.arxiv else {}
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@inproceedings{{{key},\n{lines}}}"


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
    """The paper's recipes and ours side by side: a row for each setting that any of them names."""
    columns = {f"{one.of} ({FORMS[one.form]}; {one.source})": one.settings for one in told.recipes}
    for run in runs:
        columns[f"Ours: {names.method_label(run.method)}"] = recipes.settings(run)
    named = [
        {SAME.get(k, k): text for k, text in settings.items()} for settings in columns.values()
    ]
    every = list(dict.fromkeys(name for settings in named[::-1] for name in settings))
    rows = [[Cell(name), *(Cell(settings.get(name, DASH)) for settings in named)] for name in every]
    caption = "How the paper's models were trained, in its words and in its authors' code, and how ours are."
    return Table(caption, ["Setting", *columns], rows)


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
