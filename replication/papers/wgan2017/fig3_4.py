"""Each critic's own estimate while training, with samples of the end beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import names, pictures, style
from replication.figures.names import ARM, Arm
from replication.figures.results import Frames
from replication.transport import divergences

TITLE = "The critic's estimate, and the samples it speaks of"
CAPTION = (
    "What each critic says of the distance between real and generated images, without penalty terms. "
    "Thick line: on held-out images, median over seeds, with a band over the middle half of them. "
    "Thin line: on training images. Each plot is as high as lines and band need, so single seeds may leave it. The "
    "estimate of a critic that is wrong about held-out images can be negative, below the range that its unit names. "
    "Beside each curve, samples of the first seed at the last checkpoint that kept some, nothing picked. The paper's "
    "methods come first, WGAN and the two GANs; dashes: log 2, the largest value of JS. Units differ between methods: "
    "compare shapes, not heights."
)
MIRRORS = "wgan2017:fig3 and fig4"
PAPER_SHOWS = (
    "On LSUN bedrooms the W estimate of a clipped critic falls while samples sharpen (fig. 3) and stays "
    "flat where training fails; the JS estimate of a GAN's discriminator rises or stays near log 2 although "
    "samples improve (fig. 4)."
)
RUNS = ["@images/*"]

COLUMNS = 2
SIDE = 5  # samples along an edge of a sheet

#: The methods that the paper's figures compare, which come first.
PAPERS = ("wgan_clip", "gan_ns", "gan_minimax")
#: Upper end of an axis of JS: a little above log 2.
ABOVE_LOG_2 = 0.78


def data(frames: Frames) -> pd.DataFrame:
    """Median, quarters, mean and extremes over seeds of the estimate at every logged step, held-out and training.

    ``picture``: samples of the first seed at its last checkpoint.
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
    return pictures.at_steps(table, frames, lambda steps: steps[-1:])


def draw(table: pd.DataFrame) -> Figure:
    """One curve and one sheet of samples per arm, two arms side by side, those of the paper's methods first."""
    arms = sorted(names.arms_of(table), key=_place)
    columns = min(COLUMNS, len(arms))
    rows = -(-len(arms) // columns)
    figure = style.figure(0.25 + 1.45 * rows)
    # One grid for all, so that the plots of a column stand under each other and are equally wide.
    cells = figure.add_gridspec(rows, 2 * columns, width_ratios=[1.55, 1] * columns)
    for i, arm in enumerate(arms):
        row, column = i // columns, 2 * (i % columns)
        own = names.rows_of(table, arm)
        shown = pictures.shown(own)
        curve = figure.add_subplot(cells[row, column if len(shown) else slice(column, column + 2)])
        _curve(curve, own, arm)
        curve.set_title(names.arm_label(arm, arms))
        if i + columns >= len(arms):
            curve.set_xlabel("generator steps")
        if len(shown):
            _sheet(figure.add_subplot(cells[row, column + 1]), shown)
    return figure


def _place(arm: Arm) -> int:
    """Where a method stands among `PAPERS`; all others after them."""
    return PAPERS.index(arm.method) if arm.method in PAPERS else len(PAPERS)


def _curve(axes: Axes, own: pd.DataFrame, arm: Arm) -> None:
    colour, estimate = names.colour(arm.method), names.estimate(arm.method)
    held_out, train = (
        own[own["images"] == images].sort_values("step") for images in ("heldout", "train")
    )
    low, high = held_out["quarter"], held_out["three_quarters"]
    axes.fill_between(held_out["step"], low, high, color=colour, alpha=0.18, linewidth=0)
    axes.plot(train["step"], train["median"], color=colour, linewidth=0.7, alpha=0.75)
    axes.plot(held_out["step"], held_out["median"], color=colour, linewidth=1.7)
    axes.set_ylabel(style.wrapped(f"{estimate['symbol']} ({estimate['unit']})", 14))
    axes.set_xlim(0, float(own["step"].max()))
    axes.locator_params(axis="both", nbins=4)
    if estimate["symbol"] == "JS":
        axes.axhline(divergences.LOG2, color=style.MUTED, linestyle=(0, (3, 2)), linewidth=1)
        axes.text(0.98, divergences.LOG2, "log 2", transform=axes.get_yaxis_transform(),
                  ha="right", va="bottom", color=style.MUTED, fontsize=7)  # fmt: skip
        axes.set_ylim(min(0.0, float(low.min())), ABOVE_LOG_2)


def _sheet(axes: Axes, shown: pd.DataFrame) -> None:
    last = shown.iloc[-1]
    style.show(axes, style.sheet(last["picture"][: SIDE**2], SIDE, levels=8))
    axes.set_title(f"step {last['step']:,}", fontsize=7, color=style.MUTED, pad=2, loc="center")
