"""A gradient penalty with one and with five discriminator steps per generator step."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ends
from replication.figures.results import Frames

TITLE = "A gradient penalty and the number of discriminator steps"
CAPTION = (
    "FID of the non-saturating GAN at the end of training, with and without a gradient penalty (weight 10), with "
    "one and with five discriminator steps per generator step: every seed as a pale dot, mean over seeds with its "
    "95 % interval. All take the same number of discriminator steps, as in the paper, so with five of them the "
    "generator takes a fifth of its steps."
)
PAPER_SHOWS = (
    "No figure of its own. Section 3.1: the penalty needs more tuning and more discriminator steps than spectral "
    "normalisation to pay."
)
RUNS = [
    "mnist/dcgan_16/gan_ns/no_critic_norm",
    "mnist/dcgan_16/gan_ns/gradient_penalty",
    "mnist/dcgan_16/gan_ns/no_critic_norm+n_critic_5",
    "mnist/dcgan_16/gan_ns/gradient_penalty+n_critic_5",
]

ONE, ONE_GP, FIVE, FIVE_GP = RUNS

ROWS = {
    "One discriminator step": [(ONE, "no penalty"), (ONE_GP, "gradient penalty")],
    "Five discriminator steps": [(FIVE, "no penalty"), (FIVE_GP, "gradient penalty")],
}


def data(frames: Frames) -> pd.DataFrame:
    """The end of every run, at equal discriminator steps."""
    return ends.data(frames, together=False)


def draw(table: pd.DataFrame) -> Figure:
    """Two groups of rows."""
    return ends.draw(table, ROWS)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """KUR19-C3a: by seed, FID with the penalty over that without, with one step over the same with five."""
    five = ends.of(table, FIVE_GP) / ends.of(table, FIVE)
    one = ends.of(table, ONE_GP) / ends.of(table, ONE)
    return {"KUR19-C3a": [float(value) for value in (one / five).dropna()]}
