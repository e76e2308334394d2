"""Quality while training, against generator steps and against training time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import cast

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from replication.figures import names, style
from replication.figures.names import ARM, Arm
from replication.figures.results import Frames
from replication.plan.study import AND

TITLE = "Quality while training"
CAPTION = (
    "Quality of generated images at every checkpoint, against generator steps (left) and against the "
    "seconds spent training (right). Line: mean over seeds. Band: from the lowest to the highest seed. "
    "Grey dashes: real training images scored in the same way, the best value to hope for. A line ends early "
    "where runs diverged."
)
MIRRORS = "wgan_gp2017:fig3"
PAPER_SHOWS = (
    "Inception score on CIFAR-10 over 200,000 generator iterations and over wall-clock time for weight "
    "clipping, gradient penalty with RMSProp and with Adam, and a DCGAN: the penalty improves on clipping "
    "throughout; the DCGAN rises fastest by the clock and ends close to the penalty with Adam."
)
RUNS = ["@images/*/wgan_clip/*", "@images/*/wgan_gp/*", "@images/*/gan_ns/*"]

METRICS = ("fid", "inception_score")
#: Of the claim: the variants at whose rates clipping, the DCGAN and the penalty with Adam are compared, and by them the
#: one of the penalty with clipping's optimiser and rates.
RECIPES, RMSPROP = (names.PLAIN, "lr_1e-3"), {names.PLAIN: "rmsprop"}
TIMES = {"step": "generator steps", "seconds": "training time (s)"}


#: By claim two methods, and the number of a seed from what both ended with; C6a trains the penalty with RMSProp.
COMPARED: dict[str, tuple[str, str, Callable[[pd.DataFrame, pd.DataFrame], pd.Series]]] = {
    "WGP17-C6a": ("wgan_gp", "wgan_clip", lambda gp, clip: gp["value"] / clip["value"]),
    "WGP17-C6b": ("wgan_gp", "gan_ns", lambda gp, dcgan: gp["value"] / dcgan["value"]),
    "WGP17-C6c": ("wgan_gp", "gan_ns", lambda gp, dcgan: dcgan["spread"] - gp["spread"]),
    "WGP17-C6d": ("wgan_gp", "gan_ns", lambda gp, dcgan: gp["pace"] / dcgan["pace"]),
}


def data(frames: Frames) -> pd.DataFrame:
    """Each metric at every checkpoint of every seed, with the seconds of training until then."""
    wanted = frames.quality[frames.quality["metric"].isin(frames.metrics(*METRICS))]
    keys = [*ARM, "seed", "step"]
    table = wanted.merge(frames.curves[[*keys, "seconds"]], on=keys)
    table["real"] = [
        frames.real(d, m) for d, m in zip(table["dataset"], table["metric"], strict=True)
    ]
    return table.sort_values([*ARM, "metric", "seed", "step"], ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """One row per data set, net and metric, one column per measure of time."""
    rows = list(table.groupby(["dataset", "net", "metric"]))
    rows.sort(key=lambda r: (*r[0][:2], METRICS.index(names.metric(r[0][2]).stem)))
    arms = names.arms_of(table)
    legend = _legend(arms)
    figure = style.figure((2.35 if len(rows) < 3 else 1.9) * len(rows) + 0.2 * -(-len(legend) // 3))
    grid = figure.subplots(len(rows), len(TIMES), sharey="row", sharex="col", squeeze=False)
    for axes_row, ((dataset, net, metric), part) in zip(grid, rows, strict=True):
        for axes, time in zip(axes_row, TIMES, strict=True):
            _lines(axes, part, time, arms)
        axes_row[0].set_ylabel(names.metric(metric).title)
        if len({key[:2] for key, _ in rows}) > 1:
            axes_row[0].set_title(
                f"{names.dataset_label(str(dataset))}, {names.net_label(str(net))}"
            )
    for axes, label in zip(grid[-1], TIMES.values(), strict=True):
        axes.set_xlabel(label)
        axes.set_xlim(left=0)
    figure.legend(handles=legend, loc="outside upper center", ncols=3)
    return figure


def evidence(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """WGP17-C6a to C6d, on convolutional nets: the last inception score, its calm, and the time of a generator step.

    Each data set, net and recipe is judged by itself.
    """
    ends = _ends(table)
    found: dict[str, dict[str, list[float]]] = {}
    for claim, (*_, compare) in COMPARED.items():
        for pair, first, second in _pairs(ends, claim):
            if len(values := compare(first, second).dropna()):
                found.setdefault(claim, {})[pair] = values.tolist()
    return found


def controls(table: pd.DataFrame) -> dict[str, dict[str, dict[str, list[float]]]]:
    """WGP17-C6a to C6c: by pair of arms, generator steps of the penalty over the other's, which the paper has equal.

    C6b also: by how much the score of the arm that still moves more changed over the last third, relative.
    """
    ends = _ends(table)
    found = {
        claim: {
            "steps": {
                pair: (first["step"] / second["step"]).dropna().tolist()
                for pair, first, second in _pairs(ends, claim)
            }
        }
        for claim in ("WGP17-C6a", "WGP17-C6b", "WGP17-C6c")
    }
    found["WGP17-C6b"]["plateau"] = {
        pair: np.maximum(first["moved"], second["moved"]).dropna().tolist()
        for pair, first, second in _pairs(ends, "WGP17-C6b")
    }
    return found


def _pairs(ends: pd.DataFrame, claim: str) -> Iterator[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """Arms that a claim compares on one data set and net: their names, and the ends of both by seed."""
    one, other, _ = COMPARED[claim]
    for recipe in RECIPES:
        variant = RMSPROP.get(recipe) if claim == "WGP17-C6a" else recipe
        if variant is None:
            continue
        arms = (one, variant), (other, recipe)
        first, second = (_ends_of(ends, *arm) for arm in arms)
        for place in sorted(
            {seed[:2] for seed in first.index} & {seed[:2] for seed in second.index}
        ):
            pair = AND.join("/".join((*place, *arm)) for arm in arms)
            yield pair, first.loc[place], second.loc[place]


def _ends(table: pd.DataFrame) -> pd.DataFrame:
    """What every run on convolutional nets ended with, and the spread of its late scores."""
    score = table[names.stems(table["metric"]) == "inception_score"]
    score = score[score["net"].str.startswith("dcgan")].sort_values("step", kind="stable")
    runs = score.groupby(["method", "variant", "dataset", "net", "seed"])
    ends = runs[["value", "step", "seconds"]].last()
    ends["spread"] = runs["value"].agg(lambda course: _calm(course[-(len(course) // 3) :]))
    ends["moved"] = runs["value"].agg(
        lambda course: abs(1 - course.iloc[-(len(course) // 3) - 1] / course.iloc[-1])
    )
    ends["pace"] = ends["seconds"] / ends["step"]
    return ends


def _calm(course: pd.Series) -> float:
    """Standard deviation about a straight line, which is no unrest but progress; NaN of fewer than 4 checkpoints."""
    if len(course) < 4:
        return math.nan
    x = np.arange(len(course))
    away = course.to_numpy() - np.polyval(np.polyfit(x, course, 1), x)
    return float(np.sqrt((away**2).sum() / (len(course) - 2)))


def _ends_of(ends: pd.DataFrame, method: str, variant: str) -> pd.DataFrame:
    """The rows of some arms, by data set, net and seed."""
    own = ends.index.isin([method], "method") & ends.index.isin([variant], "variant")
    return ends[own].droplevel(["method", "variant"])


def _lines(axes: Axes, part: pd.DataFrame, time: str, arms: list[Arm]) -> None:
    for arm in names.arms_of(part):
        own = (
            names.rows_of(part, arm)
            .groupby("step", as_index=False)
            .agg(
                seconds=("seconds", "mean"),
                mean=("value", "mean"),
                low=("value", "min"),
                high=("value", "max"),
            )
        )
        colour = names.colour(arm.method)
        axes.fill_between(own[time], own["low"], own["high"], color=colour, alpha=0.13, linewidth=0)
        axes.plot(own[time], own["mean"], color=colour, linestyle=_dash(arm, arms))
    real = float(part["real"].iloc[0])
    axes.axhline(real, color=style.MUTED, linestyle=(0, (3, 2)), linewidth=1)
    if time == "step":
        side = "bottom" if names.metric(part["metric"].iloc[0]).direction == "lower" else "top"
        axes.annotate(
            f"real images {real:.3g}", (0.99, real), xycoords=axes.get_yaxis_transform(),
            xytext=(0, 2 if side == "bottom" else -2), textcoords="offset points",
            ha="right", va=side, color=style.MUTED, fontsize=7,
        )  # fmt: skip
    if names.metric(part["metric"].iloc[0]).direction == "lower":
        style.log(axes.yaxis)


def _dash(arm: Arm, arms: list[Arm]) -> object:
    """The line style of an arm: one per recipe of a method, the colour being the method's."""
    recipes = list(dict.fromkeys(a.variant for a in arms if a.method == arm.method))
    return style.DASHES[recipes.index(arm.variant) % len(style.DASHES)]


def _legend(arms: list[Arm]) -> list[Line2D]:
    """An entry per method and recipe; the rows say which net."""
    entries = {}
    for arm in arms:
        alike = [a for a in arms if (a.dataset, a.net) == (arm.dataset, arm.net)]
        entries[names.arm_label(arm, alike)] = names.colour(arm.method), _dash(arm, arms)
    return [
        Line2D([], [], color=c, linestyle=cast(str, d), label=label)
        for label, (c, d) in entries.items()
    ]
