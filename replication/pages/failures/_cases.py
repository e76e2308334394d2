"""What the panels of failures share: every run gets a score, and the run with the most extreme one is drawn.

A panel's head has, besides what every panel's has, ``CASE``: what the ``measure`` is and ``shown`` where it is
``"at most"`` or ``"at least"`` a ``limit``; the lowest score is drawn in the first case, the highest in the
second. ``LOOKS`` says how the failure looks, and ``TRY`` what to try. The table's first columns name the run,
and its column ``score`` is the run's; without a run that could be scored it is empty.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from replication.analysis.tracking import finished
from replication.figures import names, points, style
from replication.figures.names import ARM, Arm
from replication.figures.results import Frames
from replication.plan.study import kind

KEY = [*ARM, "seed"]

#: The quality that is followed on each kind of data: of both, lower is better and no value is below zero.
BADNESS = {"images": "fid", "points": "w1"}

#: The share of the way from its first samples to real data that a run must have come to count as trained.
WAY = 0.5

#: Standard deviation over the pixels (0 to 255) of a sheet below which it looks like one plain area.
PLAIN_SHEET = 4.0


def badness(frames: Frames) -> pd.DataFrame:
    """`BADNESS` at every checkpoint of the runs that finished: columns `KEY`, step, metric and value."""
    own = finished(frames.runs, frames.quality)
    stem = own["dataset"].map(lambda dataset: BADNESS[kind(dataset)])
    rows = own[(names.stems(own["metric"]) == stem).to_numpy(dtype=bool)]
    return rows[[*KEY, "step", "metric", "value"]].sort_values([*KEY, "step"])


def learned(table: pd.DataFrame, frames: Frames) -> pd.DataFrame:
    """The rows of runs that came `WAY` of the way from their first distance to that of real data, at some checkpoint.

    A run that never left its start shows no collapse and no oscillation: it is only not trained.
    """
    course = badness(frames)
    if course.empty:
        return table.iloc[:0]
    real = [frames.real(d, m) for d, m in zip(course["dataset"], course["metric"], strict=True)]
    runs = course.assign(real=np.nan_to_num(real)).groupby(KEY)
    first, best, floor = runs["value"].first(), runs["value"].min(), runs["real"].first()
    able = (first - best) >= WAY * (first - floor)
    return table[pd.MultiIndex.from_frame(table[KEY]).isin(able.index[able])]


def extreme(scores: pd.Series, shown: str) -> tuple[Any, ...] | None:
    """The run with the lowest score, or with the highest one for ``"at least"``; the first of equal ones.

    Args:
        scores: one per run, indexed by `KEY`; NaN cannot be scored.
        shown: ``"at most"`` or ``"at least"``.

    Returns:
        The run's key, or None where no run has a score.
    """
    known = scores.dropna().sort_index()
    if known.empty:
        return None
    return tuple(known.idxmin() if shown == "at most" else known.idxmax())


def most_extreme_seen(scores: pd.Series, shown: str, frames: Frames) -> tuple[Any, ...] | None:
    """The run with the most extreme score among those whose last samples can be looked at, see `blank`."""
    while (key := extreme(scores, shown)) is not None and blank(*last_samples(key, frames)):
        scores = scores.drop(index=[key])
    return key


def last_samples(key: tuple[Any, ...], frames: Frames) -> tuple[Arm, NDArray[Any] | None]:
    """The arm of a run, and its samples at its last checkpoint; None where it kept none."""
    arm = Arm(*key[:4])
    sheets = frames.samples(arm, key[4])
    return arm, (sheets[max(sheets)] if sheets else None)


def blank(arm: Arm, samples: NDArray[Any] | None) -> bool:
    """Whether samples are images of nearly one grey: a plain sheet shows a reader nothing."""
    if samples is None or kind(arm.dataset) == "points":
        return False
    return float(samples.std()) < PLAIN_SHEET


def course(table: pd.DataFrame, key: tuple[Any, ...], score: float) -> pd.DataFrame:
    """Rows of the arm of a run, the run's own marked by ``own``, with the run's score; the run's come first.

    Empty where the table has no row of the run itself.
    """
    arm = names.rows_of(table, Arm(*key[:4]))
    marked = arm.assign(own=arm["seed"] == key[4], score=score)
    if not marked["own"].any():
        return nothing(*table.columns.difference(KEY))
    return marked.sort_values(["own", "seed", "step"], ascending=[False, True, True])


def nothing(*columns: str) -> pd.DataFrame:
    """A table that says that no run could be scored."""
    return pd.DataFrame(columns=[*KEY, "score", *columns])


def run_of(table: pd.DataFrame) -> tuple[Arm, int]:
    """The arm and the seed that a table shows."""
    first = table.iloc[0]
    return Arm(*first[ARM]), int(first["seed"])


def lines(axes: Axes, table: pd.DataFrame, column: str, label: str) -> None:
    """A column over steps: the run in its method's colour, the other seeds of its arm in grey."""
    colour = names.colour(table["method"].iloc[0])
    for _, part in table[~table["own"]].groupby("seed"):
        axes.plot(part["step"], part[column], color=style.MUTED, alpha=0.45, linewidth=0.8)
    own = table[table["own"]]
    axes.plot(own["step"], own[column], color=colour, marker=".", markersize=4)
    axes.set_xlabel("generator steps")
    axes.set_title(label)


def pictured(table: pd.DataFrame, frames: Frames) -> pd.DataFrame:
    """The table of `course` with the run's samples at its last checkpoint, ``picture``, None where it kept none.

    ``picture_real``: points of the data, which stand in front of samples that are points; None of images.
    """
    if not len(table):
        return table
    arm, last = last_samples(tuple(table.iloc[0][KEY]), frames)
    real = frames.held_out(arm.dataset, 400) if kind(arm.dataset) == "points" else None
    return table.assign(picture=[last] * len(table), picture_real=[real] * len(table))


def picture(axes: Axes, table: pd.DataFrame, side: int = 8) -> None:
    """Samples of the run at its last checkpoint: a sheet of images, or a cloud behind the data's."""
    first, (arm, _) = table.iloc[0], run_of(table)
    last, real = first["picture"], first["picture_real"]
    label = points.label(arm) if kind(arm.dataset) == "points" else names.arm_label(arm, [arm])
    axes.set_title(style.wrapped(f"{label}, last step", 42))
    if last is None:
        axes.set_axis_off()
    elif real is None:
        style.show(axes, style.sheet(last[: side * side], side))
    else:
        colour = names.colour(first["method"])
        axes.plot(*real.T, ".", color=style.INK, markersize=2.5, markeredgewidth=0,
                  zorder=3, label="data")  # fmt: skip
        axes.plot(*last.T, ".", color=colour, markersize=3, markeredgewidth=0, label="samples")
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1), markerscale=3)
        axes.set_aspect("equal", adjustable="datalim")
