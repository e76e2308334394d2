"""What the pulling-away term does to codes and to samples."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import names, style
from replication.figures.results import Experiment

TITLE = "The pulling-away term: codes and modes"
CAPTION = (
    "EBGAN on a ring of eight Gaussians with and without the pulling-away term (weight 0.1, margin 1, the same "
    "initial weights, data and noise). Left: mean squared cosine between the encoder's codes of generated points, "
    "which the term penalises. Right: Gaussians with a sample within three standard deviations, of 2,500 samples. "
    "Lines: mean over seeds; bands: the middle half of them."
)
EXPLAINED = (
    "The term asks that the codes of a batch point in different directions, so that the generator cannot please the "
    "energy with one sample over and over. Whether different codes also mean different samples is what the right "
    "side shows."
)
MIRRORS = "ebgan2017:figures 12 to 14"
PAPER_SHOWS = "Samples of faces and rooms, judged more varied with the term than without."
EXPERIMENTS = ["pulling_away"]


def data(experiment: Experiment) -> pd.DataFrame:
    """The experiment's table."""
    return experiment("pulling_away")


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """EB17-C3a, C3b: at the last look, relative loss of likeness between codes, and relative gain of modes."""
    last = table[table["step"] == table["step"].max()]
    sides = {term: own.set_index("seed").sort_index() for term, own in last.groupby("term")}
    with_, without = sides["with"], sides["without"]
    return {
        "EB17-C3a": (1 - with_["cosine"] / without["cosine"]).tolist(),
        "EB17-C3b": (with_["modes"] / without["modes"] - 1).tolist(),
    }


def draw(table: pd.DataFrame) -> Figure:
    """Likeness of codes, and modes reached, over generator steps."""
    figure = style.figure(2.4)
    cosine, modes = figure.subplots(1, 2)
    for axes, column, label in (
        (cosine, "cosine", "mean squared cosine of codes"),
        (modes, "modes", "Gaussians reached, of 8"),
    ):
        for term, colour, dashes in (
            ("with", names.colour("ebgan"), "-"),
            ("without", style.INK, style.DASHES[1]),
        ):
            steps = table[table["term"] == term].groupby("step")[column]
            low, high = steps.quantile(0.25), steps.quantile(0.75)
            axes.fill_between(low.index, low, high, color=colour, alpha=0.2, linewidth=0)
            axes.plot(steps.mean(), color=colour, linestyle=dashes, linewidth=2, marker=".",
                      label=f"{term} the term")  # fmt: skip
        axes.set(xlabel="generator steps", ylabel=label)
    modes.set_ylim(0, 8.3)
    figure.legend(*modes.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure
