"""Critics on pairs whose W1 and optimal gradient are known: how much of each they find."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from scipy.stats import spearmanr

from replication.figures import names, style
from replication.figures.results import Experiment
from replication.papers.korotin2022._published import published

TITLE = "Where W1 and the best critic are known: direction and distance"
CAPTION = (
    "Pairs in D dimensions made from N cones, so that W1 and the gradient of the best critic are known "
    "exactly. Top: cosine between a trained critic's gradient and the best one, over points of P. Bottom: "
    "its estimate of W1 over the exact W1 of the same points. Lines: mean over seeds, each with its own "
    "pair; band: from the lowest to the highest seed. All critics have two hidden layers of 64 units and "
    "take 1,000 steps of 64 points a side. Dotted, as the authors' code has it: only weights are clipped; the "
    "spectral norm is held constant in the backward pass. Diamonds (hollow for the two-sided penalty): the "
    "authors' own figures (their table of results: one pair and one training per D and N, 128 units, batches "
    "of 1,024; 5,000 steps for clipping, 60,000 for the penalties, 10,000 for the spectral norm). Their "
    "protocol is not ours: no number mixes the two."
)
EXPLAINED = (
    "A critic can be used to measure a distance or to show which way to go, and here both can be marked "
    "against the truth. On pairs of few cones penalised critics do best and clipped ones worst; a spectral "
    "norm lies between, unless its gradient is left out as in the code behind the published figures."
)
MIRRORS = "korotin2022:Tables 1 and 3"
PAPER_SHOWS = (
    "Tables of cosines and of W1 estimates by dimension and number of cones: the penalties reach cosines of "
    "0.84 to 0.96 for N = 4, clipping and spectral normalisation stay below 0.37, and all get worse with N."
)
TOPIC = "critics"
PLACE = 9
EXPERIMENTS = ["known_w1"]

#: Solver: its method, whose colour it wears, its label and its dashes.
SOLVERS = {
    "penalty": ("wgan_gp", "gradient penalty", "-"),
    "one_sided": ("wgan_gp", "one-sided penalty", style.DASHES[1]),
    "clip": ("wgan_clip", "clipping, 0.04", "-"),
    "clip_weights": ("wgan_clip", "clipping, biases free", style.DASHES[2]),
    "spectral": ("sngan", "spectral norm", "-"),
    "spectral_held": ("sngan", "spectral norm, held", style.DASHES[2]),
}
MEASURES = {"cosine": "cosine with the best gradient", "ratio": "Ŵ / exact W1"}


def data(experiment: Experiment) -> pd.DataFrame:
    """Cosine, ratio and steepest slope by D, N, solver and seed; the authors' figures in rows of their own."""
    table = experiment("known_w1")
    table = table.assign(source="ours", ratio=table["estimate"] / table["w1"])
    keys = ["source", "dimension", "cones", "solver", "seed"]
    table = pd.concat([table, published()], ignore_index=True)
    return table[[*keys, "w1", "ratio", "cosine", "k"]].sort_values(keys, ignore_index=True)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """KOR22-C1 to C5, one number per seed, from our rows only.

    C1: the least over D = 2 to 16, at N = 4, of the penalty's cosine minus the better of clipping's and
    spectral normalisation's. C2: at D = 16, N = 64, the least relative error over the solvers. C3: the
    spectral critic's estimate over the exact W1, mean over all pairs. C4: the clipped critic's largest over
    smallest ratio of estimate to W1 over all pairs of which it is positive. C5: Spearman's
    correlation of the penalty's cosine with N inside each D, mean over D: D changes the cosine as well, and
    one ranking of all (D, N) would mix the two.
    """
    own = table[table["source"] == "ours"]
    cosine, ratio = (
        own.pivot_table(
            index="seed", columns=["solver", "dimension", "cones"], values=v, dropna=False
        )
        for v in ("cosine", "ratio")
    )
    few = cosine.xs(4, axis=1, level="cones")
    gain = few["penalty"] - np.maximum(few["clip"], few["spectral"])
    hard = (ratio.xs((16, 64), axis=1, level=("dimension", "cones")) - 1).abs()
    spectral = ratio["spectral"].mean(axis=1)
    clip = ratio["clip"].where(ratio["clip"] > 0)
    ranks = [_spearman(cosine["penalty"][d]) for d in cosine["penalty"].columns.unique("dimension")]
    return {
        "KOR22-C1": gain.min(axis=1, skipna=False).tolist(),
        "KOR22-C2": hard.min(axis=1, skipna=False).tolist(),
        "KOR22-C3": spectral.where(spectral > 0).tolist(),
        "KOR22-C4": (clip.max(axis=1) / clip.min(axis=1)).tolist(),
        "KOR22-C5": np.mean(ranks, axis=0).tolist(),
    }


def _spearman(by_cones: pd.DataFrame) -> list[float]:
    """Correlation of each row with its columns' numbers."""
    columns = by_cones.columns.to_numpy(float)
    return [float(spearmanr(columns, row).statistic) for row in by_cones.to_numpy(float)]


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """How far the penalty's estimate is from the exact W1, relative: are critics trained?

    The mean distance over pairs; for KOR22-C4, which is about the clipped critic alone, that of its mean over the pairs
    of 4 cones, on which every solver could find W1.
    """
    own = table[(table["source"] == "ours") & (table["solver"] == "penalty")]
    away = (own["ratio"] - 1).abs().groupby(own["seed"]).mean().tolist()
    easy = own[own["cones"] == min(own["cones"], default=0)].groupby("seed")["ratio"].mean()
    return {
        **{f"KOR22-C{number}": {"trained": away} for number in (1, 2, 3, 5)},
        "KOR22-C4": {"trained_on_easy_pairs": (easy - 1).abs().tolist()},
    }


def draw(table: pd.DataFrame) -> Figure:
    """Two rows, direction and distance; a column per dimension."""
    dimensions = sorted(table["dimension"].unique())
    figure = style.figure(4.1)
    grid = figure.subplots(len(MEASURES), len(dimensions), sharex=True, sharey="row", squeeze=False)
    for axes_row, (measure, label) in zip(grid, MEASURES.items(), strict=True):
        for axes, d in zip(axes_row, dimensions, strict=True):
            _lines(axes, table[table["dimension"] == d], measure)
            axes.axhline(1, color=style.MUTED, linestyle=(0, (3, 2)), linewidth=0.9, zorder=1)
        axes_row[0].set_ylabel(label)
    for axes, d in zip(grid[0], dimensions, strict=True):
        axes.set_title(f"D = {d}")
    figure.supxlabel("cones N", fontsize=8)
    figure.legend(handles=_legend(), loc="outside upper center", ncols=3)
    return figure


def _lines(axes: Axes, part: pd.DataFrame, measure: str) -> None:
    for i, (solver, (method, _, dash)) in enumerate(SOLVERS.items()):
        rows, colour = part[part["solver"] == solver], names.colour(method)
        by_n = rows[rows["source"] == "ours"].groupby("cones")[measure]
        x = by_n.mean().index.to_numpy(float)
        axes.fill_between(x, by_n.min(), by_n.max(), color=colour, alpha=0.13, linewidth=0)
        axes.plot(x, by_n.mean(), color=colour, linestyle=dash)
        theirs = rows[rows["source"] == "authors"]
        aside = 1.05 ** (i - 2.5)  # so that the marks of two solvers do not hide each other
        axes.plot(theirs["cones"] * aside, theirs[measure], "D", markersize=3.6, markeredgewidth=0.9,
                  markerfacecolor=style.PAPER if dash == "-" else colour, color=colour, alpha=0.9)  # fmt: skip
    axes.set_xscale("log", base=2)
    axes.set_xticks([4, 16, 64], ["4", "16", "64"])
    axes.set_xlim(3.2, 80)


def _legend() -> list[Line2D]:
    ours = [
        Line2D([], [], color=names.colour(method), linestyle=dash, label=label)
        for method, label, dash in SOLVERS.values()
    ]
    theirs = Line2D([], [], color=style.MUTED, marker="D", linestyle="", markersize=3.6,
                    markerfacecolor=style.PAPER, label="authors' figures")  # fmt: skip
    return [*ours, theirs]
