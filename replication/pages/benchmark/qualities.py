"""The held-out estimate of every arm against every quality."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import forest, names, style
from replication.figures.names import ARM
from replication.figures.results import Frames
from replication.plan import registry
from replication.words import numbers

TITLE = "Which quality does the estimate follow?"
CAPTION = (
    "Spearman's rank correlation between the held-out estimate and each quality over the checkpoints of a run, mean "
    "over seeds (the csv has Kendall's tau too); every quality turned so that less is better. +1: the estimate falls "
    "exactly when the quality improves; 0: it says nothing; −1: it rises while the quality improves. Features are "
    "those of the extractor that the report names; a dash stands where a quality never changed or no run finished."
)
RUNS = ["@images/*"]

STATISTICS = ("spearman", "kendall")

#: From here on a cell is so dark that its numbers are white.
DARK = 0.6

#: So many arms fill the page; of fewer, a cell is `CELL` times as high as wide.
WIDE, CELL = 7, 0.35


def data(frames: Frames) -> pd.DataFrame:
    """Both correlations of the held-out estimate by arm, seed and quality."""
    metrics = sorted(frames.quality["metric"].unique())
    keys = [*ARM, "seed", "quality"]
    first, second = (
        forest.correlations(frames, metrics, statistic)[[*keys, "estimate_heldout"]].rename(
            columns={"estimate_heldout": statistic}
        )
        for statistic in STATISTICS
    )
    return first.merge(second, on=keys)


def draw(table: pd.DataFrame) -> Figure:
    """Qualities down, arms across, purple where the estimate follows and orange where it goes against."""
    arms = names.arms_of(table)
    known = set(names.stems(table["quality"]))
    stems = [stem for stem in registry.ids("metrics") if stem in known]
    figure = style.figure(1.6 + 0.2 * len(stems))
    axes = figure.subplots()
    means = np.full((len(stems), len(arms)), np.nan)
    for column, arm in enumerate(arms):
        own = names.rows_of(table, arm)
        by_stem = own.groupby(names.stems(own["quality"]))["spearman"].mean()
        means[:, column] = by_stem.reindex(stems)
    axes.imshow(means, cmap="PuOr", vmin=-1.3, vmax=1.3, aspect="auto")
    if len(arms) < WIDE:  # a few columns do not spread over the page
        axes.set_box_aspect(CELL * len(stems) / len(arms))
    for (i, j), rho in np.ndenumerate(means):
        ink = style.PAPER if abs(rho) > DARK else style.INK
        text = "–" if np.isnan(rho) else numbers.plain(rho)
        axes.text(j, i, text, ha="center", va="center", color=ink, fontsize=7)
    of_stem = dict(zip(names.stems(table["quality"]), table["quality"], strict=True))
    axes.set_yticks(range(len(stems)), [names.metric(of_stem[s]).label for s in stems])
    labels = [names.arm_label(arm, arms) for arm in arms]
    axes.set_xticks(range(len(arms)), labels, fontsize=7, rotation=90)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    return figure
