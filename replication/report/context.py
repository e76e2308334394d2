"""All that the report says, as one typed object: the pages and the Markdown render the same one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from replication.figures import names
from replication.figures.results import Frames
from replication.plan.study import Study
from replication.report import arm, budget, cost, glossary, origin, pages, tables, views
from replication.report.arm import ArmPage
from replication.report.board import Board, board
from replication.report.budget import Fact
from replication.report.catalogue import Catalogue, catalogue
from replication.report.cost import Cost
from replication.report.failures import FailureModes, failure_modes
from replication.report.findings import Finding, findings
from replication.report.glossary import Group
from replication.report.leaderboard import Leaderboard, leaderboards
from replication.report.loss import Readable, readable
from replication.report.methods import Methods, methods
from replication.report.paper import PaperPage, paper
from replication.report.tables import Table
from replication.report.theory import Theory, theory
from replication.report.views import Link, PanelView

QUESTION = "Which claims of the GAN papers hold when you train them yourself?"


@dataclass(frozen=True)
class Context:
    """The report: the front page first, then what the other pages add."""

    question: str
    summary: str
    facts: list[Fact]
    limits: list[str]
    findings: list[Finding]
    catalogue: Catalogue
    leaderboards: list[Leaderboard]
    board: Board
    on_images: bool
    failures: Table | None
    provenance: list[Fact]
    commands: list[Fact]
    citation: str
    drawn: dict[str, PanelView]
    papers: list[PaperPage]
    readable: Readable
    methods: Methods
    failure_modes: FailureModes
    theory: Theory
    cost: Cost
    arms: list[ArmPage]
    glossary: list[Group]
    navigation: list[Link]
    shelf: list[Link]


def context(studies: Sequence[Study]) -> Context:
    """Read all results of some studies.

    The study with the most arms on images leads, of equal ones the largest: what is said without naming a study is said
    of it. Claims and figures are those of the largest study that has them.

    Args:
        studies: one or more, the largest last.

    Raises:
        MissingResult: a table, the verdicts or a panel's figure is absent; the message names the command
            that makes it.
    """
    study, paths = studies[-1], [one.paths for one in studies]
    every = [Frames.read(one) for one in studies]
    of_images = [own for one in every if (own := one.only(["@images/*"])).arms]
    of_points = [own for one in every if (own := one.only(["@points/*"])).arms]
    frames = _leader(of_images or of_points)  # without images those on points are the study
    everything = next(one for one in every if one.study.name == frames.study.name)
    points = _leader(of_points) if of_points else everything.only(["@points/*"])
    shown = [panel for panel in study.panels if views.shows(panel, paths)]
    verdicts = board(shown, paths)
    decides = verdicts.by_panel()
    views_of = {panel: views.view(panel, paths, decides.get(panel, ())) for panel in shown}
    drawn = {panel: view for panel, view in views_of.items() if view}
    papers = [paper(folder, drawn, verdicts, every) for folder in pages.papers()]
    return Context(
        question=QUESTION,
        summary=" ".join(summary(one) for one in reversed(every)),
        facts=[*map(budget.study_fact, studies), *budget.facts(frames)],
        limits=budget.limits(frames),
        findings=findings(verdicts, drawn),
        catalogue=catalogue(verdicts, drawn),
        leaderboards=leaderboards(every),
        board=verdicts,
        on_images=bool(of_images),
        failures=tables.failures(frames),
        provenance=origin.provenance(studies),
        commands=origin.commands(frames.study),
        citation=origin.citation(),
        drawn=drawn,
        papers=papers,
        readable=readable(drawn, {one.study.name: one for one in every}),
        methods=methods(drawn, everything, frames),
        failure_modes=failure_modes(every, frames),
        theory=theory(drawn, points),
        cost=cost.cost(drawn, every),
        arms=arm.arms(every),
        glossary=glossary.glossary(),
        navigation=[Link(name, pages.of(stem)) for stem, name in pages.STUDY.items()],
        shelf=[Link(one.short, one.page) for one in papers],
    )


def _leader(found: Sequence[Frames]) -> Frames:
    """The results with the most arms; of equal ones those of the largest study, which is the last."""
    return max(reversed(found), key=lambda one: len(one.arms))


def summary(frames: Frames) -> str:
    """A study in one sentence: its runs, by what they are trained on, and its experiments."""
    said = []
    for of, what in (("images", "runs on {}"), ("points", "runs on 2-D data")):
        own = frames.only([f"@{of}/*"])
        if own.arms:
            data = " and ".join(names.dataset_label(d) for d in own.datasets)
            said.append(
                f"{len(own.runs):,} {what.format(data)}{_methods(own) if of == 'images' else ''}"
            )
    count = len(budget.experiments(frames.study))
    said += [f"{count} controlled {tables.plural(count, 'experiment')}"] if count else []
    planned, missing = len(frames.study.arms), budget.missing_arms(frames.study)
    are = "is" if missing == 1 else "are"
    left = f" {missing} of its {planned} arms {are} not there yet." if missing else ""
    return f"Study {frames.study.name}: {', '.join(said)}.{left}"


def _methods(frames: Frames) -> str:
    """How many methods and seeds, and how many runs failed: ``(7 objectives, 6 seeds; none failed)``."""
    methods, seeds = frames.runs["method"].nunique(), frames.study.config.budget.seeds
    lost = int((frames.runs["state"] != "finished").sum())
    objectives = f"{methods} {tables.plural(methods, 'objective')}"
    return f" ({objectives}, {seeds} {tables.plural(seeds, 'seed')}; {lost or 'none'} failed)"
