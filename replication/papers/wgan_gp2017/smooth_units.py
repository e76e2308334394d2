"""A penalised critic of ELU units, and of a smooth function that resembles them."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ends
from replication.figures.results import Frames

TITLE = "ELU units in a penalised critic"
CAPTION = (
    "FID of WGAN-GP whose critic has ELU units, and units of softplus(2x + 2) / 2 - 1, at the end of training: "
    "every seed as a pale dot, mean over seeds with its 95 % interval. The second derivative of ELU jumps at 0."
)
PAPER_SHOWS = (
    "No figure. Appendix D: with ELU units, which are not twice differentiable, the penalty's training fails; "
    "with the smooth substitute it works."
)
RUNS = ["mnist/elu_critic_16/wgan_gp/paper", "mnist/softplus_critic_16/wgan_gp/paper"]

ELU, SMOOTH = RUNS
ROWS = {"The critic's units": [(ELU, "ELU"), (SMOOTH, "softplus(2x + 2) / 2 − 1")]}


def data(frames: Frames) -> pd.DataFrame:
    """The end of every run."""
    return ends.data(frames)


def draw(table: pd.DataFrame) -> Figure:
    """A row per unit."""
    return ends.draw(table, ROWS)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGP17-C12: by seed, FID with ELU over that with the substitute; a run that diverged has its first FID."""
    ratio = ends.of(table, ELU, worst=True) / ends.of(table, SMOOTH)
    return {"WGP17-C12": [float(value) for value in ratio.dropna()]}
