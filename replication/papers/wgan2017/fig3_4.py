"""Each critic's own estimate while training, with samples under it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import names, pictures, style
from replication.figures.names import ARM, Arm
from replication.figures.results import Frames

TITLE = "The critic's estimate, and the samples it speaks of"
CAPTION = (
    "What each critic says of the distance between real and generated images, without penalty terms. "
    "Thick line: on held-out images, median over seeds, with a band over the middle half of them. "
    "Thin line: on training images. Each plot is as high as lines and band need, so single seeds may leave it. The "
    "estimate of a critic that is wrong about held-out images can be negative, below the range that its unit names. "
    "Under each curve, samples of the first seed at an early, a middle and "
    "the last checkpoint (dots on the axis); the same column of noise is used at all three. Units differ "
    "between panels: compare shapes, not heights."
)
MIRRORS = "wgan2017:fig3 and fig4"
PAPER_SHOWS = (
    "On LSUN bedrooms the W estimate of a clipped critic falls while samples sharpen (fig. 3) and stays "
    "flat where training fails; the JS estimate of a GAN's discriminator rises or stays near log 2 although "
    "samples improve (fig. 4)."
)
RUNS = ["@images/*"]

COLUMNS = 3
SHOWN = 10  # samples per checkpoint


def data(frames: Frames) -> pd.DataFrame:
    """Median, quarters, mean and extremes over seeds of the estimate at every logged step, held-out and training.

    ``picture``: samples of the first seed at `three` of its checkpoints.
    """
    long = frames.curves.melt(
        [*ARM, "seed", "step"], ["estimate_heldout", "estimate_train"], "images", "estimate"
    )
    long["images"] = long["images"].str.removeprefix("estimate_")
    finite = long[np.isfinite(long["estimate"])]
    table = finite.groupby([*ARM, "images", "step"], as_index=False).agg(
        median=("estimate", "median"),
        quarter=("estimate", lambda values: values.quantile(0.25)),
        three_quarters=("estimate", lambda values: values.quantile(0.75)),
        mean=("estimate", "mean"),
        low=("estimate", "min"),
        high=("estimate", "max"),
        n_seeds=("seed", "nunique"),
    )
    return pictures.at_steps(table, frames, three)


def draw(table: pd.DataFrame) -> Figure:
    """One curve with a strip of samples per arm, a few side by side."""
    arms = names.arms_of(table)
    rows = -(-len(arms) // COLUMNS)
    figure = style.figure(2.1 * rows)
    # One grid for all, so that the plots of a column stand under each other and are equally wide.
    cells = figure.add_gridspec(2 * rows, COLUMNS, height_ratios=[2.4, 1] * rows)
    for i, arm in enumerate(arms):
        row, column = 2 * (i // COLUMNS), i % COLUMNS
        own = names.rows_of(table, arm)
        shown = pictures.shown(own)
        curve = figure.add_subplot(cells[row if len(shown) else slice(row, row + 2), column])
        _curve(curve, own, arm, shown["step"])
        curve.set_title(names.arm_label(arm, arms), pad=10)
        if len(shown):
            _strip(figure.add_subplot(cells[row + 1, column]), shown)
    return figure


def three(steps: list[int]) -> list[int]:
    """An early, a middle and the last of some checkpoints; all of them where there are fewer."""
    return (
        [steps[i] for i in sorted({len(steps) // 6, len(steps) // 2, len(steps) - 1})]
        if steps
        else []
    )


def _curve(axes: Axes, own: pd.DataFrame, arm: Arm, shown: pd.Series) -> None:
    colour, estimate = names.colour(arm.method), names.estimate(arm.method)
    held_out, train = (
        own[own["images"] == images].sort_values("step") for images in ("heldout", "train")
    )
    axes.fill_between(
        held_out["step"],
        held_out["quarter"],
        held_out["three_quarters"],
        color=colour,
        alpha=0.18,
        linewidth=0,
    )
    axes.plot(train["step"], train["median"], color=colour, linewidth=0.7, alpha=0.75)
    axes.plot(held_out["step"], held_out["median"], color=colour, linewidth=1.7)
    axes.plot(shown, np.zeros(len(shown)), "o", color=style.INK, markersize=3.5, clip_on=False,
              transform=axes.get_xaxis_transform())  # fmt: skip
    axes.set_ylabel(style.wrapped(f"{estimate['symbol']} ({estimate['unit']})", 20))
    axes.set_xlabel("generator steps", labelpad=1)
    axes.set_xlim(0, float(own["step"].max()))
    axes.locator_params(axis="both", nbins=4)


def _strip(axes: Axes, shown: pd.DataFrame) -> None:
    axes.set_axis_off()
    for i, (images, step) in enumerate(zip(shown["picture"], shown["step"], strict=True)):
        place = axes.inset_axes((i / len(shown), 0, 0.96 / len(shown), 0.86))
        style.show(place, style.sheet(images[:SHOWN], SHOWN // 2, levels=8))
        place.set_title(f"step {step:,}", fontsize=7, color=style.MUTED, pad=2, loc="center")
