"""What the panels of the experiment `disturbances` share: scores by rung, and how strictly they follow a ladder."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from scipy import stats

from replication.figures import names, style
from replication.metrics import _base as metrics
from replication.plan import registry
from replication.words import numbers

KINDS = ("noise", "blur", "rectangles", "swirl", "salt and pepper", "foreign")
DROPPED, REPEATED = "dropped classes", "repeated images"

#: The axis of a ladder's strengths.
UNITS = {
    "noise": "share of noise",
    "blur": "sd (pixels)",
    "rectangles": "largest side (share)",
    "swirl": "turn (radians)",
    "salt and pepper": "share of pixels",
    "foreign": "share of images",
    DROPPED: "classes missing",
    REPEATED: "copies of each image",
}

#: Strength of the first rung, where images are as they are.
START = {REPEATED: 1.0}

#: From here on a cell is so dark that its number is white.
DARK = 0.6


def scores(table: pd.DataFrame, stems: tuple[str, ...] = ()) -> pd.DataFrame:
    """Every ladder from its first rung on: seed, ladder, strength, metric (id), stem (its file), value.

    Args:
        table: the experiment's.
        stems: the metrics that are wanted; all where none is named.
    """
    table = table.assign(stem=[metrics.parts(m).metric for m in table["metric"]])
    if stems:
        table = table[table["stem"].isin(stems)]
    plain = table[table["ladder"] == "none"]
    ladders = [ladder for ladder in UNITS if ladder in set(table["ladder"])]
    starts = [plain.assign(ladder=ladder, strength=START.get(ladder, 0.0)) for ladder in ladders]
    whole = pd.concat([*starts, table[table["ladder"] != "none"]], ignore_index=True)
    return whole.sort_values(["ladder", "metric", "seed", "strength"], ignore_index=True)


def worse(own: pd.DataFrame) -> pd.Series:
    """Values of one metric, turned so that more is worse."""
    better = metrics.direction(str(own["metric"].iloc[0]))
    return own["value"] if better == "lower" else -own["value"]


def strictly_worse(own: pd.DataFrame) -> bool:
    """Whether every rung of one seed's ladder scores worse than the one before."""
    return bool((worse(own.sort_values("strength")).diff().iloc[1:] > 0).all())


def following(own: pd.DataFrame) -> float:
    """Spearman's correlation of one seed's strengths with how bad the score is; 0 where it never moves."""
    bad = worse(own)
    return float(stats.spearmanr(own["strength"], bad).statistic) if bad.nunique() > 1 else 0.0


def followings(table: pd.DataFrame) -> pd.DataFrame:
    """`following` by metric, stem, ladder and seed, of an experiment's table."""
    keys = ["metric", "stem", "ladder", "seed"]
    found = {key: following(own) for key, own in scores(table).groupby(keys)}
    return pd.Series(found, name="follows").rename_axis(keys).reset_index()


def heatmap(table: pd.DataFrame) -> Figure:
    """Metrics down, ladders across: means over seeds, purple where a score follows and orange where it is misled."""
    means = table.groupby(["stem", "ladder"])["follows"].mean().unstack("ladder")
    rows = [stem for stem in registry.ids("metrics") if stem in means.index]
    means = means.loc[rows, [ladder for ladder in UNITS if ladder in means.columns]]
    figure = style.figure(0.9 + 0.24 * len(rows))
    axes = figure.subplots()
    axes.imshow(means.to_numpy(), cmap="PuOr", vmin=-1.3, vmax=1.3, aspect="auto")
    for i, row in enumerate(means.to_numpy()):
        for j, value in enumerate(row):
            ink = style.PAPER if abs(value) > DARK else style.INK
            axes.text(j, i, numbers.plain(value, "+.2f"), ha="center", va="center", color=ink)
    of_stem = table.drop_duplicates("stem").set_index("stem")["metric"]
    axes.set_yticks(range(len(rows)), [names.metric(of_stem[stem]).label for stem in rows])
    axes.set_xticks(range(means.shape[1]), [style.wrapped(c, 11) for c in means.columns])
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    return figure
