"""Pictures in a panel's table, beside the numbers that they belong to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from replication.figures import names
from replication.figures.names import ARM
from replication.figures.results import Frames


def at_steps(
    table: pd.DataFrame, frames: Frames, chosen: Callable[[list[int]], list[int]]
) -> pd.DataFrame:
    """The table with a column ``picture``: samples of the first seed of an arm at some steps, None at the others.

    Args:
        table: columns `ARM` and step.
        frames: the results.
        chosen: which of the steps, in ascending order, that an arm has in the table and kept samples of.
    """
    kept: dict[tuple[Any, ...], NDArray[Any]] = {}
    for arm in names.arms_of(table):
        sheets = frames.first_samples(arm)
        both = sorted(sheets.keys() & set(names.rows_of(table, arm)["step"]))
        kept |= {(*arm, step): sheets[step] for step in chosen(both)}
    keys = table[[*ARM, "step"]].itertuples(index=False, name=None)
    return table.assign(picture=[kept.get(key) for key in keys])


def shown(own: pd.DataFrame) -> pd.DataFrame:
    """The rows of one arm that have a picture, one for each step, in their order."""
    return own[own["picture"].notna()].drop_duplicates("step").sort_values("step")
