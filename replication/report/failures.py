"""How training fails, which run of the study shows it, and how far seeds differ.

A failure is a panel of ``replication/pages/failures``; its rule chooses the run, see ``_cases.py`` there. The
page repeats what the panel's csv says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from replication.analysis.tracking import finished
from replication.figures import names
from replication.figures.names import ARM, Arm
from replication.figures.results import Frames
from replication.plan import registry
from replication.plan.paths import Paths
from replication.report import pages, views
from replication.report.tables import Cell, Table
from replication.report.views import PanelView
from replication.words import numbers

QUESTION = "How does training fail, and how can one tell?"

SUMMARY = (
    "How the training of GANs goes wrong: each way with the run of this study that shows it best, chosen by a rule "
    "from the results. And by how much seeds differ where nothing is wrong."
)


@dataclass(frozen=True)
class Failure:
    """A way to fail; without a view where no run could be scored."""

    anchor: str
    title: str
    looks: str
    found: str
    view: PanelView | None
    tries: list[str]


@dataclass(frozen=True)
class FailureModes:
    """The page."""

    question: str
    summary: str
    failures: list[Failure]
    spread: Table | None


def failure_modes(studies: Sequence[Frames], images: Frames) -> FailureModes:
    """The page.

    Args:
        studies: all runs of every study, the largest last.
        images: those of the largest one on images.
    """
    own = [panel for panel in registry.panels() if pages.of(panel) == pages.FAILURES]
    failures = [_failure(panel, studies) for panel in own]
    return FailureModes(
        QUESTION, SUMMARY, sorted(failures, key=lambda one: one.title), _spread(images)
    )


def _failure(panel: str, studies: Sequence[Frames]) -> Failure:
    """The failure by the largest study in which a run shows it; where none does, by the nearest one of the largest."""
    head = registry.panel_metadata(panel)
    found = [(frames, _cases(frames.study.paths, panel)) for frames in reversed(studies)]
    scored = [(frames, table) for frames, table in found if len(table)]
    shows = [
        (f, table) for f, table in scored if _shown(head["CASE"], float(table["score"].iloc[0]))
    ]
    frames, table = next(iter([*shows, *scored, *found]))
    return Failure(
        anchor=f"failure-{pages.anchor(panel)}",
        title=head["TITLE"],
        looks=head["LOOKS"],
        found=_found(head["CASE"], table, frames),
        view=views.view(panel, [frames.study.paths]) if shows else None,
        tries=head["TRY"],
    )


def _cases(paths: Paths, panel: str) -> pd.DataFrame:
    return pd.read_csv(paths.panel(panel)[-1])


def _found(case: Mapping[str, Any], table: pd.DataFrame, frames: Frames) -> str:
    """Which run shows the failure, and how far; or that none does, and which comes nearest."""
    if not len(table):
        return "No run of this study shows it."
    first = table.iloc[0]
    arm, score, limit = Arm(*first[ARM]), float(first["score"]), float(case["limit"])
    who = f"{names.arm_label(arm, frames.arms)} on {names.dataset_label(arm.dataset)}, seed {first['seed']}"
    said = f"{case['measure']}: {numbers.amount(score)}, and {case['shown']} {numbers.amount(limit)} counts as shown"
    if _shown(case, score):
        return f"The run that shows it best: {who} ({said})."
    return f"No run of this study shows it. The nearest is {who} ({said})."


def _shown(case: Mapping[str, Any], score: float) -> bool:
    """Whether a run is an example of the failure; one that is not is no picture of it."""
    limit = float(case["limit"])
    return score <= limit if case["shown"] == "at most" else score >= limit


def _spread(frames: Frames) -> Table | None:
    """Lowest, middle and highest seed at the last checkpoint, of every arm on images."""
    done = finished(frames.runs, frames.quality)
    rows = []
    for metric in frames.metrics("fid", "inception_score"):
        own = done[done["metric"] == metric]
        last = own[own["step"] == own.groupby([*ARM, "seed"])["step"].transform("max")]
        for arm in names.arms_of(last):
            values = names.rows_of(last, arm)["value"]
            cells = [
                Cell(numbers.rounded(v)) for v in (values.min(), values.median(), values.max())
            ]
            label = Cell(names.arm_label(arm, frames.arms), names.dataset_label(arm.dataset),
                         names.colour(arm.method))  # fmt: skip
            rows.append([label, Cell(names.metric(metric).title), *cells, Cell(f"{len(values)}")])
    caption = (
        "The same recipe with another seed: quality at the last checkpoint of the seeds that finished. A difference "
        "between two runs that is smaller than this says nothing about their methods."
    )
    columns = ["Method", "Score", "Lowest seed", "Middle", "Highest seed", "Seeds"]
    return Table(caption, columns, rows, frozenset(range(2, 6))) if rows else None
