"""The estimate and the quality of somebody's training: over its steps, and one against the other."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.analysis.checkpoints import Followed
from replication.analysis.signals import late
from replication.figures import marks, palette, style
from replication.jobs import files

#: Of the estimate and of the quality.
COLOURS = {"estimate": palette.VERMILLION, "quality": palette.SLATE}

#: Longest name of a column that fits along an axis.
WIDTH = 28


def draw(followed: Followed) -> Figure:
    """Left: estimate and quality over steps. Right: one against the other; the late phase is filled.

    One thin line per seed, through its checkpoints in order.
    """
    made = style.figure(3.0, wspace=0.06)
    grid = made.add_gridspec(2, 2)
    above = made.add_subplot(grid[0, 0])
    below = made.add_subplot(grid[1, 0], sharex=above)
    beside = made.add_subplot(grid[:, 1])
    arrow = "↓" if followed.columns.better == "lower" else "↑"
    names = {
        "estimate": followed.columns.estimate,
        "quality": f"{followed.columns.quality} {arrow}",
    }
    labels = {role: style.wrapped(name, WIDTH) for role, name in names.items()}
    for _, own in followed.table.groupby("seed", sort=False):
        for axes, role in ((above, "estimate"), (below, "quality")):
            axes.plot(
                own["step"],
                own[role],
                ".-",
                color=COLOURS[role],
                linewidth=0.7,
                markersize=3,
                alpha=0.6,
            )
        _against(beside, own, followed.columns.better == "lower")
    above.tick_params(labelbottom=False)
    above.set(ylabel=labels["estimate"])
    below.set(ylabel=labels["quality"], xlabel=followed.columns.step)
    beside.set(xlabel=labels["estimate"], ylabel=labels["quality"])
    marks.note(beside, "hollow: early; filled: late phase", (0.02, 1.06), color=style.MUTED)
    return made


def _against(axes: Axes, own: pd.DataFrame, lower: bool) -> None:
    colour = COLOURS["estimate"]
    axes.plot(own["estimate"], own["quality"], color=colour, linewidth=0.6, alpha=0.4)
    since = late(own["quality"] if lower else -own["quality"])
    for which, face in ((~since, style.PAPER), (since, colour)):
        part = own[np.asarray(which)]
        axes.plot(part["estimate"], part["quality"], "o", color=colour, markersize=3.5, alpha=0.7,
                  markerfacecolor=face, markeredgewidth=0.7)  # fmt: skip


def save(followed: Followed, path: Path) -> None:
    """Draw it into a png file."""
    buffer = io.BytesIO()
    with style.applied():
        draw(followed).savefig(buffer, format="png", dpi=style.DPI, metadata={"Software": None})
    with files.replacing(path) as aside:
        aside.write_bytes(buffer.getvalue())
