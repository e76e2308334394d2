"""Random architectures that train only with WGAN-GP, only with GAN, with both and with neither."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ends, names, palette, style
from replication.figures.results import Frames

TITLE = "Random architectures that train"
CAPTION = (
    "Architectures drawn at random from the paper's table 1, each trained as GAN and as WGAN-GP by their own "
    "recipes, one run each: how many reach an inception score (LeNet) with only one method, with both and with "
    "neither, against the score that is asked for. The dashed score, half of that of real images, decides."
)
MIRRORS = "wgan_gp2017:tab2"
PAPER_SHOWS = (
    "The same counts for 200 architectures and inception scores of 1 to 9 on 32-pixel ImageNet: at 5.0, none only with "
    "GAN, 147 only with WGAN-GP, 42 with both and 11 with neither."
)
RUNS = ["mnist/random_*/*/paper"]

GAN, PENALTY = "gan_ns", "wgan_gp"
#: The share of the score of real images at which an architecture counts as trained.
ASKED = 0.5
NOTHING = 1.0
KINDS = {"only WGAN-GP": PENALTY, "only GAN": GAN, "both": "", "neither": ""}


def data(frames: Frames) -> pd.DataFrame:
    """The last score of every architecture that both methods have: net, a column per method, real."""
    table = ends.data(frames, together=False)
    score = table["inception_score"].fillna(NOTHING)
    wide = table.assign(score=score).pivot_table(index="net", columns="method", values="score")
    wide = wide.reindex(columns=[GAN, PENALTY]).dropna().reset_index()
    real = frames.real("mnist", next(iter(frames.metrics("inception_score")), "inception_score"))
    return wide.rename_axis(columns=None).assign(seed=0, real=real)


def counts(table: pd.DataFrame, score: float) -> dict[str, int]:
    """How many architectures reach a score with only one method, with both and with neither."""
    gan, penalty = table[GAN] >= score, table[PENALTY] >= score
    found = (penalty & ~gan, gan & ~penalty, gan & penalty, ~gan & ~penalty)
    return {kind: int(own.sum()) for kind, own in zip(KINDS, found, strict=True)}


def draw(table: pd.DataFrame) -> Figure:
    """The four counts over the score that is asked for."""
    figure = style.figure(2.6)
    axes = figure.subplots()
    real = float(table["real"].iloc[0])
    scores = np.linspace(NOTHING, max(real, float(table[[GAN, PENALTY]].to_numpy().max())), 60)
    courses = pd.DataFrame([counts(table, score) for score in scores], index=scores)
    colours = (names.colour(PENALTY), names.colour(GAN), palette.SLATE, palette.PALE)
    axes.stackplot(scores, courses.T, labels=list(KINDS), colors=colours)
    axes.axvline(ASKED * real, color=style.INK, linestyle=(0, (3, 2)), linewidth=1)
    axes.set_xlim(scores[0], scores[-1])
    axes.set_xlabel("inception score (LeNet) that is asked for")
    axes.set_ylabel("architectures")
    figure.legend(loc="outside upper center", ncols=len(KINDS))
    return figure


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGP17-C4: by architecture 1 if only WGAN-GP reaches half of real images' score, -1 if only GAN does, else 0."""
    asked = ASKED * table["real"]
    signs = (table[PENALTY] >= asked).astype(float) - (table[GAN] >= asked).astype(float)
    return {"WGP17-C4": signs.tolist()}


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """WGP17-C4: whether at least one method trains each architecture."""
    some = table[[GAN, PENALTY]].max(axis=1) >= ASKED * table["real"]
    return {"WGP17-C4": {"trains": some.astype(float).tolist()}} if len(some) else {}
