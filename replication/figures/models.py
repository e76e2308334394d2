"""What the panels share that ask whether another score ranks models as FID does.

The models are all arms of a data set, whatever their nets; a seed's number is the rank correlation over its models at
their last checkpoints. Each data set is judged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from replication.analysis.statistics import spearman
from replication.analysis.tracking import finished
from replication.figures import names, style
from replication.figures.names import ARM
from replication.figures.results import Frames
from replication.words import numbers

FID = "fid"
#: Fewest models that a rank correlation is worth having of.
FEWEST = 4
#: One marker per net.
MARKERS = "osD^v"
#: From so many times the lowest value on, the highest is drawn on a logarithmic axis.
FAR = 4
#: Real images that score so many times better than the best model would leave half of an axis empty: words say it.
BEYOND = 5
#: The dashes of real images.
REAL: dict[str, Any] = {"color": style.MUTED, "linewidth": 0.9, "linestyle": "--"}


def data(frames: Frames, score: str) -> pd.DataFrame:
    """FID and the score at the last checkpoint of every run that finished, under the names of their files.

    Of each, ``<file>_metric`` is what it was measured as, and ``<file>_real`` what real training images score.
    """
    own = frames.quality[frames.quality["metric"].isin(frames.metrics(FID, score))]
    own = finished(frames.runs, own.assign(stem=names.stems(own["metric"])))
    last = own[own["step"] == own.groupby([*ARM, "seed"])["step"].transform("max")]
    wide = last.pivot(index=[*ARM, "seed"], columns="stem", values="value")
    table = wide.reindex(columns=[score, FID]).dropna().reset_index()
    models = table[ARM].drop_duplicates().groupby("dataset")["method"].transform("size")
    enough = table.loc[models[models >= FEWEST].index, ARM]
    table = table.merge(enough, on=ARM).sort_values([*ARM, "seed"], ignore_index=True)
    for stem in (score, FID):
        ids = own[own["stem"] == stem].drop_duplicates("dataset").set_index("dataset")["metric"]
        metric = table["dataset"].map(ids)
        real = [frames.real(d, m) for d, m in zip(table["dataset"], metric, strict=True)]
        table = table.assign(**{f"{stem}_metric": metric, f"{stem}_real": real})
    return table


def by_dataset(table: pd.DataFrame, score: str) -> dict[str, list[float]]:
    """The rank correlation of the score with FID over the models of every seed, by the arms of a data set."""
    found: dict[str, list[float]] = {}
    for (dataset, _), own in table.groupby(["dataset", "seed"]):
        if len(own) >= FEWEST:
            found.setdefault(f"{dataset}/*", []).append(spearman(own[score], own[FID]))
    return found


def counts(table: pd.DataFrame) -> list[float]:
    """How many models each seed has, in the data set with fewest."""
    sizes = table.groupby(["dataset", "seed"]).size()
    return sizes.groupby("seed").min().astype(float).tolist() if len(sizes) else []


def draw(table: pd.DataFrame, score: str, label: str = "") -> Figure:
    """A plot per data set, a mark per run, hollow where the recipe is not the paper's, its form the net's.

    The axis of the score is logarithmic where its values are positive and far apart, and else linear.

    Args:
        table: of `data`.
        score: the file of the score.
        label: of its axis; where it is empty, the score's title.
    """
    groups, nets = (
        list(table.groupby("dataset", sort=False)),
        list(table["net"].value_counts().index),
    )
    figure = style.figure(3.2)
    grid = figure.subplots(1, max(1, len(groups)), squeeze=False)[0]
    lines = False
    for axes, (dataset, own) in zip(grid, groups, strict=False):
        for method in dict.fromkeys(arm.method for arm in names.arms_of(own)):
            _dots(axes, own[own["method"] == method], method, score, nets)
        axes.set_xlabel(label or _title(own, score))
        axes.set_ylabel(_title(own, FID))
        if far_apart(own[score].tolist()):
            style.log(axes.xaxis)
        style.log(axes.yaxis)
        lines |= _real(axes.axvline, axes.xaxis, own, score)
        lines |= _real(axes.axhline, axes.yaxis, own, FID)
        axes.set_title(names.dataset_label(str(dataset)))
    real = [Line2D([], [], **REAL, label="real images")] if lines else []
    figure.legend(handles=[*_legend(table, nets), *real], loc="outside upper center", ncols=5)
    return figure


def _real(line: Callable[..., Any], axis: Axis, own: pd.DataFrame, stem: str) -> bool:
    """What real images score: a line, or where that is far from every model words beside the axis; whether a line."""
    real, best = float(own[f"{stem}_real"].iloc[0]), float(own[stem].min())
    if real * BEYOND >= best:
        line(real, **REAL)
        return True
    if not pd.isna(real):
        axis.set_label_text(f"{axis.get_label_text()} (real images: {numbers.rounded(real)})")
    return False


def far_apart(values: list[float]) -> bool:
    """Whether values, of which NaN is none, are worth a logarithmic axis, and can have one."""
    known = pd.Series(values).dropna()
    return bool(len(known) and known.min() > 0 and known.max() >= FAR * known.min())


def _legend(table: pd.DataFrame, nets: list[str]) -> list[Any]:
    """The methods, the nets where there are several, and what a hollow mark is where there is one."""

    def entry(label: str, marker: str = "o", colour: str = style.MUTED, face: str = "") -> Line2D:
        return Line2D([], [], color=colour, marker=marker, markersize=4, linestyle="",
                      markerfacecolor=face or colour, label=label)  # fmt: skip

    methods = dict.fromkeys(arm.method for arm in names.arms_of(table))
    handles = [entry(names.method_label(m), colour=names.colour(m)) for m in methods]
    if len(nets) > 1:
        handles += [entry(f"net {names.net_label(net)}", _marker(net, nets)) for net in nets]
    if (table["variant"] != names.PLAIN).any():
        handles.append(entry("hollow: another recipe", face=style.PAPER))
    return handles


def _title(own: pd.DataFrame, stem: str) -> str:
    """Label and direction of the metric of a file, as it was measured on a data set."""
    return names.metric(own[f"{stem}_metric"].iloc[0]).title


def _dots(axes: Axes, own: pd.DataFrame, method: str, score: str, nets: list[str]) -> None:
    colour = names.colour(method)
    for (net, plain), part in own.groupby(["net", own["variant"] == names.PLAIN]):
        axes.plot(part[score], part[FID], _marker(net, nets), color=colour, markersize=4,
                  markerfacecolor=colour if plain else style.PAPER)  # fmt: skip


def _marker(net: str, nets: list[str]) -> str:
    return MARKERS[nets.index(net) % len(MARKERS)]
