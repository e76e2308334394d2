"""FID and the inception score on images that are damaged by degrees."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from replication.experiments import _damage
from replication.figures import ladders, marks, palette, style
from replication.figures.results import Experiment, HeldOut
from replication.metrics._base import parts

TITLE = "Six kinds of damage"
CAPTION = (
    "Real MNIST digits, damaged by degrees, the same number at every strength, against the held-out ones, on "
    "LeNet features. Top: one held-out digit at every strength. Middle: FID; below: the distance made of the "
    "inception score, 1 - IS / IS of undamaged digits. Thin lines: one per seed, each with its own images and damage;"
    " thick: their mean. A score gets worse with every step in every seed, unless its plot says 'not ordered'. "
    "Nothing is trained but the classifier."
)
EXPLAINED = (
    "A score that is to rank generators has to get worse with every step of damage, whatever the damage is. FID "
    "compares all features of the images with those of real ones, while the inception score never looks at a real "
    "image."
)
MIRRORS = "ttur2017:fig3"
PAPER_SHOWS = (
    "Faces under the same kinds of damage: FID rises with every strength except between two of salt and pepper, "
    "while the distance made of the inception score falls or wavers for some kinds."
)
TOPIC = "instruments"
PLACE = 1
EXPERIMENTS = ["disturbances"]

IMAGES = "mnist_5k"  #: the images that are damaged
FID, SCORE = "fid", "inception_score"
COLOURS = {FID: palette.NEUTRAL[0], SCORE: palette.NEUTRAL[1]}
AXES = {FID: "FID (LeNet)", SCORE: "1 − IS / IS undamaged"}


def data(experiment: Experiment, held_out: HeldOut) -> pd.DataFrame:
    """Both scores by kind of damage, strength and seed, and a digit that was damaged so, ``picture``."""
    table = ladders.scores(experiment("disturbances"), (FID, SCORE))
    table = table[table["ladder"].isin(ladders.KINDS)]
    table = table[["ladder", "strength", "seed", "metric", "stem", "value"]].reset_index(drop=True)
    shown, rungs = (
        digits(held_out(IMAGES, 7)[3:4]),
        zip(table["ladder"], table["strength"], strict=True),
    )
    return table.assign(picture=[shown[rung] for rung in rungs])


def digits(digit: NDArray[np.uint8]) -> dict[tuple[str, float], _damage.Images]:
    """A digit [1, 1, 28, 28] by kind of damage and its strength, [28, 28] from -1 to 1."""
    plain = (digit / 127.5 - 1).astype(np.float32)
    found: dict[tuple[str, float], _damage.Images] = {}
    for kind in ladders.KINDS:
        (damage, strengths), rng = _damage.KINDS[kind], np.random.default_rng(0)
        found |= {(kind, s): damage(plain, s, rng)[0, 0] for s in (0.0, *strengths)}
    return found


def monotone(table: pd.DataFrame) -> pd.DataFrame:
    """Whether a score gets worse with every step: a row per seed and kind, a column per score."""
    keys = ["seed", "ladder", "stem"]
    held = {key: ladders.strictly_worse(own) for key, own in table.groupby(keys)}
    return pd.Series(held).rename_axis(keys).unstack("stem")


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """TT17-C2: how many kinds FID orders in every seed; TT17-C3: kinds that FID orders minus those that IS does."""
    steps = monotone(table)
    by_kind = steps[FID].groupby("ladder").all().reindex(ladders.KINDS)
    counts = steps.groupby("seed")[[FID, SCORE]].sum()
    return {
        "TT17-C2": [float(by_kind.sum())],
        "TT17-C3": (counts[FID] - counts[SCORE]).astype(float).tolist(),
    }


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """TT17-C3: whether the score's classifier learned from other images than those it scores, as Inception did."""
    metric = parts(str(table.loc[table["stem"] == SCORE, "metric"].iloc[0]))
    return {"TT17-C3": {"foreign_classifier": [float(metric.dataset != IMAGES)]}}


def draw(table: pd.DataFrame) -> Figure:
    """A column per kind: digits, FID, inception score."""
    figure = style.figure(3.9)
    grid = figure.subplots(3, len(ladders.KINDS), height_ratios=[0.75, 1, 1], sharey="row")
    steps = monotone(table).groupby("ladder").all()
    for column, kind in zip(grid.T, ladders.KINDS, strict=True):
        _digits(column[0], table[table["ladder"] == kind], kind)
        for axes, stem in zip(column[1:], (FID, SCORE), strict=True):
            own = table[(table["ladder"] == kind) & (table["stem"] == stem)]
            _lines(axes, own, stem, always=bool(steps.loc[kind, stem]))
        column[2].set_xlabel(ladders.UNITS[kind])
    for axes, stem in zip(grid[1:, 0], (FID, SCORE), strict=True):
        axes.set_ylabel(AXES[stem])
    return figure


def _digits(axes: Axes, own: pd.DataFrame, kind: str) -> None:
    shown = own.drop_duplicates("strength").sort_values("strength")["picture"].tolist()
    axes.imshow(np.vstack([np.hstack(shown[:2]), np.hstack(shown[2:])]), cmap="gray_r", vmin=-1, vmax=1)  # fmt: skip
    axes.set_title(kind)
    axes.set_axis_off()


def _lines(axes: Axes, own: pd.DataFrame, stem: str, always: bool) -> None:
    wide = own.pivot(index="strength", columns="seed", values="value")
    if stem == SCORE:
        wide = 1 - wide / wide.iloc[0]
    colour = COLOURS[stem]
    axes.plot(wide.index, wide, color=colour, linewidth=0.5, alpha=0.4)
    axes.plot(wide.index, wide.mean(axis=1), color=colour, marker="o", markersize=3)
    if not always:
        marks.note(axes, "not ordered", (0.04, 0.95), fontweight="bold")
