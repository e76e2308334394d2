"""How an estimate follows quality, as lines of text."""

from __future__ import annotations

import math

import pandas as pd

from replication.analysis.checkpoints import Followed
from replication.analysis.signals import FEWEST_CHECKPOINTS, Worth
from replication.analysis.statistics import FEWEST, Interval
from replication.words import numbers

LEGEND = """ρ is 1 where the estimate falls exactly when quality improves, and 0 where it says nothing.
A clock is the step alone, and its choice the last checkpoint. Given the step, ρ is undefined in a run in which the
estimate or quality only ever moves one way. The late phase begins where quality has gone half of the way from its
first to its best value; it takes {fewest} checkpoints."""


def lines(followed: Followed, means: dict[str, Interval]) -> list[str]:
    """What was compared, the means beside a clock's, every seed, and what was left out.

    Args:
        followed: the checkpoints, and what was found seed by seed.
        means: over seeds, by the names of `Worth`.
    """
    seeds = followed.seeds
    table = _table(means, len(seeds), followed.columns.estimate)
    notes = [f"Note: {note}." for note in followed.notes]
    return [_head(followed), "", *table, "", *_by_seed(seeds), *notes]


def _head(followed: Followed) -> str:
    columns, seeds = followed.columns, followed.seeds
    fewest, most = int(seeds["n"].min()), int(seeds["n"].max())
    number = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    many = f"{len(seeds)} seed{'s' * (len(seeds) > 1)}"
    negated = ", negated," if columns.sign < 0 else ""
    guessed = f" Columns guessed by name: {', '.join(columns.guessed)}." if columns.guessed else ""
    return (
        f"{columns.estimate}{negated} against {columns.quality} ({columns.better} is better): "
        f"{many}, {number} checkpoints{' each' * (len(seeds) > 1)}.{guessed}"
    )


def _table(means: dict[str, Interval], n: int, name: str) -> list[str]:
    """The correlations beside those of a clock, and what choosing by either costs."""
    rows = [
        ("Spearman's ρ with quality", name, "a clock"),
        ("all checkpoints", _rho(means["spearman"], n), _rho(means["clock"], n)),
        ("given the step", _rho(means["partial"], n), numbers.MISSING),
        ("late phase", _rho(means["late"], n), _rho(means["clock_late"], n)),
        ("quality lost by its choice", _percent(means["lost"]), _percent(means["clock_lost"])),
    ]
    widths = [max(len(row[place]) for row in rows) + 3 for place in (0, 1)]
    over = [f"Mean over seeds{' with its 95 % interval' if n >= FEWEST else ''}."] if n > 1 else []
    return [
        *(f"{a:<{widths[0]}}{b:<{widths[1]}}{c}".rstrip() for a, b, c in rows),
        *over,
        LEGEND.format(fewest=FEWEST_CHECKPOINTS),
    ]


def _by_seed(seeds: pd.DataFrame) -> list[str]:
    width = max(len(str(seed)) for seed in ["seed", *seeds.index]) + 2
    lines = [
        f"{'seed':<{width}}{'n':>5}{'ρ':>8}{'given the step':>17}{'late phase':>13}{'lost':>9}"
    ]
    for seed, *row in seeds.itertuples(name=None):
        found = Worth(*row)
        rho, partial, late = (
            _plain(value) for value in (found.spearman, found.partial, found.late)
        )
        lost = _plain(100 * found.lost, ".1f", " %")
        lines.append(f"{seed:<{width}}{found.n:>5}{rho:>8}{partial:>17}{late:>13}{lost:>9}")
    return lines


def _rho(found: Interval, n: int) -> str:
    text = _plain(found.mean)
    if not math.isnan(found.low):
        text += f" ({_plain(found.low)} to {_plain(found.high)})"
    if found.n < n:
        text = f"{text}, in {found.n} of {n} seeds" if found.n else "undefined"
    return text


def _percent(found: Interval) -> str:
    mean, low, high = (100 * value for value in found[:3])
    ends = "" if math.isnan(low) else f" ({_plain(low, '.1f')} to {_plain(high, '.1f')})"
    return f"{_plain(mean, '.1f', ' %')}{ends}"


def _plain(value: float, form: str = ".2f", unit: str = "") -> str:
    return numbers.MISSING if math.isnan(value) else f"{numbers.plain(value, form)}{unit}"
