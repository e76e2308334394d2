"""The inception score of one set of images, by many classifiers and by many numbers of splits."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from scipy import stats

from replication.figures import marks, palette, style
from replication.figures.results import Experiment

TITLE = "One set of images, many inception scores"
CAPTION = (
    "Inception score of held-out MNIST digits, five LeNets a seed, trained alike (5 epochs) but for their "
    "random weights and order. Left: in 10 splits, a dot per classifier over its accuracy; the band is their mean and"
    " one mean standard deviation over splits, which is what papers report as the score's spread. Right: mean over "
    "the five by the number of digits in a split, a line per seed. Ten equally likely and perfectly recognised "
    "classes would give 10."
)
EXPLAINED = (
    "The score asks a classifier, so another classifier of the same accuracy gives another score to the same "
    "images. And a small split sees few images of a class, which lowers the score of the same images once more."
)
MIRRORS = "barratt2018:tables"
PAPER_SHOWS = (
    "Inception networks of equal accuracy from three libraries differ in the score of the same real images by far "
    "more than the spread over splits, reported from memory."
)
TOPIC = "instruments"
PLACE = 5
EXPERIMENTS = ["score_classifiers"]

USUAL, COLOUR = 10, palette.NEUTRAL[0]


def data(experiment: Experiment) -> pd.DataFrame:
    """Score and spread by seed, classifier and number of splits, with the classifier's accuracy."""
    return experiment("score_classifiers")


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """BAR18-C1: sd over classifiers over the mean spread over splits; C2: does the score rise with a split's size?"""
    usual = table[table["splits"] == USUAL].groupby("seed")
    by_size = table.groupby(["seed", "images"])["score"].mean()
    return {
        "BAR18-C1": (usual["score"].std(ddof=1) / usual["spread"].mean()).tolist(),
        "BAR18-C2": [
            float(stats.spearmanr(own.index.get_level_values("images"), own).statistic)
            for _, own in by_size.groupby("seed")
        ],
    }


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """BAR18-C1: images in each split."""
    usual = table[table["splits"] == USUAL]
    return {"BAR18-C1": {"images": usual.groupby("seed")["images"].mean().tolist()}}


def draw(table: pd.DataFrame) -> Figure:
    """Score over accuracy, and score over the size of a split."""
    figure = style.figure(2.4)
    left, right = figure.subplots(1, 2)
    usual = table[table["splits"] == USUAL]
    left.plot(100 * usual["accuracy"], usual["score"], "o", color=COLOUR, markersize=3, alpha=0.6)
    middle, spread = usual["score"].mean(), usual["spread"].mean()
    left.axhspan(middle - spread, middle + spread, color=style.GRID, linewidth=0)
    left.axhline(middle, color=style.MUTED, linewidth=0.8)
    marks.note(left, "as papers report it: mean ± sd over splits", (0.02, 0.99), color=style.MUTED)
    left.set_ylim(middle - 1.3 * spread, middle + 1.55 * spread)
    left.set_xlabel("accuracy on the same digits (%)")
    left.set_ylabel(f"inception score, {USUAL} splits")
    means = table.groupby(["images", "seed"])["score"].mean().unstack("seed")
    right.plot(means.index, means, color=COLOUR, linewidth=0.6, alpha=0.6)
    right.plot(means.index, means.mean(axis=1), color=COLOUR, marker="o", markersize=3)
    right.set_xscale("log")
    right.set_xticks(means.index, [str(n) for n in means.index])
    right.minorticks_off()
    right.set_xlabel("digits per split")
    right.set_ylabel("inception score")
    return figure
