"""Whether any run of WGAN lost a class of digits, whatever its generator."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ends, names, palette, style
from replication.figures.results import Frames

TITLE = "Runs of WGAN that lost a class"
CAPTION = (
    "Class entropy of samples at the last step, a row per generator and method, every seed as a pale dot, mean with "
    "its 95 % interval. A generator that leaves out one of ten classes cannot exceed the dashed line, log 9; even "
    "classes have log 10."
)
PAPER_SHOWS = "No figure. Section 4.3: in no experiment was there evidence of mode collapse for the WGAN algorithm."
RUNS = [
    "mnist/dcgan_16/wgan_clip/paper",
    "mnist/constant_filters_16/wgan_clip/paper",
    "mnist/perceptron_generator_16/wgan_clip/paper",
    "mnist/dcgan_16/gan_ns/paper",
    "mnist/constant_filters_16/gan_ns/paper",
    "mnist/perceptron_generator_16/gan_ns/paper",
]

GENERATORS = ("convolutional", "no batch norm, constant filters", "perceptron")
CLASSES = 10


def data(frames: Frames) -> pd.DataFrame:
    """The end of every run."""
    return ends.data(frames, fewest=1)


def draw(table: pd.DataFrame) -> Figure:
    """A row per arm."""
    rows = {
        names.method_label(method): list(
            zip([arm for arm in RUNS if method in arm], GENERATORS, strict=True)
        )
        for method in ("wgan_clip", "gan_ns")
    }
    figure = ends.draw(table, rows, "class_entropy", label="class entropy (nats) ↑")
    for classes in (CLASSES - 1, CLASSES):
        figure.axes[0].axvline(math.log(classes), color=style.MUTED, linestyle=(0, (3, 2)))
        figure.axes[0].annotate(
            f"log {classes}", (math.log(classes), 0), xycoords=("data", "axes fraction"), ha="right",
            va="bottom", xytext=(-2, 2), textcoords="offset points", color=palette.MUTED, fontsize=7,
        )  # fmt: skip
    return figure


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGAN17-C9/classes: 1 for each run of WGAN, over all generators, whose class entropy is at most log 9."""
    runs = [ends.of(table, arm, "class_entropy") for arm in RUNS[:3]]
    lost = pd.concat(runs).dropna() <= math.log(CLASSES - 1)
    return {"WGAN17-C9/classes": lost.astype(float).tolist()}
