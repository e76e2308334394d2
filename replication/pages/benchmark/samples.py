"""What the generators draw at the end, beside real images."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import names, style
from replication.figures.names import ARM, Arm
from replication.figures.panel import Frames

TITLE = "Samples at the end of training"
CAPTION = (
    "Samples of the first seed of every arm at its last checkpoint, in the order of the noise: nothing is "
    "picked. The first sheet of a data set shows real held-out images."
)
MIRRORS = "wgan2017:fig5, fig6 and fig7"
PAPER_SHOWS = (
    "Sheets of LSUN bedrooms from WGAN and GAN for three generators: similar with a DCGAN; better with WGAN "
    "without batch normalisation; and with an MLP only the GAN collapses to few modes."
)
RUNS = ["@images/*"]
FRONT = 2


def data(frames: Frames) -> pd.DataFrame:
    """Which checkpoint each sheet shows; the pictures themselves are in the runs' sample files."""
    rows = []
    for arm in frames.arms:
        if sheets := frames.first_samples(arm):
            step = max(sheets)
            rows.append([*arm, step, len(sheets[step])])
    return pd.DataFrame(rows, columns=[*ARM, "step", "n_samples"])


def draw(table: pd.DataFrame, frames: Frames) -> Figure:
    """One sheet per arm, real images first."""
    arms = [Arm(*row) for row in table[ARM].itertuples(index=False)]
    side = 8 if len(arms) < 8 else 6
    sheets = []
    for dataset in dict.fromkeys(a.dataset for a in arms):
        sheets.append((f"Real, {names.words(dataset)}", frames.held_out(dataset, side * side)))
        for arm, step in zip(arms, table["step"], strict=True):
            if arm.dataset == dataset:
                title = style.wrapped(names.arm_label(arm, arms), 26)
                sheets.append(
                    (f"{title}\nstep {step:,}", frames.first_samples(arm)[step][: side * side])
                )
    columns = min((4, 5), key=lambda n: (-len(sheets) % n, n))  # the fuller last row
    rows = -(-len(sheets) // columns)
    figure = style.figure(8.0 / columns * rows, hspace=0.02, wspace=0.02)
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes, (title, images) in zip(grid.flat, sheets, strict=False):
        style.show(axes, style.sheet(images, side))
        axes.set_title(title, loc="center", fontsize=7.5)
    for axes in grid.flat[len(sheets) :]:
        axes.set_axis_off()
    return figure
