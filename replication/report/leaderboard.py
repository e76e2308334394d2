"""The leaderboard of a data set: every arm of a study by its final quality, with what its training took."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from replication.analysis.statistics import FEWEST
from replication.evidence import store
from replication.figures import names
from replication.figures.names import Arm
from replication.figures.results import Frames
from replication.plan.config import Run
from replication.plan.study import kind
from replication.report import pages, tables
from replication.report.tables import DASH, Cell, Table
from replication.words import numbers

#: The scores of each kind of data; the first one sorts. Those of the second list are folded until they are chosen.
SHOWN = {
    "images": ("fid", "inception_score", "recall"),
    "points": ("w1", "modes", "high_quality"),
}
MORE = {
    "images": ("kid", "precision", "w1_pixels", "memorised"),
    "points": ("reverse_kl",),
}

#: What training took, of an arm's first run as the study plans it.
TRAINING: dict[str, Callable[[Run], str]] = {
    "Learning rate": lambda run: rates(run),
    "Generator steps": lambda run: f"{run.steps:,}",
    "Critic steps each": lambda run: f"{run.recipe.n_critic}",
}


@dataclass(frozen=True)
class Row:
    """An arm ``study/dataset/net/method/variant``: its page and the picture of its last samples, and its cells."""

    id: str
    label: str
    colour: str
    page: str
    picture: str
    cells: list[Cell]


@dataclass(frozen=True)
class Leaderboard:
    """All arms of a study on one data set, best first, under the row of real data.

    Attributes:
        columns: without that of the arms' names.
        folded: the numbers of the columns that a reader must choose.
    """

    dataset: str
    study: str
    anchor: str
    title: str
    caption: str
    columns: list[str]
    folded: frozenset[int]
    real: list[Cell]
    rows: list[Row]

    @property
    def size(self) -> int:
        """How many arms it compares."""
        return len(self.rows)

    @property
    def table(self) -> Table:
        """The same as a plain table."""
        lines = [[Cell(row.label, colour=row.colour), *row.cells] for row in self.rows]
        rows = [[Cell(f"Real training {kind(self.dataset)}"), *self.real], *lines]
        return Table(
            self.caption, ["Arm", *self.columns], rows, frozenset(range(1, 1 + len(self.columns)))
        )


def leaderboards(studies: Sequence[Frames]) -> list[Leaderboard]:
    """A leaderboard for each data set of each study: images before points, the largest study first."""
    found = [_board(frames, dataset) for frames in reversed(studies) for dataset in frames.datasets]
    return sorted(found, key=lambda one: kind(one.dataset) != "images")


def rates(run: Run) -> str:
    """``0.0001``, or of two rates ``0.0001 / 0.0004``, the critic's first."""
    critic, generator = run.recipe.critic_lr, run.recipe.generator_lr
    return " / ".join(numbers.amount(rate) for rate in dict.fromkeys((critic, generator)))


def seconds(frames: Frames, arm: Arm) -> float:
    """What a seed of an arm took by the clock, seconds; NaN where no run says it."""
    records = store.outcomes(frames.study.paths, "/".join(arm))["runs"]
    spent = [record["provenance"]["wall_seconds"] for record in records]
    seeds = sum(len(record["status"]) for record in records)
    return math.fsum(spent) / seeds if seeds else math.nan


def _board(frames: Frames, dataset: str) -> Leaderboard:
    of = kind(dataset)
    part = frames.summary[frames.summary["dataset"] == dataset]
    known = set(part["metric"])
    shown = [m for m in frames.metrics(*SHOWN[of]) if m in known]
    more = [m for m in frames.metrics(*MORE[of]) if m in known]
    metrics = [*shown, *more]
    columns = [
        *(names.metric(m).title for m in metrics),
        *TRAINING,
        "Seconds a seed",
        "Seeds",
        "Failed",
    ]
    arms = sorted(
        (arm for arm in frames.arms if arm.dataset == dataset),
        key=lambda arm: _place(part, arm, metrics),
    )
    rows = [_row(frames, part, arm, metrics) for arm in arms]
    real = [_real(frames, dataset, metric) for metric in metrics]
    title = f"{names.dataset_label(dataset)}: study {frames.study.name}"
    by = f" Sorted by {names.metric(metrics[0]).label}." if metrics else ""
    caption = (
        f"{title}. Quality at the last checkpoint: mean over the seeds that finished, with its 95 % interval, which "
        f"takes {FEWEST} seeds or more. ↓ lower is better, ↑ higher is better.{by}"
    )
    lines = [[Cell(row.label), *row.cells] for row in rows]
    return Leaderboard(
        dataset=dataset,
        study=frames.study.name,
        anchor=f"board-{frames.study.name}-{dataset}".replace("_", "-"),
        title=title,
        caption=tables.noted(caption, lines),
        columns=columns,
        folded=frozenset(range(len(shown), len(metrics))),
        real=[*real, *(Cell(DASH) for _ in columns[len(metrics) :])],
        rows=rows,
    )  # fmt: skip


def _place(part: pd.DataFrame, arm: Arm, metrics: list[str]) -> tuple[float, Arm]:
    """Where an arm stands by the first metric; one without a number comes last."""
    own = names.rows_of(part, arm)
    value = own.loc[own["metric"] == next(iter(metrics), ""), "mean"]
    best = float(value.iloc[0]) if len(value) else math.nan
    return (math.inf if math.isnan(best) else best), arm


def _row(frames: Frames, part: pd.DataFrame, arm: Arm, metrics: list[str]) -> Row:
    own = names.rows_of(part, arm).set_index("metric")
    values = [
        tables.final(frames, own, m) if m in own.index else Cell(DASH, "not measured")
        for m in metrics
    ]
    runs = names.rows_of(frames.runs, arm)
    failed = int((runs["state"] != "finished").sum())
    planned = frames.study.arm("/".join(arm))[0]
    training = [Cell(say(planned)) for say in TRAINING.values()]
    page = pages.of_arm(frames.study.name, "/".join(arm))
    took = Cell(numbers.amount(seconds(frames, arm), 2))
    return Row(
        id=f"{frames.study.name}/{'/'.join(arm)}",
        label=names.arm_label(arm, frames.arms),
        colour=names.colour(arm.method),
        page=page,
        picture=pages.beside(page)[2],
        cells=[*values, *training, took, Cell(f"{len(runs) - failed}"), Cell(f"{failed}")],
    )  # fmt: skip


def _real(frames: Frames, dataset: str, metric: str) -> Cell:
    value = frames.real(dataset, metric)
    if math.isnan(value):
        return Cell(DASH, "not measured")
    return tables.doubtful(frames, Cell(numbers.rounded(value)), metric)
