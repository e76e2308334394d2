"""How often each verdict comes out when the truth is known, for every kind of test."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.claims import errors
from replication.claims.outcome import (
    INCONCLUSIVE,
    NOT_REPLICATED,
    REPLICATED,
    REVERSED,
    WEAKER,
)
from replication.figures import palette, style

TITLE = "Which verdict comes out when the truth is known"
CAPTION = (
    "Share of simulated tests with each verdict, by the true effect in thresholds: -1, as large as the threshold and "
    'reversed; 0, nothing to see; 1, just the threshold. Of a difference and of "about equal" a seed\'s value is '
    'normal, with a standard deviation of half the threshold or margin; of "about equal" the truth is the distance '
    "from the target in margins; the share is tested against one half, with a threshold of 0.9. 2,000 tests a bar. The "
    "csv has every kind of test, noise with long tails and mode counts, and noise of up to eight thresholds."
)
EXPLAINED = (
    "At 0 no bar should be called replicated, and from 1 on none not replicated: where seeds are too few, the verdict "
    "is inconclusive instead. With the truth on the threshold itself an estimate reaches it in half of all cases; more "
    "seeds do not change that."
)

#: What is drawn: kinds of test, with noise and its standard deviation in thresholds where it is not the kind's own.
ROWS = {"difference": "difference", "equivalence": "about equal", "rate": "share"}
NOISE, SPREAD = "normal", 0.5

COLOURS = {
    REPLICATED: palette.NEUTRAL[0],
    WEAKER: palette.NEUTRAL[2],
    INCONCLUSIVE: palette.GRID,
    NOT_REPLICATED: palette.NEUTRAL[4],
    REVERSED: palette.NEUTRAL[1],
}


def data() -> pd.DataFrame:
    """The simulated share of every verdict, by kind of test, noise, number of seeds and truth."""
    return errors.table()


def draw(table: pd.DataFrame) -> Figure:
    """A row for each of three kinds of test, a column for each number of seeds."""
    figure = style.figure(4.0)
    sizes = sorted(set(table["n"]))
    grid = figure.subplots(len(ROWS), len(sizes), sharex=True, sharey=True)
    for row, (kind, label) in zip(grid, ROWS.items(), strict=True):
        own = table[(table["kind"] == kind) & _shown(table)]
        for axes, n in zip(row, sizes, strict=True):
            _bars(axes, own[own["n"] == n])
        row[0].set_ylabel(label)
    for axes, n in zip(grid[0], sizes, strict=True):
        axes.set_title(f"{n} seeds")
    for axes in grid[-1]:
        axes.set_xlabel("true effect / threshold")
    figure.legend(*grid[0][0].get_legend_handles_labels(), loc="outside lower center", ncols=5)
    return figure


def _shown(table: pd.DataFrame) -> pd.Series[bool]:
    """The rows of the noise that is drawn."""
    return table["spread"].isna() | ((table["noise"] == NOISE) & (table["spread"] == SPREAD))


def _bars(axes: Axes, own: pd.DataFrame) -> None:
    """A bar for every truth, built of the verdicts' shares."""
    base = 0.0 * own[REPLICATED].to_numpy()
    for word, colour in COLOURS.items():
        axes.bar(range(len(own)), own[word], 0.8, bottom=base, color=colour, label=word,
                 edgecolor=style.PAPER, linewidth=0.5)  # fmt: skip
        base = base + own[word].to_numpy()
    axes.set_xticks(range(len(own)), [f"{errors.TRUTHS[name]:g}" for name in own["truth"]])
    axes.grid(False)
