"""From GAN to WGAN in four single changes: what each of them does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import marks, names, palette, style
from replication.figures.results import Experiment

TITLE = "From GAN to WGAN in four single changes"
CAPTION = (
    "Games on 8 Gaussians, trained. Upper row: from GAN to WGAN, each line changes one thing in the one before "
    "it. Lower row: the GAN again, and one change alone (leaving out the log alone is the second line above). "
    "Everything else stays: nets of three hidden layers of 64 units, learning rate 1e-3, batch 64, 3 critic steps per "
    "generator step. A sigmoid left out alone would put the log of a negative number into the loss; the score is "
    "kept inside [0.001, 0.999] instead. Medians over seeds of exact W1 (400 generated against as many held-out "
    "points), of K (the critic's Lipschitz estimate, before any sigmoid) and of the norm of the generator's gradient;"
    " W1 above the axes is not shown, gradients below 1e-6 (some are exactly 0) are drawn there. Below: last "
    "samples of the first seed in orange, centres in grey, and modes of 8 with at least one of 2,500 samples "
    "within 3 standard deviations, mean over seeds."
)
EXPLAINED = (
    "Without log and sigmoid nothing keeps the critic from growing ever steeper; clipping is what puts a bound "
    "on its slope, so that its score can be read as a distance at all. Momentum is left out because an "
    "opponent that changes makes yesterday's direction a poor guide."
)
PAPER_SHOWS = (
    "Lecture notes list four changes from a GAN's code to a WGAN's: no sigmoid in the last layer, no log in the "
    "loss, weights clipped to a small range, no optimiser with momentum. They measure none of them alone."
)
TOPIC = "toys"
PLACE = 1
EXPERIMENTS = ["four_changes"]

#: Arms in order, what each changes; the second part begins with the GAN again.
ROWS = {
    "gan": "GAN",
    "no_log": "no log",
    "no_log_no_sigmoid": "+ no sigmoid",
    "clipped": "+ clipped",
    "wgan": "+ no momentum\n= WGAN",
    "only_no_sigmoid": "GAN,\nno sigmoid",
    "only_clipped": "GAN,\nclipped",
    "only_no_momentum": "GAN,\nno momentum",
}
PARTS = (list(ROWS)[:5], ["gan", *list(ROWS)[5:]])
COLOURS = {
    "gan": names.colour("gan_ns"),
    "no_log": palette.NEUTRAL[3],
    "no_log_no_sigmoid": palette.NEUTRAL[1],
    "clipped": palette.NEUTRAL[2],
    "wgan": names.colour("wgan_clip"),
    "only_no_sigmoid": palette.NEUTRAL[1],
    "only_clipped": palette.NEUTRAL[2],
    "only_no_momentum": palette.NEUTRAL[0],
}

#: What is drawn over steps; W1 up to `HIGHEST`, the others, on logarithmic axes, from `LOWEST`.
QUANTITIES = {
    "w1": "exact W1",
    "steepest": "K, Lipschitz estimate",
    "gradient": "generator's gradient",
}
HIGHEST, LOWEST = 3.0, 1e-6


def data(experiment: Experiment) -> pd.DataFrame:
    """Median, lowest and highest seed over steps; modes of every seed; samples of seed 0."""
    table = experiment("four_changes")
    over = table[table["what"].isin([*QUANTITIES, "estimate"])]
    bands = over.groupby(["arm", "what", "at"], as_index=False)["value"].agg(
        value="median", low="min", high="max"
    )
    rest = table[table["what"].isin(["modes", "x", "y"])]
    return pd.concat([bands.assign(seed=-1), rest], ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """Two rows of plots over steps, and under them the last samples of every arm."""
    figure = style.figure(5.6)
    halves: Any = figure.subfigures(2, 1, height_ratios=[3.6, 1])
    over, below = halves
    grid = over.subplots(2, len(QUANTITIES), sharex=True)
    for row, arms in zip(grid, PARTS, strict=True):
        for axes, what in zip(row, QUANTITIES, strict=True):
            own = table[table["what"] == what]
            for arm in arms:
                _over_steps(
                    axes, own[own["arm"] == arm], COLOURS[arm], ROWS[arm].replace("\n", " ")
                )
            _share(axes, own, what)
        row[-1].legend(loc="upper left", bbox_to_anchor=(1.0, 1.05))
    for axes, title in zip(grid[0], QUANTITIES.values(), strict=True):
        axes.set_title(title)
    for axes in grid[-1]:
        axes.set_xlabel("generator steps")
    for axes, (arm, text) in zip(below.subplots(1, len(ROWS)), ROWS.items(), strict=True):
        _samples(axes, table[table["arm"] == arm])
        axes.set_title(text, fontsize=7.5, color=COLOURS[arm], loc="center")
    return figure


def _over_steps(axes: Axes, table: pd.DataFrame, colour: str, label: str) -> None:
    own = table.sort_values("at")
    axes.plot(own["at"], own["value"].clip(lower=LOWEST), color=colour, label=label)


def _share(axes: Axes, table: pd.DataFrame, what: str) -> None:
    """One range for a quantity in all rows, so that rows compare."""
    if what == "w1":
        axes.set_ylim(0, 1.05 * np.fmin(table["high"].max(), HIGHEST) or 1.0)
        return
    axes.set_yscale("log")
    axes.set_ylim(LOWEST / 2, max(1.0, 3 * float(table["value"].max())))
    axes.set_yticks([1e-6, 1e-3, 1, 1e3])
    axes.minorticks_off()


def _samples(axes: Axes, table: pd.DataFrame) -> None:
    centres = np.array([(2**0.5 * np.cos(a), 2**0.5 * np.sin(a)) for a in np.arange(8) * np.pi / 4])
    x, y = (table.loc[table["what"] == k].sort_values("at")["value"] for k in "xy")
    axes.scatter(
        centres[:, 0], centres[:, 1], s=22, color=style.GRID, edgecolors=marks.REAL, linewidths=0.6
    )
    axes.scatter(x, y, s=1.5, color=marks.FAKE, alpha=0.6, linewidths=0)
    axes.set(xlim=(-2.2, 2.2), ylim=(-2.2, 2.2), aspect="equal", xticks=[], yticks=[])
    axes.grid(False)
    modes = table.loc[table["what"] == "modes", "value"].mean()
    axes.set_xlabel(f"{modes:.1f} modes", fontsize=7.5)
