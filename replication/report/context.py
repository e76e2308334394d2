"""All that the report says, as one typed object: the pages and the Markdown render the same one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from replication.figures.results import Frames
from replication.plan.study import Study
from replication.report import budget, glossary, origin, pages, reading, tables, views
from replication.report.board import Board, board
from replication.report.budget import Fact
from replication.report.failures import FailureModes, failure_modes
from replication.report.glossary import Group
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
    headlines: list[Table]
    board: Board
    answers: list[Fact]
    rule: str
    tracking: Table | None
    front: list[PanelView]
    failures: Table | None
    provenance: list[Fact]
    commands: list[Fact]
    papers: list[PaperPage]
    readable: Readable
    methods: Methods
    failure_modes: FailureModes
    theory: Theory
    glossary: list[Group]
    navigation: list[Link]
    shelf: list[Link]


def context(studies: Sequence[Study]) -> Context:
    """Read all results of some studies.

    The largest one leads: what is said without naming a study is said of it. Claims and figures are those of the
    largest study that has them.

    Args:
        studies: one or more, the largest last.

    Raises:
        MissingResult: a table, the verdicts or a panel's figure is absent; the message names the command
            that makes it.
    """
    study, paths = studies[-1], [one.paths for one in studies]
    of_study = {one.name: Frames.read(one) for one in studies}
    everything = of_study[study.name]
    images, points = everything.only(["@images/*"]), everything.only(["@points/*"])
    frames = images if images.arms else points  # of a profile without images the toys are the study
    verdicts = board(study.panels, paths)
    decides = verdicts.by_panel()
    drawn = {p: views.view(p, paths, decides.get(p, ())) for p in study.panels}
    papers = [paper(folder, drawn, verdicts, frames) for folder in pages.papers()]
    return Context(
        question=QUESTION,
        summary=summary(frames, [one.name for one in studies[:-1]]),
        facts=[*map(budget.study_fact, studies), *budget.facts(frames)],
        limits=budget.limits(frames),
        headlines=tables.headlines(frames),
        board=verdicts,
        answers=reading.answers(frames),
        rule=reading.RULE,
        tracking=reading.table(frames),
        front=[drawn[panel] for panel in views.front(drawn)],
        failures=tables.failures(frames),
        provenance=origin.provenance(study),
        commands=origin.commands(study),
        papers=papers,
        readable=readable(drawn, of_study),
        methods=methods(drawn, everything, frames),
        failure_modes=failure_modes(drawn, of_study, frames),
        theory=theory(drawn, points),
        glossary=glossary.glossary(),
        navigation=[Link(name, pages.of(stem)) for stem, name in pages.STUDY.items()],
        shelf=[Link(one.short, one.page) for one in papers],
    )


def summary(frames: Frames, smaller: Sequence[str] = ()) -> str:
    """The largest study in one line, and the names of the others."""
    runs, methods = frames.runs, frames.runs["method"].nunique()
    data = " and ".join(tables.dataset_label(d) for d in frames.datasets)
    lost = int((runs["state"] != "finished").sum())
    seeds, toys = frames.study.config.budget.seeds, len(budget.toys(frames))
    experiments = len(budget.experiments(frames.study))
    beside = [f"{toys} {tables.plural(toys, 'toy')} on points"] if toys else []
    beside += [f"{experiments} {tables.plural(experiments, 'experiment')}"] if experiments else []
    also = f" Beside them {' and '.join(beside)}." if beside else ""
    planned, missing = len(frames.study.arms), budget.missing_arms(frames.study)
    are = "is" if missing == 1 else "are"
    left = f" {missing} of its {planned} arms {are} not there yet." if missing else ""
    others = f"; smaller studies beside it: {', '.join(smaller)}" if smaller else ""
    return (
        f"{methods} {tables.plural(methods, 'objective')}, {seeds} {tables.plural(seeds, 'seed')}, {len(runs)} runs "
        f"on {data}; {lost or 'none'} of them diverged.{also} Study {frames.study.name}{others}.{left}"
    )
