"""DCGAN's rate and momentum, and those that its authors say are worse."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ends
from replication.figures.results import Frames

TITLE = "Adam's learning rate and momentum"
CAPTION = (
    "FID of the non-saturating GAN at the end of training with Adam as the paper sets it, with beta1 0.9, and "
    "with a learning rate of 1e-3: every seed as a pale dot, mean over seeds with its 95 % interval. Nets, batches and "
    "generator steps are equal."
)
PAPER_SHOWS = (
    "No figure. Section 4 says that Adam's learning rate of 1e-3 was too high and 2e-4 is used, and that beta1 0.9 "
    "made training oscillate and 0.5 stabilised it."
)
RUNS = [
    "mnist/dcgan_16/gan_ns/paper",
    "mnist/dcgan_16/gan_ns/beta1_0.9",
    "mnist/dcgan_16/gan_ns/lr_1e-3",
]

PAPER, MOMENTUM, FAST = RUNS
ROWS = {
    "Adam": [
        (PAPER, "rate 2e-4, beta1 0.5"),
        (MOMENTUM, "rate 2e-4, beta1 0.9"),
        (FAST, "rate 1e-3, beta1 0.5"),
    ]
}


def data(frames: Frames) -> pd.DataFrame:
    """The end of every run."""
    return ends.data(frames)


def draw(table: pd.DataFrame) -> Figure:
    """A row per setting."""
    return ends.draw(table, ROWS)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """DC15-C1 and C2: by seed, FID relative to that with the paper's setting, minus 1."""
    return {
        "DC15-C1": ends.ratio(table, MOMENTUM, PAPER),
        "DC15-C2": ends.ratio(table, FAST, PAPER),
    }
