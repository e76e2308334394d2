"""The checkpoints of logs at which both estimate and quality are known: sorted, once each, seed by seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from replication.analysis import cells, columns
from replication.analysis.columns import Columns, Given
from replication.analysis.logs import Log, LogError
from replication.analysis.signals import FEWEST_CHECKPOINTS, Worth, worth

#: What is followed, and what should be.
BOTH = ["estimate", "quality"]


class Followed(NamedTuple):
    """How the estimate of some logs follows their quality.

    Attributes:
        columns: what the logs call them.
        table: columns seed, step, estimate and quality: a row per checkpoint, as logged, finite, in order.
        seeds: by seed the fields of `Worth`.
        notes: what was left out and why, one line each.
    """

    columns: Columns
    table: pd.DataFrame
    seeds: pd.DataFrame
    notes: list[str]


def follow(logs: Sequence[Log], given: Given) -> Followed:
    """Compare estimate and quality at the steps at which both are logged.

    Args:
        logs: each holds one seed, unless it has a column for it.
        given: what is known of their columns.

    Raises:
        LogError: a column cannot be told, or no seed has `FEWEST_CHECKPOINTS` checkpoints at which both vary.
    """
    chosen = columns.choose(logs[0], given)
    notes: list[str] = []
    rows = pd.concat([_rows(log, chosen, len(logs) > 1, notes) for log in logs], ignore_index=True)
    unknown = rows["step"].isna() | rows["seed"].isna()
    if lost := int((unknown & rows[BOTH].notna().any(axis=1)).sum()):
        notes.append(f"{_rows_of(lost)} without a step or seed left out")
    once = _once(rows[~unknown], notes)
    both = once.dropna(subset=BOTH).reset_index(drop=True)
    notes += _joined(once, both)
    kept = _long_enough(once, both, notes, logs[0].name, chosen)
    seeds = pd.DataFrame(
        [measured(own, chosen) for _, own in kept.groupby("seed", sort=False)],
        index=pd.Index(kept["seed"].unique(), name="seed"),
        columns=list(Worth._fields),
    )
    _vary(kept, seeds, notes, logs[0].name, chosen)
    return Followed(chosen, kept, seeds, notes)


def measured(own: pd.DataFrame, chosen: Columns) -> Worth:
    """`worth` of one seed's rows of `Followed.table`."""
    up = 1.0 if chosen.better == "lower" else -1.0
    return worth(own["step"], chosen.sign * own["estimate"], up * own["quality"])


def _rows(log: Log, chosen: Columns, several: bool, notes: list[str]) -> pd.DataFrame:
    """The columns of a log that matter, by the names that they have here."""
    wanted = {"step": chosen.step, "estimate": chosen.estimate, "quality": chosen.quality}
    if missing := [name for name in wanted.values() if name not in log.frame]:
        raise LogError(
            f"{log.name}: no column {missing[0]!r}, which another log has; name logs with the same columns"
        )
    rows = pd.DataFrame({role: cells.numbers(log.frame[name]) for role, name in wanted.items()})
    for name in wanted.values():
        if count := cells.garbled(log.frame[name]):
            values = "1 value is no number" if count == 1 else f"{count:,} values are no numbers"
            notes.append(f"{log.name}: {values} in {name}: taken as missing")
    if chosen.seed is None or chosen.seed not in log.frame:
        return rows.assign(seed=log.name)
    seed = log.frame[chosen.seed].map(_label)
    return rows.assign(seed=f"{log.name}: " + seed if several else seed)


def _label(seed: object) -> str | None:
    """A seed's name: 0 for 0 and 0.0; None where it has none."""
    if seed is None or seed != seed or not str(seed).strip():
        return None
    text = str(seed).strip()
    return text.removesuffix(".0")


def _once(rows: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """One row per seed and step, with the last finite value of each column; seeds in the order of the logs."""
    keys = ["seed", "step"]
    counts = rows.groupby(keys, sort=False)[BOTH].count()
    if repeated := int((counts > 1).any(axis=1).sum()):
        notes.append(f"{repeated} step{'s' * (repeated > 1)} logged more than once: the last value counts; "
                     "if these are several runs, name their column with --seed")  # fmt: skip
    once = rows.groupby(keys, sort=False)[BOTH].last().reset_index()
    order = {seed: place for place, seed in enumerate(once["seed"].unique())}
    if all(_is_whole(seed) for seed in order):
        order = {seed: int(seed) for seed in order}
    place = once["seed"].map(order)
    return (
        once.assign(place=place)
        .sort_values(["place", "step"])
        .drop(columns="place")
        .reset_index(drop=True)
    )


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _joined(once: pd.DataFrame, both: pd.DataFrame) -> Iterator[str]:
    """Says where estimate and quality were logged at different steps, and where one ends before the other."""
    have = once[BOTH].notna().sum()
    if have.max() > len(both):
        yield (f"estimate at {have['estimate']:,} steps and quality at {have['quality']:,}, all seeds together: "
               f"compared at the {len(both):,} that have both")  # fmt: skip
    for seed, own in once.groupby("seed", sort=False):
        for role in BOTH:
            at, end = own.loc[own[role].notna(), "step"], own["step"].iloc[-1]
            # Where one is logged less often than the other, its last value is a little older.
            if len(at) > 1 and end - at.iloc[-1] > at.diff().max():
                yield f"seed {seed}: no finite {role} after step {at.iloc[-1]:,g}; its log goes on to {end:,g}"


def _long_enough(
    once: pd.DataFrame, both: pd.DataFrame, notes: list[str], place: str, chosen: Columns
) -> pd.DataFrame:
    """The checkpoints of the seeds that have enough of them."""
    counts = both["seed"].value_counts().reindex(once["seed"].unique(), fill_value=0)
    names = f"{chosen.estimate} and {chosen.quality}"
    if not len(counts) or counts.max() == 0:
        raise LogError(
            f"{place}: no step has a finite value of both {names}; log both at the same steps"
        )
    if counts.max() < FEWEST_CHECKPOINTS:
        raise LogError(f"{place}: at most {counts.max()} checkpoints of a seed have both {names}, and fewer than "
                       f"{FEWEST_CHECKPOINTS} say nothing; log both more often")  # fmt: skip
    for seed, count in counts[counts < FEWEST_CHECKPOINTS].items():
        notes.append(f"seed {seed}: {count} checkpoints, fewer than {FEWEST_CHECKPOINTS}: left out")
    kept = both[both["seed"].map(counts) >= FEWEST_CHECKPOINTS].reset_index(drop=True)
    lengths = counts[counts >= FEWEST_CHECKPOINTS]
    if lengths.min() < lengths.max():
        notes.append(f"seeds have {lengths.min()} to {lengths.max()} checkpoints; each counts once")
    return kept


def _vary(
    kept: pd.DataFrame, seeds: pd.DataFrame, notes: list[str], place: str, chosen: Columns
) -> None:
    """Says where a number stands still, so that nothing is followed."""
    for role, name in zip(BOTH, (chosen.estimate, chosen.quality), strict=True):
        still = kept.groupby("seed", sort=False)[role].agg(np.ptp) == 0
        if still.all():
            raise LogError(f"{place}: {name} never changes at the {len(kept)} checkpoints, so nothing can follow; "
                           f"name another column with --{role}")  # fmt: skip
        notes += [
            f"seed {seed}: {name} never changes: no correlation" for seed in still[still].index
        ]
    if seeds["spearman"].isna().all():
        raise LogError(
            f"{place}: in no seed do both {chosen.estimate} and {chosen.quality} change; nothing can follow"
        )


def _rows_of(count: int) -> str:
    return f"{count:,} row{'s' * (count != 1)}"
