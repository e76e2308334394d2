"""The page on cost: what a training step takes, how that grows, and what each arm of each study took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from replication.evidence import store
from replication.figures import names
from replication.figures.results import Frames
from replication.report import leaderboard, pages
from replication.report.tables import Cell, Table
from replication.report.views import PanelView
from replication.words import numbers


@dataclass(frozen=True)
class Cost:
    """The page: measured steps, and a table for each study."""

    views: list[PanelView]
    studies: list[Table]


def cost(drawn: Mapping[str, PanelView], studies: Sequence[Frames]) -> Cost:
    """The page.

    Args:
        drawn: every panel that shows something.
        studies: their results.
    """
    measured = [view for panel, view in drawn.items() if pages.of(panel) == pages.COST]
    return Cost(measured, [_study(frames) for frames in reversed(studies)])


def _study(frames: Frames) -> Table:
    rows = []
    for arm in frames.arms:
        name = "/".join(arm)
        run = frames.study.arm(name)[0]
        records = store.outcomes(frames.study.paths, name)["runs"]
        took = leaderboard.seconds(frames, arm)
        hours = sum(record["provenance"]["cpu_seconds"] for record in records) / 3600
        label = Cell(
            names.arm_label(arm, frames.arms),
            names.dataset_label(arm.dataset),
            names.colour(arm.method),
        )
        rows.append([label, Cell(f"{run.steps:,}"), Cell(f"{run.steps * run.recipe.n_critic:,}"),
                     Cell(numbers.amount(took)), Cell(numbers.amount(1000 * took / run.steps)),
                     Cell(numbers.amount(hours))])  # fmt: skip
    caption = f"Study {frames.study.name}: what each arm took. Seeds that train together share a run’s time evenly."
    columns = ["Arm", "Generator steps", "Critic steps", "Seconds a seed", "Seconds per 1,000 generator steps",
               "CPU hours, all seeds"]  # fmt: skip
    return Table(caption, columns, rows, frozenset(range(1, len(columns))))
