"""EBGAN whose autoencoder learned the data first, and EBGAN from the start, at about a tenth of the budget."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import names, seeds, style
from replication.figures.results import Frames

TITLE = "An autoencoder that is trained on data first"
CAPTION = (
    "FID of EBGAN over generator steps, up to about a tenth of the budget, with an autoencoder that takes its first "
    "1,000 steps on real images alone and without. Line: mean over seeds; band: from the lowest to the highest "
    "seed. The steps of pre-training are not counted."
)
RUNS = ["mnist/dcgan_16/ebgan/paper", "mnist/dcgan_16/ebgan/pretrained"]

PLAIN, PRETRAINED = RUNS
LOOKS = {PLAIN: "from the start", PRETRAINED: "pre-trained autoencoder"}


def data(frames: Frames) -> pd.DataFrame:
    """FID at every checkpoint that both have, by arm, seed and step."""
    own = frames.quality[frames.quality["metric"].isin(frames.metrics("fid"))]
    own = own.assign(arm=names.arm_of_each(own))
    both = set.intersection(
        *(set(steps["step"]) for _, steps in own.groupby("arm")), {*own["step"]}
    )
    table = own.loc[own["step"].isin(both), ["arm", "seed", "step", "metric", "value"]]
    return table.sort_values(["arm", "seed", "step"], ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """Both courses."""
    figure = style.figure(2.4)
    axes = figure.subplots()
    for (arm, own), dash in zip(table.groupby("arm"), style.DASHES, strict=False):
        look = {"linestyle": dash, "label": LOOKS[str(arm)]}
        seeds.course(axes, own, "value", names.colour("ebgan"), **look)
    axes.set_xlabel("generator steps")
    axes.set_ylabel(names.metric(table["metric"].iloc[0]).title)
    axes.set_xlim(left=0)
    style.log(axes.yaxis)
    axes.legend()
    return figure


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """EB17-C7: by seed, FID without pre-training over that with it at the last step that both have."""
    last = table[table["step"] == table["step"].max()]
    wide = last.pivot(index="seed", columns="arm", values="value").reindex(columns=RUNS)
    return {"EB17-C7": [float(v) for v in (wide[PLAIN] / wide[PRETRAINED]).dropna()]}
