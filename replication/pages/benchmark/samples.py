"""What the generators draw at the end, beside real images."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import names, style
from replication.figures.names import ARM, Arm
from replication.figures.results import Frames

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


def data(frames: Frames) -> pd.DataFrame:
    """The samples of every arm, the checkpoint that they are of, and as many real images as are shown of them."""
    rows = []
    for arm in frames.arms:
        if sheets := frames.first_samples(arm):
            step = max(sheets)
            rows.append([*arm, step, len(sheets[step]), sheets[step]])
    table = pd.DataFrame(rows, columns=[*ARM, "step", "n_samples", "picture"])
    real = {d: frames.held_out(d, side(table) ** 2) for d in table["dataset"].unique()}
    return table.assign(picture_real=table["dataset"].map(real))


def side(table: pd.DataFrame) -> int:
    """How many samples a sheet has along its edge: fewer where there are many sheets."""
    return 8 if len(table) < 8 else 6


def draw(table: pd.DataFrame) -> Figure:
    """One sheet per arm, real images first."""
    arms = [Arm(*row) for row in table[ARM].itertuples(index=False)]
    edge = side(table)
    sheets = []
    for dataset, own in table.groupby("dataset", sort=False):
        sheets.append((f"Real, {names.dataset_label(str(dataset))}", own["picture_real"].iloc[0]))
        for row in own.to_dict("records"):
            title = style.wrapped(names.arm_label(Arm(*(row[k] for k in ARM)), arms), 26)
            sheets.append((f"{title}\nstep {row['step']:,}", row["picture"][: edge**2]))
    columns = min((4, 5), key=lambda n: (-len(sheets) % n, n))  # the fuller last row
    rows = -(-len(sheets) // columns)
    figure = style.figure(8.0 / columns * rows, hspace=0.02, wspace=0.02)
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes, (title, images) in zip(grid.flat, sheets, strict=False):
        style.show(axes, style.sheet(images, edge))
        axes.set_title(title, loc="center", fontsize=7.5)
    for axes in grid.flat[len(sheets) :]:
        axes.set_axis_off()
    return figure
