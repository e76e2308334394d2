"""What a study costs, before it runs: its arms, and what each claim of the papers needs of them."""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table

from replication.claims import arms, schema
from replication.cli import preflight
from replication.data._checks import DataError
from replication.data._shape import shape_of
from replication.plan.study import Study, declared_shape
from replication.words import numbers

HOUR = 3600.0
#: Of each kind of run, timed after one that warms up.
STEPS = 3
#: Of images whose size is not known before they are read.
UNKNOWN = (3, 32, 32)


@dataclass(frozen=True)
class Cost:
    """What an arm costs.

    Attributes:
        runs: how many.
        step: milliseconds of a generator step with its critic steps.
        hours: of all runs, one after the other.
    """

    runs: int
    step: float
    hours: float


def of_arms(study: Study) -> dict[str, Cost]:
    """Every arm of a study, by the pace of a few steps of each kind of run."""
    from replication.training import pace

    known: dict[str, pace.Pace] = {}
    found = {}
    for arm, runs in study.arms.items():
        first, shape = runs[0], _shape(study, runs[0].dataset)
        key = pace.likeness(first, shape)
        if key not in known:
            known[key] = pace.timed(first, shape, STEPS)
        own, samples = known[key], study.config.budget.evaluation.samples
        step = own.critic * first.recipe.n_critic + own.generator
        hours = sum(own.seconds(run, samples) for run in runs) / HOUR
        found[arm] = Cost(len(runs), 1000 * step, hours)
    return found


def _shape(study: Study, dataset: str) -> tuple[int, ...]:
    """Of its images or points; a likely one where the user's images are not there yet."""
    if declared := declared_shape(dataset):
        return tuple(declared)
    try:
        known = shape_of(dataset, study.config)
    except DataError:
        known = None
    return tuple(known.shape) if known else UNKNOWN


def of_claims(study: Study, costs: Mapping[str, Cost]) -> Iterator[tuple[str, int, float]]:
    """Every claim that the study tests by arms: its id, and the arms and hours that it needs; cheapest first."""
    rows = []
    for claim in schema.all_claims(schema.papers().values()):
        needed = arms.needed(claim, study)
        if needed:
            rows.append((claim.id, len(needed), sum(costs[arm].hours for arm in needed)))
    yield from sorted(rows, key=lambda row: row[2])


def shown(study: Study) -> RenderableType:
    """A table of arms, one of claims, and the sum."""
    costs = of_arms(study)
    by_arm = _table("arm", "runs", "ms a step", "hours")
    for arm, cost in costs.items():
        by_arm.add_row(arm, f"{cost.runs:,}", f"{cost.step:,.1f}", f"{cost.hours:,.2f}")
    by_claim = _table("claim", "arms", "hours, with arms that it shares")
    for claim, count, hours in of_claims(study, costs):
        by_claim.add_row(claim, f"{count:,}", f"{hours:,.2f}")
    _, needed = preflight.room(study)
    total = sum(cost.hours for cost in costs.values())
    said = (
        f"{study.name}: {len(study.runs):,} runs of {len(costs):,} arms, {total:,.1f} hours one after the other "
        f"on this machine; up to {numbers.size(needed)} of checkpoints on the disk; "
        f"{numbers.size(_memory())} of memory for the largest. Not counted: experiments, and what scoring takes."
    )
    return Group(by_arm, by_claim, said)


def _memory() -> float:
    """Bytes that this process had at most: all kinds of run were here, one after the other."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak if sys.platform == "darwin" else 1024 * peak)


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for i, column in enumerate(columns):
        table.add_column(column, justify="right" if i else "left", no_wrap=True)
    return table
