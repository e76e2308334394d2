"""What the panels over points in the plane share: one row per seed at the end of training, and pairs of arms.

An arm is written out as in params.yaml, ``ring/points/gan_ns/decay``, so that a claim's evidence names what it
compares. Seeds pair the arms: equal data, equal noise, equal initial weights where shapes agree.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from replication.analysis.tracking import finished
from replication.figures import names, style
from replication.figures.names import ARM, Arm
from replication.figures.results import Frames

#: The metrics of points, in the order in which tables have them.
METRICS = ("w1", "modes", "high_quality", "reverse_kl")

#: Variants of which a label says nothing: all games share falling learning rates, and some a recipe for mixtures.
SHARED = ("decay", "mixture_decay")


def label(arm: Arm) -> str:
    """The method, and what its variant changes besides the falling rates that all games share."""
    method = names.method_label(arm.method)
    return method if arm.variant in SHARED else f"{method}, {names.variant_label(arm.variant)}"


def final(frames: Frames, metrics: Sequence[str] = METRICS) -> pd.DataFrame:
    """Quality at the last checkpoint: columns `ARM`, seed and `metrics`; a seed that diverged has NaN."""
    done = finished(frames.runs, frames.quality)
    last = done[done["step"] == done.groupby([*ARM, "seed"])["step"].transform("max")]
    rows = frames.runs[[*ARM, "seed"]]
    for metric in metrics:
        own = last.loc[last["metric"] == metric, [*ARM, "seed", "value"]]
        rows = rows.merge(own.rename(columns={"value": metric}), on=[*ARM, "seed"], how="left")
    return rows


def over_steps(frames: Frames, metric: str) -> pd.DataFrame:
    """A metric at every checkpoint of every seed that finished: columns `ARM`, seed, step and the metric."""
    own = frames.quality[frames.quality["metric"] == metric]
    own = finished(frames.runs, own).rename(columns={"value": metric})
    return own[[*ARM, "seed", "step", metric]].reset_index(drop=True)


def of(table: pd.DataFrame, arm: str) -> pd.DataFrame:
    """The rows of one arm, by seed."""
    return names.rows_of(table, Arm(*arm.split("/"))).set_index("seed").sort_index()


def pairs(first: pd.Series, second: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Two arms' values, one per seed, on the seeds that both trained; none where an arm was not run."""
    seeds = first.index.intersection(second.index)
    return first.loc[seeds], second.loc[seeds]


def difference(first: pd.Series, second: pd.Series) -> list[float]:
    """First minus second, per seed."""
    a, b = pairs(first, second)
    return [float(value) for value in a - b]


def ratio(first: pd.Series, second: pd.Series) -> list[float]:
    """First over second, per seed."""
    a, b = pairs(first, second)
    return [float(value) for value in a / b]


def reference(axes: Axes, value: float, text: str = "fresh data", above: bool = True) -> None:
    """A dashed line at what fresh data score against held-out data: no samples can be expected below.

    Args:
        axes: where.
        value: of fresh data; NaN draws nothing.
        text: what to call it; empty for no text.
        above: whether the text stands above the line.
    """
    if pd.isna(value):
        return
    axes.axhline(value, color=style.MUTED, linestyle=(0, (3, 2)), linewidth=1)
    if text:
        axes.annotate(
            f"{text} {value:.2g}", (0.99, value), xycoords=axes.get_yaxis_transform(),
            xytext=(0, 2 if above else -2), textcoords="offset points", ha="right",
            va="bottom" if above else "top", color=style.MUTED, fontsize=7,
        )  # fmt: skip
