"""All that the report says, as one typed object: the pages and the Markdown render the same one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from replication.report import budget, names, origin, reading, tables, views
from replication.report.board import Board, board
from replication.report.budget import Fact
from replication.report.ground import Ground, ground
from replication.report.panels import Frames
from replication.report.tables import Table
from replication.report.views import PanelView, Paper
from replication.study import Study

QUESTION = "Which claims of the GAN papers hold when you train them yourself?"


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
    board: Board
    answers: list[Fact]
    rule: str
    tracking: Table
    papers: list[tuple[Paper, list[PanelView]]]
    ground: Ground
    recipes: Table
    deviations: list[Deviations]
    variants: Table | None
    failures: Table | None
    provenance: list[Fact]
    commands: list[Fact]


def context(study: Study) -> Context:
    """Read all results of a study.

    Raises:
        MissingResult: a table, the verdicts or a panel's figure is absent; the message names the command
            that makes it.
    """
    everything = Frames.read(study)
    frames, points = everything.only(["@images/*"]), everything.only(["@points/*"])
    runs, verdicts = frames.planned, board(study.panels)
    decides = verdicts.by_panel()
    places = {panel: views.link(panel).page for panel in sorted(study.panels, key=views.by_year)}
    shown = [
        (views.paper_of(panel), views.view(panel, decides.get(panel, ())))
        for panel, page in places.items()
        if page == views.MAIN
    ]
    return Context(
        question=QUESTION,
        summary=summary(frames),
        facts=budget.facts(frames),
        limits=budget.limits(frames),
        headlines=tables.headlines(frames),
        board=verdicts,
        answers=reading.answers(frames),
        rule=reading.RULE,
        tracking=reading.table(frames),
        papers=[
            (p, [v for _, v in group]) for p, group in groupby(shown, key=lambda pair: pair[0])
        ],
        ground=ground([p for p, page in places.items() if page == views.GROUND], points, decides),
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
