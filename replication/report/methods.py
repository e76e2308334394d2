"""The page on how the study works: recipes, data, nets, metrics, statistics and what tracking means."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass

from replication.analysis import tracking
from replication.analysis.statistics import FEWEST
from replication.claims import rules
from replication.figures import names
from replication.figures.results import Frames
from replication.metrics._base import describe, outside
from replication.plan import registry
from replication.plan.config import Profile
from replication.plan.study import kind
from replication.report import board, budget, marks, pages, paper, reading, recipes, setting, tables
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
    tracking: list[Fact]
    signals: Table
    experiments: list[Fact]
    cost: list[PanelView]


def methods(drawn: Mapping[str, PanelView], everything: Frames, images: Frames) -> Methods:
    """The page of a study.

    Args:
        drawn: every panel; those of this page's folder stand on it.
        everything: all runs.
        images: those on images, whose recipes are shown.
    """
    runs = images.planned
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
        rules=_rules(),
        needs=_needs(everything.study.config.profiles),
        tracking=_tracking(),
        signals=_signals(),
        experiments=_about("experiments"),
        cost=[view for panel, view in drawn.items() if pages.of(panel) == pages.METHODS],
    )


def _about(folder: str) -> list[Fact]:
    """What the components of a folder say of themselves."""
    return [
        Fact(names.words(name), registry.summary(folder, name)) for name in registry.ids(folder)
    ]


def _data(frames: Frames) -> Table:
    rows = []
    for dataset in frames.datasets:
        known = dataset in registry.ids("data")
        source = registry.metadata("data", dataset)["SOURCE"] if known else "your own files"
        size = str(DataFacts.read(frames, dataset)).partition(": ")[2]
        rows.append([Cell(tables.dataset_label(dataset)), Cell(size), Cell(source)])
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
                    Cell(describe(metric, protocol).partition(" (")[2].removesuffix(")")),
                    Cell(tables.dataset_label(dataset), kind(dataset)),
                ]
            )
    caption = "What is measured at every checkpoint. Held-out data were never trained on."
    return Table(caption, ["Metric", "What it is", "Unit", "Protocol", "Data"], rows)


def _rules() -> Table:
    """The rule of every kind of test, as its function describes it."""
    said = {
        "exact": "A calculation: every number must be on the right side of its tolerance.",
        "count": "Of things that were chosen, not drawn: a number with neither interval nor p.",
    }
    said |= {
        name: str(inspect.getdoc(rule)).partition("\n")[0] for name, rule in rules.RULES.items()
    }
    rows = [[Cell(marks.KINDS.get(name, name)), Cell(text)] for name, text in said.items()]
    return Table("How one number per seed decides.", ["Kind of test", "Rule"], rows)


def _needs(profiles: Mapping[str, Profile]) -> list[Fact]:
    """What holds for all tests, with the constants of the rules."""
    return [
        Fact("Observations", "Seeds, paired across arms. Checkpoints of one run depend on each other, and enter only "
                             "through their seed’s number."),
        Fact("Intervals", "95 %. Of means, in every table, figure and test: a t interval corrected for skewness (Hall "
                          f"1992), of at least {FEWEST} seeds; ratios as logarithms. Of shares: Clopper and Pearson’s, "
                          "Newcombe’s for a difference, Bonett and Price’s for pairs."),
        Fact("Coverage", "In simulations of 6 to 30 seeds the interval of a mean holds the truth in 94 to 95 % for "
                         "normal noise, 92 to 95 % for heavy tails and exponential noise, and 90 to 92 % for "
                         "log-normal noise, where Student’s t holds it in 82 to 87 %."),
        Fact("p values", "Of means from the same t as the interval; of shares from counts: binomial, Fisher’s, "
                         "McNemar’s. Each stands beside the value that it contradicts."),
        Fact("About equal", "Two one-sided tests: the 90 % interval must lie inside the margins."),
        Fact("No failure", f"At least {rules.FEWEST_RUNS} runs, none of which failed; this leaves failure rates below "
                           f"{rules.FAILING:.0%} possible."),
        Fact("Several tests", " ".join(setting.NEEDS.values())),
        Fact("Many claims", "Holm’s correction for the claims of one paper stands beside the raw p."),
        Fact("Images", "; ".join(f"{profile}: {budget.images}" for profile, budget in profiles.items())
                       + ". So the setting of a test on images is called in each study."),
    ]  # fmt: skip


def _tracking() -> list[Fact]:
    return [
        Fact("Definition", "Spearman’s rank correlation of a signal with a quality over the checkpoints of one run; "
                           "then the mean over runs, with its interval over seeds. Nothing is smoothed first."),
        Fact("Sign", "+1: the signal falls exactly when samples get better, as a distance should. A quality of which "
                     "more is better enters negated."),
        Fact("Answers", reading.RULE),
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
