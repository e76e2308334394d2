"""WGAN-GP with one rate and five critic steps, and with two rates and one, over training time."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import names, seeds, style
from replication.figures.results import Frames

TITLE = "Two learning rates at equal time"
CAPTION = (
    "FID of WGAN-GP over training time: as published (rate 1e-4 for both nets, five critic steps per generator step) "
    "and with two learning rates (critic 3e-4, generator 1e-4, one critic step). Line: mean over seeds; band: from "
    "the lowest to the highest seed. Time is the generator step times the arm's time of a step in its fastest run, "
    "since other jobs ran beside."
)
MIRRORS = "ttur2017:tab1"
PAPER_SHOWS = (
    "FID of DCGAN and WGAN-GP with two learning rates and with one: for WGAN-GP 24.8 v 29.3 on CIFAR-10 and 9.5 v "
    "20.5 on LSUN bedrooms, at equal wall-clock time."
)
RUNS = ["mnist/dcgan_16/wgan_gp/paper", "mnist/dcgan_16/wgan_gp/two_rates"]

ONE, TWO = RUNS
LOOKS = {ONE: "one learning rate, five critic steps", TWO: "two learning rates, one critic step"}


def data(frames: Frames) -> pd.DataFrame:
    """FID at every checkpoint, with the seconds of training that an undisturbed run takes until then."""
    own = frames.quality[frames.quality["metric"].isin(frames.metrics("fid"))]
    pace = frames.curves.assign(pace=frames.curves["seconds"] / frames.curves["step"])
    pace = pace.groupby([*names.ARM, "seed"])["pace"].last().groupby(names.ARM).min().reset_index()
    table = own.merge(pace, on=names.ARM)
    table = table.assign(arm=names.arm_of_each(table), seconds=table["step"] * table["pace"])
    table = table[["arm", "seed", "step", "seconds", "metric", "value"]]
    return table.sort_values(["arm", "seed", "step"], ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """Both courses over time, to the end of the one that is over first."""
    figure = style.figure(2.4)
    axes = figure.subplots()
    for (arm, own), dash in zip(table.groupby("arm"), style.DASHES, strict=False):
        look = {"linestyle": dash, "label": LOOKS[str(arm)]}
        course = own.assign(step=own["seconds"])
        seeds.course(axes, course, "value", names.colour("wgan_gp"), **look)
    axes.axvline(_end(table), color=style.MUTED, linewidth=0.9)
    axes.set_xlabel("training time (s)")
    axes.set_ylabel(names.metric(table["metric"].iloc[0]).title)
    axes.set_xlim(left=0)
    style.log(axes.yaxis)
    axes.legend()
    return figure


def _end(table: pd.DataFrame) -> float:
    """The seconds of the arm that is over first."""
    return float(table.groupby("arm")["seconds"].max().min())


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """TT17-C4: by seed, FID with one rate over that with two at the end of the shorter arm."""
    if set(table["arm"]) != set(RUNS):
        return {}
    end, at = _end(table), {}
    for (arm, seed), own in table.groupby(["arm", "seed"]):
        at[seed, arm] = np.interp(end, own["seconds"], own["value"])
    wide = pd.Series(at).unstack().reindex(columns=RUNS)
    return {"TT17-C4": [float(value) for value in (wide[ONE] / wide[TWO]).dropna()]}
