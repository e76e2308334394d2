"""The two codings of LSGAN's targets, on images."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.analysis.tracking import finished
from replication.figures import names, points, seeds, style
from replication.figures.names import ARM
from replication.figures.results import Frames
from replication.words import numbers

TITLE = "Two codings of the targets"
CAPTION = (
    "LSGAN with the codes a, b, c = 0, 1, 1 and with −1, 1, 0, under which the generator minimises a Pearson χ² "
    "divergence; all else is equal. Left: FID over generator steps; line: mean over seeds, band: from the lowest to "
    "the highest seed. Right: at the end, every seed as a pale dot, mean over seeds with its 95 % interval, hollow "
    "where there is none. Beside the axis, what real training images score. Seeds that diverged are left out."
)
EXPLAINED = (
    "The critic's targets are numbers that someone chose. Theory prefers one choice, for which the game has a known "
    "divergence; if the other gives samples as good, the choice matters little."
)
PAPER_SHOWS = "No figure. The section on parameters says that both codings give similar results."
RUNS = ["@images/dcgan*/lsgan/lr_1e-3", "@images/dcgan*/lsgan/lr_1e-3_pearson"]

CODES = {"lr_1e-3": "0, 1, 1", "lr_1e-3_pearson": "−1, 1, 0"}


def data(frames: Frames) -> pd.DataFrame:
    """FID at every checkpoint of every seed that finished, by codes, and that of training images, ``real``."""
    fid = frames.quality[frames.quality["metric"].isin(frames.metrics("fid"))]
    table = finished(frames.runs, fid).rename(columns={"value": "fid"})
    table = table.assign(
        codes=table["variant"].map(CODES),
        real=[frames.real(d, m) for d, m in zip(table["dataset"], table["metric"], strict=True)],
    )
    return table[[*ARM, "codes", "seed", "step", "metric", "fid", "real"]]


def draw(table: pd.DataFrame) -> Figure:
    """The course of both, and their ends."""
    figure = style.figure(2.3)
    left, right = figure.subplots(1, 2, width_ratios=[3, 1], sharey=True)
    colour, drawn = names.colour("lsgan"), [c for c in CODES.values() if c in set(table["codes"])]
    for x, codes in enumerate(drawn):
        own, line = table[table["codes"] == codes], style.DASHES[x]
        seeds.course(left, own, "fid", colour, linestyle=line)
        left.plot([], [], color=colour, linestyle=line, label=f"codes {codes}")
        seeds.dots(right, x, _last(own), colour, width=0.3)
    if len(table):
        title, real = names.metric(table["metric"].iloc[0]).title, table["real"].iloc[0]
        left.set_ylabel(f"{title}; real images: {numbers.rounded(real)}")
        left.legend()
    left.set(xlabel="generator steps", xlim=(0, None))
    right.set_xticks(range(len(drawn)), drawn)
    right.set(xlim=(-0.6, len(CODES) - 0.4), xlabel="codes")
    style.log(left.yaxis)
    return figure


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """LS17-C4: final FID with codes -1, 1, 0 over that with 0, 1, 1, per seed."""
    codes, pearson = (_last(table[table["variant"] == variant]) for variant in CODES)
    return {"LS17-C4": points.ratio(pearson, codes)}


def _last(own: pd.DataFrame) -> pd.Series:
    """FID at the last step, by seed."""
    return own[own["step"] == own["step"].max()].set_index("seed")["fid"]
