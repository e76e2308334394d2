"""A curve of training with samples along it, for three generators, as in figures 3, 4 and 8 of the paper."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import names, palette, seeds, style
from replication.figures.names import ARM, Arm
from replication.figures.results import Frames

GENERATORS = (
    "perceptron generator, DCGAN critic",
    "DCGAN",
    "perceptrons on both sides, high rate",
)
#: Sheets along a curve, and samples along an edge of one.
SHEETS, SIDE = 4, 3


def data(frames: Frames, column: str) -> pd.DataFrame:
    """A column of the curves by arm, seed and step; ``picture``: samples of an arm's first seed at some steps."""
    table = frames.curves[[*ARM, "seed", "step", column]].rename(columns={column: "value"})
    table = table.assign(arm=names.arm_of_each(table))[["arm", "seed", "step", "value"]]
    table = table.sort_values(["arm", "seed", "step"], ignore_index=True)
    kept = {}
    for arm, own in table.groupby("arm"):
        samples = frames.first_samples(Arm(*str(arm).split("/")))
        steps = sorted(set(samples) & set(own["step"]))
        # Evenly spaced in time, the last one among them.
        wanted = np.linspace(0, max(steps, default=0), SHEETS + 1)[1:]
        nearest = {steps[int(np.abs(np.array(steps) - at).argmin())] for at in wanted if steps}
        for step in nearest:
            kept[arm, own["seed"].min(), step] = samples[step][: SIDE**2]
    keys = zip(table["arm"], table["seed"], table["step"], strict=True)
    return table.assign(picture=[kept.get(key) for key in keys])


def draw(
    table: pd.DataFrame, arms: Sequence[str], label: str, printed: Sequence[str] = ("", "", "")
) -> Figure:
    """A plot per generator, samples above its curve, and what the paper's curve does.

    Args:
        table: of `data`.
        arms: in the order of `GENERATORS`; one that was not run is left out.
        label: of the curve.
        printed: what the paper's curve does, by generator.
    """
    rows = [
        (own, *of_arm)
        for of_arm in zip(arms, GENERATORS, printed, strict=True)
        if len(own := table[table["arm"] == of_arm[0]])
    ]
    figure = style.figure(3.0, hspace=0.02)
    grid = figure.subplots(2, len(rows), height_ratios=[1, 2.6], squeeze=False)
    for above, axes, (own, arm, generator, said) in zip(*grid, rows, strict=True):
        above.set_axis_off()
        above.set_title(style.wrapped(generator, 24), loc="center", pad=14)
        axes.set_xlabel("generator steps")
        _sheets(above, own)
        colour = names.colour(arm.split("/")[2])
        for _, line in own.groupby("seed"):
            axes.plot(line["step"], line["value"], color=colour, linewidth=0.5, alpha=0.35)
        seeds.course(axes, own, "value", colour)
        axes.set_xlim(0, own["step"].max())
        if said:
            axes.text(0.97, 0.95, f"in the paper:\n{said}", transform=axes.transAxes, ha="right",
                      va="top", color=palette.MUTED, fontsize=7)  # fmt: skip
    grid[1][0].set_ylabel(label)
    return figure


def _sheets(axes: Axes, own: pd.DataFrame) -> None:
    """Samples where they were made, from left to right."""
    shown = own[[picture is not None for picture in own["picture"]]].sort_values("step")
    for i, (step, picture) in enumerate(zip(shown["step"], shown["picture"], strict=True)):
        inset = axes.inset_axes((i / SHEETS + 0.01, 0.0, 1 / SHEETS - 0.02, 0.9))
        style.show(inset, style.sheet(picture, SIDE))
        inset.set_title(f"{step:,}", loc="center", fontsize=7, pad=2, color=palette.MUTED)
