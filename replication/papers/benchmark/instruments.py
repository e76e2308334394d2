"""Every metric on every ladder: does it get worse when the images do?"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication import registry
from replication.papers.benchmark import _ladders
from replication.report import names, panels, style
from replication.report.panels import Frames

TITLE = "Which scores notice which fault?"
CAPTION = (
    "Spearman's correlation of the strength of a fault with how bad a score calls the images, mean over seeds: +1, "
    "worse with every step; 0, blind; −1, better with every step. 1,000 real digits of mnist_5k a rung, damaged by "
    "degrees, with classes left out, or with copies in place of other images, against 1,000 held-out digits. "
    "Features are those of the pipeline's LeNet; exact W1 between 500 images a side. Each ladder has four rungs or "
    "more. The digits are training images, so the memorised share can only fall."
)
EXPLAINED = (
    "Read a row to know what a score can see, and a column to know which score to ask. A score that looks at single "
    "images, as precision does, need not see missing variety; one that looks for variety, as recall does, need not "
    "see damage."
)
MIRRORS = ""
PAPER_SHOWS = ""
TOPIC = "instruments"
PLACE = 3
RUNS: list[str] = []
LABS = ["disturbances"]

#: From here on a cell is so dark that its number is white.
DARK = 0.6


def data(frames: Frames) -> pd.DataFrame:
    """Correlation by metric, ladder and seed."""
    table = _ladders.scores(panels.lab("disturbances"))
    keys = ["metric", "stem", "ladder", "seed"]
    found = {key: _ladders.following(own) for key, own in table.groupby(keys)}
    return pd.Series(found, name="follows").rename_axis(keys).reset_index()


def draw(table: pd.DataFrame, frames: Frames) -> Figure:
    """Metrics down, ladders across, purple where a score follows and orange where it is misled."""
    means = table.groupby(["stem", "ladder"])["follows"].mean().unstack("ladder")
    rows = [stem for stem in registry.ids("metrics") if stem in means.index]
    means = means.loc[rows, [ladder for ladder in _ladders.UNITS if ladder in means.columns]]
    figure = style.figure(0.9 + 0.24 * len(rows))
    axes = figure.subplots()
    axes.imshow(means.to_numpy(), cmap="PuOr", vmin=-1.3, vmax=1.3, aspect="auto")
    for i, row in enumerate(means.to_numpy()):
        for j, value in enumerate(row):
            ink = style.PAPER if abs(value) > DARK else style.INK
            axes.text(j, i, style.number(value, "+.2f"), ha="center", va="center", color=ink)
    of_stem = table.drop_duplicates("stem").set_index("stem")["metric"]
    axes.set_yticks(range(len(rows)), [names.metric(of_stem[stem]).label for stem in rows])
    axes.set_xticks(range(means.shape[1]), [style.wrapped(c, 11) for c in means.columns])
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    return figure
