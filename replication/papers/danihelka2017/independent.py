"""Does a critic that is trained afresh on frozen generators rank them as FID does?

Fixed before the first run with such a critic: the models are all arms of a data set and net; a seed's number is the
rank correlation over its models at their last checkpoints, and of several nets and data sets the mean.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.analysis.statistics import spearman
from replication.report import names, style
from replication.report.names import ARM
from replication.report.panels import Frames

TITLE = "A critic from outside"
CAPTION = (
    "FID at the end of training against the estimate of a critic that was trained from scratch on the finished "
    "generator: a perceptron with gradient penalty, 300 steps on half of the samples and half of the held-out images, "
    "scored on the other halves. A dot per run that finished, coloured by method, hollow where the recipe is not the "
    "paper's. Dashes: real training images in the place of samples."
)
MIRRORS = ""
PAPER_SHOWS = (
    "Independent critics for generators of several kinds, reported from memory: their "
    "estimate compares models whatever they were trained with."
)
RUNS = ["@images/*"]

CRITIC, FID = "independent_critic", "fid"
#: Fewest models that a rank correlation is worth having of.
FEWEST = 4


def data(frames: Frames) -> pd.DataFrame:
    """Both numbers at the last checkpoint of every run that finished."""
    keys = [*ARM, "seed", "step"]
    own = frames.quality[frames.quality["metric"].isin(frames.metrics(CRITIC, FID))]
    own = own.assign(stem=names.stems(own["metric"]))
    wide = own.pivot(index=keys, columns="stem", values="value").reindex(columns=[CRITIC, FID])
    done = frames.runs.loc[frames.runs["state"] == "finished", [*ARM, "seed"]]
    return wide.dropna().reset_index().merge(done).sort_values(keys, ignore_index=True)


def draw(table: pd.DataFrame, frames: Frames) -> Figure:
    """A plot per data set and net."""
    groups = list(table.groupby(["dataset", "net"], sort=False))
    figure = style.figure(3.0)
    for axes, ((dataset, net), own) in zip(
        figure.subplots(1, len(groups), squeeze=False)[0], groups, strict=True
    ):
        for method in dict.fromkeys(arm.method for arm in names.arms_of(own)):
            _dots(axes, own[own["method"] == method], method)
        fid = frames.metrics(FID)[0]
        floor = (frames.real(str(dataset), CRITIC), frames.real(str(dataset), fid))
        axes.axvline(floor[0], color=style.MUTED, linewidth=0.9, linestyle="--")
        axes.axhline(floor[1], color=style.MUTED, linewidth=0.9, linestyle="--")
        axes.set_yscale("log")
        style.plain_log(axes.yaxis)
        axes.set_xlabel("independent critic's estimate")
        axes.set_title(f"{dataset}, {names.words(str(net))}")
    figure.axes[0].set_ylabel(names.metric(fid).title)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right upper")
    return figure


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """DAN17-C2: by seed, the rank correlation over models."""
    groups = table.groupby(["dataset", "net", "seed"])
    found = pd.Series({k: spearman(g[CRITIC], g[FID]) for k, g in groups if len(g) >= FEWEST})
    if found.empty:
        return {"DAN17-C2": []}
    return {"DAN17-C2": found.groupby(level=2).mean().tolist()}


def _dots(axes: Axes, own: pd.DataFrame, method: str) -> None:
    colour = names.colour(method)
    for plain, part in own.groupby(own["variant"] == names.PLAIN):
        axes.plot(part[CRITIC], part[FID], "o", color=colour, markersize=4,
                  markerfacecolor=colour if plain else style.PAPER,
                  label=names.method_label(method) if plain else None)  # fmt: skip
