"""FID by the way in which samples are resized: tables of resizing libraries."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.experiments.resizing import RIGHT, WAYS
from replication.figures import seeds, style
from replication.figures.results import Experiment

TITLE = "The way of resizing, and the seed"
CAPTION = (
    "FID (LeNet) of 10,000 samples of a GAN (non-saturating) on digits, which are reduced from 28 to 8 pixels a side "
    "on the way to the classifier: real ones by bicubic interpolation with antialiasing, samples in the way that "
    "stands below. A dot is a seed, the bar the mean with its 95 % interval. The claim compares the change from the "
    "first way to bilinear interpolation without antialiasing with the standard deviation over seeds."
)
MIRRORS = "parmar2022:tables of resizing libraries"
PAPER_SHOWS = "FID of the same images on FFHQ by library: Pillow near 0, PyTorch, TensorFlow and OpenCV 6 and more."
EXPERIMENTS = ["resizing"]

ALIASED = "bilinear"


def data(experiment: Experiment) -> pd.DataFrame:
    """FID of every seed and way."""
    return experiment("resizing")


def draw(table: pd.DataFrame) -> Figure:
    """A column per way."""
    figure = style.figure(2.6)
    axes = figure.subplots()
    for place, way in enumerate(WAYS):
        own = table[table["way"] == way].set_index("seed")["fid"]
        seeds.dots(axes, place, own, style.INK, width=0.3)
    axes.set_xticks(range(len(WAYS)), [style.wrapped(way, 14) for way in WAYS])
    axes.set(xlim=(-0.6, len(WAYS) - 0.4), ylabel="FID (LeNet) ↓", xlabel="how samples are reduced")
    axes.set_ylim(bottom=0)
    return figure


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """PAR22-C1: by seed, the change of FID without antialiasing over the sd of FID between seeds."""
    wide = table.pivot(index="seed", columns="way", values="fid")
    change = (wide[ALIASED] - wide[RIGHT]).abs()
    return {"PAR22-C1": (change / wide[RIGHT].std()).tolist()}
