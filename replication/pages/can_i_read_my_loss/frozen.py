"""Points: does a critic order generators by quality when nothing tells it the time?"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import points
from replication.figures.results import Experiment
from replication.pages.can_i_read_my_loss import _frozen

TITLE = "Frozen generators in 2-D: what the objective knows without a clock"
CAPTION = (
    "Twelve frozen generators a seed on the ring of 8 Gaussians: of three methods, at three ages, and the oldest "
    "again with noise in its weights. A critic of each objective is trained on each of them from the same start, "
    "so no order of training can help it. Spearman’s correlation, over the generators of a seed, of what the "
    "critic says with the exact W1: mean over seeds with its 95 % interval; grey: 0.7 and more. Black lines need "
    "no critic: W1 on other points (the ceiling), W1 of a batch of 64, and the generator’s age (a clock). The "
    "claims are decided at 100 steps."
)
EXPERIMENTS = ["frozen_generators"]


def data(experiment: Experiment) -> pd.DataFrame:
    """How every signal orders the generators of a seed."""
    return _frozen.orders(experiment("frozen_generators"), "w1")


def draw(table: pd.DataFrame) -> Figure:
    """Correlation over critic steps."""
    return _frozen.draw(table)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGAN17-C3, C4a, C4c and WGP17-C7b, part frozen: ρ over the generators of a seed."""
    wgan, gan = (_frozen.decided(table, critic) for critic in ("wgan_clip", "gan_ns"))
    return {
        "WGAN17-C3/frozen": wgan.tolist(),
        "WGAN17-C4a/frozen": gan.tolist(),
        "WGAN17-C4c/frozen": points.difference(wgan, gan),
        "WGP17-C7b/frozen": _frozen.decided(table, "wgan_gp").tolist(),
    }


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """By seed how far apart the generators are, how well W1 orders them again, and how far critics are from done."""
    once = table[table["signal"] == "again"].sort_values("seed")
    shared = {"range": once["range"].tolist(), "ceiling": once["rho"].tolist()}
    return {
        f"{claim}/frozen": shared | {"near_optimum": _gap(table, critics)}
        for claim, critics in CLAIMS.items()
    }


def _gap(table: pd.DataFrame, critics: list[str]) -> list[float]:
    """By seed the gap of the critic that is farther from done."""
    own = table[(table["k"] == _frozen.DECIDES) & (table["signal"] == "estimate")]
    gaps = own[own["critic"].isin(critics)].groupby("seed")["gap"].max()
    return [float(gap) for gap in gaps]


#: The critics that a claim is about.
CLAIMS = {
    "WGAN17-C3": ["wgan_clip"],
    "WGAN17-C4a": ["gan_ns"],
    "WGAN17-C4c": ["wgan_clip", "gan_ns"],
    "WGP17-C7b": ["wgan_gp"],
}
