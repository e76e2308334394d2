"""How often LSGAN and GAN train where batch normalisation is taken away."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ends
from replication.figures.results import Frames

TITLE = "Training without batch normalisation"
CAPTION = (
    "FID of LSGAN and of the non-saturating GAN with batch normalisation, without it in the generator (Adam) and "
    "without it in both nets (RMSProp): every seed as a pale dot, mean over seeds with its 95 % interval. All at "
    "the same generator step. A run counts as a success where FID went half of its way from the first checkpoint "
    "to real images."
)
MIRRORS = "lsgan2017:stability comparison"
PAPER_SHOWS = (
    "Sheets of LSUN bedrooms over training steps, with batch normalisation taken from the generator or from both "
    "nets, under Adam and RMSProp: LSGAN draws bedrooms in cases in which GAN does not."
)
RUNS = [
    "mnist/dcgan_16/lsgan/paper",
    "mnist/dcgan_16/gan_ns/paper",
    "mnist/dcgan_16/lsgan/no_generator_norm",
    "mnist/dcgan_16/gan_ns/no_generator_norm",
    "mnist/dcgan_16/lsgan/no_norm_rmsprop",
    "mnist/dcgan_16/gan_ns/no_norm_rmsprop",
]

LABELS = ("LSGAN", "GAN")
GROUPS = (
    "Batch normalisation in both nets, Adam",
    "None in the generator, Adam",
    "None in either net, RMSProp",
)
ROWS = {
    group: list(zip(RUNS[2 * i : 2 * i + 2], LABELS, strict=True)) for i, group in enumerate(GROUPS)
}
PARTS = {"adam": RUNS[2:4], "rmsprop": RUNS[4:6]}


def data(frames: Frames) -> pd.DataFrame:
    """The end of every run at the last step that all arms have."""
    return ends.data(frames)


def draw(table: pd.DataFrame) -> Figure:
    """Three groups of rows."""
    return ends.draw(table, ROWS)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """LS17-C3: whether each run of LSGAN trained, and, as the other arm, each of GAN."""
    found = {}
    for part, (lsgan, gan) in PARTS.items():
        found[f"LS17-C3/{part}"] = ends.trained(table, lsgan)
        found[f"LS17-C3/{part}@other"] = ends.trained(table, gan)
    return found


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """LS17-C3: whether the runs with batch normalisation trained, so that its absence can matter."""
    both = [*ends.trained(table, RUNS[0]), *ends.trained(table, RUNS[1])]
    return {"LS17-C3": {"failing": both}} if both else {}
