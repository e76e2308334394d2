"""From GAN to WGAN in four single changes: what each of them does."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import marks, style
from replication.figures.results import Experiment
from replication.plan import registry

TITLE = "From GAN to WGAN in four single changes"
CAPTION = (
    "Games on 8 Gaussians, trained; read from top to bottom. Each of the first five rows changes one thing in "
    "the row above; each of the last three changes one thing in the GAN (leaving out the log alone is row "
    "two). Everything else stays: nets of three hidden layers of 64 units, rate 1e-3, batch 64, 3 critic steps "
    "per generator step. A sigmoid left out alone would put the log of a negative number into the loss; the score "
    "is kept inside [0.001, 0.999] instead. Exact W1 of 400 generated against as many held-out points, K (the "
    "critic's steepest slope, before any sigmoid) and the norm of the generator's gradient over generator "
    "steps: median over seeds, band from the lowest to the highest; W1 above the axes is not shown, gradients "
    "below 1e-6 (some are exactly 0) are drawn there. Right: last samples of seed 0 in orange, centres in "
    "grey, and modes with at least one of 2,500 samples within 3 standard deviations, mean over seeds."
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

#: Arms from top to bottom, what each changes, and where the second part starts.
ROWS = {
    "gan": "GAN\nsigmoid, logs,\nAdam",
    "no_log": "no log",
    "no_log_no_sigmoid": "+ no sigmoid",
    "clipped": "+ clipped\nweights",
    "wgan": "+ no momentum\n= WGAN",
    "only_no_sigmoid": "GAN,\nonly no sigmoid",
    "only_clipped": "GAN,\nonly clipped",
    "only_no_momentum": "GAN,\nonly no\nmomentum",
}
ALONE = "only_no_sigmoid"

#: What is drawn over steps; W1 up to `HIGHEST`, the others, on logarithmic axes, from `LOWEST`.
QUANTITIES = {"w1": "exact W1", "steepest": "K", "gradient": "gradient of G"}
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
    """A row per arm."""
    figure = style.figure(8.6, hspace=0.02)
    grid = figure.subplots(len(ROWS), 4, width_ratios=[1.5, 1.25, 1.25, 0.8], sharex="col")
    first = list(ROWS).index(ALONE)
    for i, (arm, text) in enumerate(ROWS.items()):
        own = table[table["arm"] == arm]
        for axes, what in zip(grid[i], QUANTITIES, strict=False):
            _over_steps(axes, own[own["what"] == what], _colour(arm))
            _share(axes, table[table["what"] == what], what)
        grid[i, 0].set_ylabel(text, rotation=0, ha="right", va="center", multialignment="left")
        _samples(grid[i, 3], own)
    for column, title in enumerate([*QUANTITIES.values(), "last samples"]):
        grid[0, column].set_title(title)
        grid[first, column].set_title("each change alone" if column == 0 else "")
    for axes in grid[-1, :3]:
        axes.set_xlabel("generator steps")
    return figure


def _colour(arm: str) -> str:
    """The method's at both ends, ink between them."""
    ends = {"gan": "gan_ns", "wgan": "wgan_clip"}
    return str(registry.metadata("methods", ends[arm])["COLOUR"]) if arm in ends else style.INK


def _over_steps(axes: Axes, table: pd.DataFrame, colour: str) -> None:
    own = table.sort_values("at")
    own = own.assign(**{c: own[c].clip(lower=LOWEST) for c in ("value", "low", "high")})
    axes.fill_between(own["at"], own["low"], own["high"], color=colour, alpha=0.18, linewidth=0)
    axes.plot(own["at"], own["value"], color=colour)


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
    marks.note(axes, f"{modes:.1f}\nof 8", (1.06, 0.98))
