"""Gradient penalty on both sides of norm one, or on slopes above one only.

Fixed before any run was made: the ring, and two arms that differ in the penalty alone; the distance to the data is the
exact W1 at the end.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import names, points, seeds, style
from replication.figures.results import Frames

TITLE = "A penalty on one side or both"
CAPTION = (
    "WGAN-GP on a ring of eight Gaussians with the penalty on slopes above and below one, and on slopes above one "
    "only. Left: exact W1 to held-out data at every checkpoint; line: mean over seeds, band: from the lowest to the "
    "highest seed. Right: at the end, every seed as a pale dot, mean over seeds with its 95 % interval, hollow where "
    "there is none. Grey dashes: fresh data, below which no samples can be expected. Seeds that diverged are left out."
)
EXPLAINED = (
    "The theory only forbids slopes above one; the usual penalty also punishes slopes below. If that makes no "
    "difference, the simpler rule would do."
)
PAPER_SHOWS = "No figure. Of architectures on which one of them succeeds, the one-sided penalty wins about as often."
RUNS = ["ring/points/wgan_gp/decay_lambda_0.1", "ring/points/wgan_gp/decay_lambda_0.1_one_sided"]

PENALTIES = {"decay_lambda_0.1": "two-sided", "decay_lambda_0.1_one_sided": "one-sided"}


def data(frames: Frames) -> pd.DataFrame:
    """The exact W1 at every checkpoint of every seed that finished, and that of fresh data, ``real``."""
    table = points.over_steps(frames, "w1")
    table["penalty"] = table["variant"].map(PENALTIES)
    return table[["penalty", "seed", "step", "w1"]].assign(real=frames.real("ring", "w1"))


def draw(table: pd.DataFrame) -> Figure:
    """The course of both, and their ends."""
    figure = style.figure(2.3)
    left, right = figure.subplots(1, 2, width_ratios=[1.7, 1], sharey=True)
    colour, drawn = names.colour("wgan_gp"), [*dict.fromkeys(table["penalty"])]
    for x, penalty in enumerate(drawn):
        own, line = table[table["penalty"] == penalty], style.DASHES[x]
        seeds.course(left, own, "w1", colour, linestyle=line)
        left.plot([], [], color=colour, linestyle=line, label=penalty)
        seeds.dots(right, x, _last(table, penalty), colour, width=0.3)
    left.legend(loc="upper right")
    style.log(left.yaxis)
    left.set_xlabel("generator steps")
    left.set_ylabel(names.metric("w1").title)
    left.set_xlim(left=0)
    right.set_xticks(range(len(drawn)), drawn)
    right.set_xlim(-0.6, len(drawn) - 0.4)
    for axes, text in ((left, ""), (right, "fresh data")):
        points.reference(axes, table["real"].iloc[0], text)
    return figure


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGP17-C9: final exact W1 with the one-sided penalty over that with the two-sided."""
    one, two = _last(table, "one-sided"), _last(table, "two-sided")
    return {"WGP17-C9": points.ratio(one, two)}


def _last(table: pd.DataFrame, penalty: str) -> pd.Series:
    """The exact W1 at the last step, per seed."""
    own = table[table["penalty"] == penalty]
    return own[own["step"] == own["step"].max()].set_index("seed")["w1"]
