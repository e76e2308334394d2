"""What the panels share that look at walks between two points of noise: pictures, and how even the steps are.

Each arm is judged, whatever its recipe. A generator that has learnt nothing moves smoothly through noise, and says
nothing: the claims' controls ask how far FID went, and figures show arms in whose runs it went at least a tenth of the
way to that of real images.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from replication.analysis.tracking import finished
from replication.figures import forest, names, seeds, style
from replication.figures.names import ARM, Arm
from replication.figures.results import Frames
from replication.metrics._base import WALK_STEPS

SMOOTHNESS = "smoothness"
#: The claims ask for at most so many mean steps in the largest one.
AT_MOST = 5
#: Inches of a strip of walks at half of the page's width, and of the plot: its axis, and a row of it.
STRIP, AXIS, ROW = 2.1, 0.7, 0.26


def data(frames: Frames) -> pd.DataFrame:
    """The largest over the mean step of every run that finished, at its end, and whether its arm learned.

    ``picture``: the walks of the arm's first seed, [n, steps + 1, C, H, W].
    """
    own = frames.quality[frames.quality["metric"].isin(frames.metrics(SMOOTHNESS))]
    own = finished(frames.runs, own)
    keys = [*ARM, "seed"]
    last = own[own["step"] == own.groupby(keys)["step"].transform("max")]
    table = last.rename(columns={"value": SMOOTHNESS})[[*keys, "step", SMOOTHNESS]]
    kept = {arm: frames.first_walks(arm) for arm in names.arms_of(table)}
    arms = table[ARM].itertuples(index=False, name=None)
    table = table.assign(picture=[kept[Arm(*arm)] for arm in arms])
    return forest.learned(table.sort_values(keys, ignore_index=True), frames)


def by_arm(table: pd.DataFrame) -> dict[str, list[float]]:
    """The largest over the mean step of every seed of each arm; whether it learned is asked by the claims' controls."""
    return names.by_arm(table, SMOOTHNESS)


def draw(table: pd.DataFrame) -> Figure:
    """Walks of one arm per method, where they were kept, and under or beside them the numbers of all arms."""
    arms = names.arms_of(table)
    strips = walks(table)
    places, plot = [str(arm) for arm in strips], AXIS + ROW * len(arms)
    if len(strips) < 2:
        layout, heights = [[*places, "plot"]], [max(plot, STRIP * len(strips))]
    else:
        layout, heights = [places, ["plot"] * len(places)], [STRIP, plot]
    figure = style.figure(sum(heights))
    grid: dict[str, Axes] = figure.subplot_mosaic(layout, height_ratios=heights)
    for place, (arm, pictures) in zip(places, strips.items(), strict=True):
        style.show(
            grid[place], style.sheet(pictures.reshape(-1, *pictures.shape[2:]), WALK_STEPS + 1)
        )
        grid[place].set_title(style.wrapped(_label(arm, arms), 44))
    _numbers(grid["plot"], table, arms)
    return figure


def walks(table: pd.DataFrame) -> dict[Arm, NDArray[Any]]:
    """Of each method the first arm that has walks, those before others that learned: [n, steps + 1, C, H, W]."""
    learned = names.arms_of(table[table["learned"]])
    found: dict[str, tuple[Arm, NDArray[Any]]] = {}
    for arm in [*learned, *names.arms_of(table[~table["learned"]])]:
        pictures = names.rows_of(table, arm)["picture"].iloc[0]
        if arm.method not in found and pictures is not None:
            found[arm.method] = arm, pictures
    return dict(found.values())


def _label(arm: Arm, among: list[Arm]) -> str:
    """The arm's name, before it the data set where there are several."""
    several = len({other.dataset for other in among}) > 1
    return (f"{names.dataset_label(arm.dataset)}, " if several else "") + names.arm_label(
        arm, among
    )


def _numbers(axes: Axes, table: pd.DataFrame, arms: list[Arm]) -> None:
    """A row per arm: its seeds, and their mean with its interval; hollow where it has none."""
    for row, arm in enumerate(arms):
        own, colour = names.rows_of(table, arm)[SMOOTHNESS], names.colour(arm.method)
        seeds.dots(axes, row, own, colour, width=0.5, across=True)
    axes.axvline(AT_MOST, color=style.MUTED, linestyle="--", linewidth=0.9)
    axes.annotate(f"claim: at most {AT_MOST}", (AT_MOST, 1), (-3, -3), xycoords=("data", "axes fraction"),
                  textcoords="offset points", ha="right", va="top", fontsize=7.5, color=style.MUTED)  # fmt: skip
    ticks = {1: "1\neven", WALK_STEPS: f"{WALK_STEPS}\none leap"}
    whole = range(1, WALK_STEPS + 1)
    axes.set_xticks(whole, [ticks.get(value, str(value)) for value in whole])
    axes.set_xlim(0.9, WALK_STEPS + 0.1)
    axes.set_xlabel("largest step of a walk over its mean step")
    axes.set_yticks(range(len(arms)), [style.wrapped(_label(arm, arms), 22) for arm in arms])
    axes.set_ylim(len(arms) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0)
