"""The curves of an arm, drawn: its estimate, its losses and two scores over generator steps."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import names, style
from replication.figures.names import Arm
from replication.figures.results import Frames
from replication.plan.study import kind

#: The scores whose course is drawn, by kind of data.
DRAWN = {"images": ("fid", "inception_score"), "points": ("w1", "modes")}


def drawn(frames: Frames, arm: Arm) -> str:
    """The figure of an arm, as an SVG file's text."""
    curves, quality = names.rows_of(frames.curves, arm), names.rows_of(frames.quality, arm)
    measured = [
        m for m in frames.metrics(*DRAWN[kind(arm.dataset)]) if (quality["metric"] == m).any()
    ]
    with style.applied():
        figure = style.figure(4.4)
        # All of them are alike, and laying them out takes most of the time.
        figure.set_layout_engine(None)
        figure.subplots_adjust(left=0.08, right=0.99, bottom=0.1, top=0.94, hspace=0.45, wspace=0.2)
        left, right, *below = figure.subplots(2, 2).ravel()
        colour = names.colour(arm.method)
        _lines(left, curves, "estimate_heldout", colour)
        left.set_title("estimate, held-out")
        _lines(right, curves, "critic_loss", style.INK)
        _lines(right, curves, "generator_loss", style.MUTED)
        right.set_title("losses: critic's black, generator's grey")
        for axes in below:
            axes.set_axis_off()
        for axes, metric in zip(below, measured, strict=False):
            axes.set_axis_on()
            _lines(axes, quality[quality["metric"] == metric], "value", colour, ".")
            axes.set_title(names.metric(metric).title)
            if not np.isnan(real := frames.real(arm.dataset, metric)):
                axes.axhline(real, color=style.MUTED, linewidth=0.8, linestyle=style.DASHES[1])
        return _svg(figure)


def _lines(axes: Axes, table: pd.DataFrame, column: str, colour: str, marker: str = "") -> None:
    """A column over steps: seeds thin, their median thick."""
    wide = table.pivot(index="step", columns="seed", values=column)
    wide = wide.replace([np.inf, -np.inf], np.nan)
    axes.plot(wide.index, wide, color=colour, alpha=0.3, linewidth=0.6)
    axes.plot(wide.index, wide.median(axis=1), color=colour, marker=marker)
    axes.set_xlabel("generator steps")


def _svg(figure: Figure) -> str:
    with tempfile.TemporaryDirectory() as folder:
        style.save(figure, Path(folder) / "curves", ("svg",))
        return (Path(folder) / "curves.svg").read_text(encoding="utf-8")
