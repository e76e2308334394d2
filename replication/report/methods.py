"""The page on how the study works: recipes, data, nets, metrics, statistics and what tracking means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from replication.analysis import labels, tracking
from replication.figures import names
from replication.figures.results import Frames
from replication.metrics._base import describe, outside
from replication.pages.can_i_read_my_loss import _sections
from replication.plan import registry
from replication.plan.config import Profile
from replication.plan.study import kind
from replication.report import (
    board,
    budget,
    pages,
    paper,
    recipes,
    statistics,
)
from replication.report.budget import DataFacts, Fact
from replication.report.paper import Deviations
from replication.report.tables import DASH, Cell, Table
from replication.report.views import PanelView

#: What the sign of a signal in `tracking.ESTIMATES` does to it.
SIGNS = {1.0: "as it is", -1.0: "negated"}


@dataclass(frozen=True)
class Methods:
    """The page; a table that would be empty is None."""

    facts: list[Fact]
    data: Table
    nets: list[Fact]
    recipes: Table
    deviations: list[Deviations]
    variants: Table | None
    techniques: list[Fact]
    metrics: Table
    verdicts: list[Fact]
    rules: Table
    needs: list[Fact]
    errors: Table | None
    simulated: list[PanelView]
    tracking: list[Fact]
    signals: Table
    experiments: list[Fact]


def methods(drawn: Mapping[str, PanelView], everything: Frames, images: Frames) -> Methods:
    """The page of a study.

    Args:
        drawn: every panel; those of this page's folder stand on it.
        everything: all runs.
        images: those on images, whose recipes are shown.
    """
    runs = images.planned
    own = {panel: view for panel, view in drawn.items() if pages.of(panel) == pages.METHODS}
    simulations = statistics.Simulations.read(drawn)
    return Methods(
        facts=budget.facts(images),
        data=_data(everything),
        nets=_about("nets"),
        recipes=recipes.table(runs),
        deviations=paper.deviations(recipes.one_per_method(runs)),
        variants=recipes.variants(everything),
        techniques=_about("techniques"),
        metrics=_metrics(everything),
        verdicts=board.RULE,
        rules=statistics.rules_table(),
        needs=[*statistics.facts(simulations), _names_of_images(everything.study.config.profiles)],
        errors=statistics.errors_table(simulations),
        simulated=list(own.values()),
        tracking=_tracking(),
        signals=_signals(),
        experiments=_about("experiments"),
    )


def _about(folder: str) -> list[Fact]:
    """What the components of a folder say of themselves."""
    label = names.net_label if folder == "nets" else names.words
    return [Fact(label(name), registry.summary(folder, name)) for name in registry.ids(folder)]


def _data(frames: Frames) -> Table:
    rows = []
    for dataset in frames.datasets:
        known = dataset in registry.ids("data")
        source = registry.metadata("data", dataset)["SOURCE"] if known else "your own files"
        size = str(DataFacts.read(frames, dataset)).partition(": ")[2]
        rows.append([Cell(names.dataset_label(dataset)), Cell(size), Cell(source)])
    return Table("Data in use, in two fixed parts.", ["Data", "Size", "Source"], rows)


def _metrics(frames: Frames) -> Table:
    """Every metric that was measured, with the protocol on each kind of data."""
    rows = []
    for dataset in frames.datasets:
        protocol = frames.protocol(dataset)
        own = frames.quality.loc[frames.quality["dataset"] == dataset, "metric"]
        for metric in sorted(own.unique()):
            known = names.metric(metric)
            rows.append(
                [
                    Cell(known.label, f"{known.direction} is better"),
                    Cell(registry.summary("metrics", known.stem)),
                    Cell(known.unit or DASH),
                    Cell(
                        labels.protocol(
                            describe(metric, protocol).partition(" (")[2].removesuffix(")")
                        )
                    ),
                    Cell(names.dataset_label(dataset), kind(dataset)),
                ]
            )
    caption = "What is measured at every checkpoint. Held-out data were never trained on."
    return Table(caption, ["Metric", "What it is", "Unit", "Protocol", "Data"], rows)


def _names_of_images(profiles: Mapping[str, Profile]) -> Fact:
    said = "; ".join(f"{profile}: {budget.images}" for profile, budget in profiles.items())
    return Fact("Images", f"{said}. So the setting of a test on images is called in each study.")


def _tracking() -> list[Fact]:
    return [
        Fact("Definition", "Spearman’s rank correlation of a signal with a quality over the checkpoints of one run; "
                           "then the mean over runs, with its interval over seeds. Nothing is smoothed first."),
        Fact("Sign", "+1: the signal falls exactly when samples get better, as a distance should. A quality of which "
                     "more is better enters negated."),
        Fact("Answers", _sections.RULE),
    ]  # fmt: skip


def _signals() -> Table:
    rows = [
        [Cell(names.signal(name)), Cell(SIGNS[sign]), Cell(f"curves.parquet, {name}")]
        for name, sign in tracking.ESTIMATES.items()
    ]
    rows += [
        [Cell(names.signal(metric)), Cell(SIGNS[1.0]), Cell(f"quality.parquet, {metric}")]
        for metric in outside()
    ]
    caption = (
        "The training signals that somebody might read as progress, and the distances from outside that are asked "
        "how well they would do in the critic’s place."
    )
    return Table(caption, ["Signal", "How it enters", "Where it is recorded"], rows)
