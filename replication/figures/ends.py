"""What the panels share that compare what arms on images ended with: their tables, ratios by seed, and one figure.

Arms are compared at the last generator step at which all of them have a checkpoint, or, where budgets are equal by
another measure, each at its own last. Seeds pair the arms. A run that diverged has no end; where a panel counts that
as its worst, it has the FID that the run began with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import names, palette, seeds, style
from replication.figures.names import ARM
from replication.figures.results import Frames

#: The qualities in a table of ends, by the files of their metrics.
METRICS = ("fid", "inception_score", "class_entropy")

#: FID of a run that trained at all has gone so much of its way from the first checkpoint to real images.
TRAINED = 0.5


def data(frames: Frames, together: bool = True, fewest: int = 2) -> pd.DataFrame:
    """The end of every run: columns `ARM`, arm, seed, state, step, `METRICS`, fid_first, fid_real and metric (of FID).

    Args:
        frames: the results of the arms that are compared.
        together: at the last step at which all arms of a data set have a checkpoint; else every arm at its last.
        fewest: arms that there must be, or the table is empty: one arm alone is no comparison.
    """
    own = frames.quality[frames.quality["metric"].isin(frames.metrics(*METRICS))]
    own = own.assign(stem=names.stems(own["metric"]))
    wide = own.pivot(index=[*ARM, "seed", "step"], columns="stem", values="value").reset_index()
    wide = wide.reindex(columns=[*ARM, "seed", "step", *METRICS])
    keys = [*ARM, "seed"]
    first = wide.groupby(keys)["fid"].max().rename("fid_first")
    rows = []
    for dataset, part in wide.groupby("dataset"):
        ends = {arm: steps["step"].max() for arm, steps in part.groupby(ARM)}
        shared = reduce(set.intersection, (set(steps["step"]) for _, steps in part.groupby(ARM)))
        for arm, steps in part.groupby(ARM):
            at = max(shared) if together and shared else ends[arm]
            rows.append(steps[steps["step"] == at])
        ids = own.loc[(own["dataset"] == dataset) & (own["stem"] == "fid"), "metric"]
        real = frames.real(str(dataset), ids.iloc[0]) if len(ids) else np.nan
        rows[-len(ends) :] = [
            row.assign(fid_real=real, metric=ids.iloc[0] if len(ids) else "fid")
            for row in rows[-len(ends) :]
        ]
    ended = pd.concat(rows, ignore_index=True) if rows else wide.assign(fid_real=0.0, metric="fid")
    table = frames.runs[[*keys, "state"]].merge(first, on=keys, how="left")
    table = table.merge(ended, on=keys, how="left")
    gone = table["state"] != "finished"
    table.loc[gone, list(METRICS)] = np.nan
    table.insert(4, "arm", names.arm_of_each(table))
    for column in ("fid_real", "metric"):
        table[column] = table.groupby("dataset")[column].transform("first")
    table = table.sort_values([*ARM, "seed"], ignore_index=True)
    return table if table["arm"].nunique() >= fewest else table.iloc[:0]


def of(table: pd.DataFrame, arm: str, column: str = "fid", worst: bool = False) -> pd.Series:
    """A column of one arm by seed; empty where it was not run.

    Args:
        table: of `data`.
        arm: ``dataset/net/method/variant``.
        column: of it.
        worst: give a run that diverged the FID that it began with.
    """
    own = table[table["arm"] == arm].set_index("seed").sort_index()
    values = own[column].astype(float)
    return values.fillna(own["fid_first"]) if worst else values


def ratio(table: pd.DataFrame, worse: str, better: str, column: str = "fid") -> list[float]:
    """By seed, an arm's value over another's; of the seeds in which both have one."""
    found = of(table, worse, column) / of(table, better, column)
    return [float(value) for value in found.dropna()]


def trained(table: pd.DataFrame, arm: str) -> list[float]:
    """By seed, 1 where FID went `TRAINED` of its way to real images, else 0; a run that diverged did not train."""
    own = table[table["arm"] == arm].sort_values("seed")
    way = (own["fid_first"] - own["fid"]) / (own["fid_first"] - own["fid_real"])
    return [float(share >= TRAINED) for share in way]


def draw(
    table: pd.DataFrame,
    rows: Mapping[str, Sequence[tuple[str, str]]],
    column: str = "fid",
    printed: Mapping[str, str] | None = None,
    label: str = "",
) -> Figure:
    """A group of rows per comparison, a row per arm: every seed, the mean with its interval, and the paper's number.

    Args:
        table: of `data`.
        rows: by the comparison's name, its arms and what each is called.
        column: that is shown.
        printed: by arm, what the paper has for it.
        label: of the axis; empty for the title of FID.
    """
    lines = [(group, *row) for group, own in rows.items() for row in own if len(of(table, row[0]))]
    figure = style.figure(0.75 + 0.27 * max(1, len(lines)) + 0.1 * len(rows))
    axes = figure.subplots()
    places, place, before = [], 0.0, None
    for group, arm, _ in lines:
        place += 1.5 if before not in (None, group) else 1.0
        places.append(place)
        values = of(table, arm, column)
        colour = names.colour(arm.split("/")[2])
        if values.notna().any():
            seeds.dots(axes, place, values, colour, width=0.4, across=True)
        if printed and arm in printed:
            axes.text(1.01, place, printed[arm], transform=axes.get_yaxis_transform(), va="center",
                      color=palette.MUTED, fontsize=7.5)  # fmt: skip
        if before != group:
            axes.text(0.0, place - 0.62, group, transform=axes.get_yaxis_transform(), va="center",
                      color=palette.MUTED, fontsize=7.5)  # fmt: skip
        before = group
    axes.set_yticks(places, [text + _gone(of(table, arm)) for _, arm, text in lines])
    axes.set_ylim(place + 0.6, 0.2)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    if printed and lines:
        axes.text(1.01, 0.2, "in the paper", transform=axes.get_yaxis_transform(), va="bottom",
                  color=palette.MUTED, fontsize=7.5)  # fmt: skip
    _axis(axes, table, column, label)
    return figure


def _gone(values: pd.Series) -> str:
    """How many seeds of a row have no end, in words."""
    count = int(values.isna().sum())
    return f" ({count} diverged)" if count else ""


def _axis(axes: Axes, table: pd.DataFrame, column: str, label: str) -> None:
    if column == "fid":
        axes.set_xlabel(label or title(table))
        style.log(axes.xaxis)
    else:
        axes.set_xlabel(label)


def title(table: pd.DataFrame) -> str:
    """Of the axis of FID, with what real training images score, which lies far below any of the arms."""
    real = table["fid_real"].dropna().unique()
    said = f" (real images {' and '.join(f'{value:.2g}' for value in real)})" if len(real) else ""
    return names.metric(str(table["metric"].iloc[0])).title + said
