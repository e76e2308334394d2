"""How exact one power iteration per step is, over training."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import names, style
from replication.figures.results import Experiment

TITLE = "How near to one the largest singular value stays"
CAPTION = (
    "SN-GAN on 25 Gaussians, critic of three hidden layers of 64 units, 5 critic steps per generator step. "
    "Exact largest singular value (float64 decomposition) of each layer's weight divided by its running "
    "estimate, about every 20 critic steps, a plot per layer. Line: median over seeds; band: lowest to highest. "
    "Dashes: 0.95 and 1.05. Right of the vertical line, at 1,000 critic steps, the claim is decided; a step counts "
    "where every layer lies between the dashes."
)
EXPLAINED = (
    "Weights change little in one step, so the direction that they stretch most, remembered from the step "
    "before, is still nearly right. The estimate can only be too small, so the value lies at or above 1."
)
MIRRORS = "sngan2018:fig9"
PAPER_SHOWS = (
    "Figure 9: largest singular values of all layers' normalised weights over the updates of a CIFAR-10 run; "
    "they stay between about 1 and 1.05."
)
EXPERIMENTS = ["spectra"]

#: Where the claim starts to count, in critic steps, and what counts as near one.
FROM, LOW, HIGH = 1000, 0.95, 1.05
LAYERS = ("hidden layer 1", "hidden layer 2", "hidden layer 3", "last layer")


def data(experiment: Experiment) -> pd.DataFrame:
    """Median, lowest and highest seed by layer and step; of every seed the share of steps near one."""
    table = experiment("spectra")
    own = table[table["what"] == "largest"]
    over = own.groupby(["layer", "at"], as_index=False)["value"]
    bands = over.agg(value="median", low="min", high="max").assign(what="largest", seed=-1)
    near = own["value"].between(LOW, HIGH).where(own["value"].notna())
    later = own.assign(near=near.astype(float))[own["at"] > FROM]
    every = later.groupby(["seed", "at"])["near"].agg(lambda v: v.min(skipna=False))
    shares = every.groupby("seed").agg(lambda v: v.mean(skipna=False))
    shares = shares.reindex(sorted(own["seed"].unique()))
    rows = shares.rename("value").reset_index().assign(what="share", layer=-1, at=-1)
    return pd.concat([bands, rows], ignore_index=True)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """SN18-C4: the share of looks after 1,000 critic steps at which all four layers lie in [0.95, 1.05]."""
    shares = table[table["what"] == "share"].sort_values("seed")
    return {"SN18-C4": shares["value"].tolist()}


def draw(table: pd.DataFrame) -> Figure:
    """A plot per layer: median and band over seeds."""
    figure = style.figure(2.2)
    grid = figure.subplots(1, len(LAYERS), sharex=True, sharey=True)
    colour = names.colour("sngan")
    for layer, axes in enumerate(grid):
        own = table[(table["what"] == "largest") & (table["layer"] == layer)].sort_values("at")
        axes.fill_between(own["at"], own["low"], own["high"], color=colour, alpha=0.45, linewidth=0)
        axes.plot(own["at"], own["value"], color=style.INK, linewidth=1.1)
        for value in (LOW, HIGH):
            axes.axhline(value, color=style.MUTED, linewidth=0.8, linestyle=style.DASHES[1])
        if table["at"].max() > FROM:
            axes.axvline(FROM, color=style.MUTED, linewidth=0.8)
        axes.set(title=LAYERS[layer], xlabel="critic steps")
    grid[0].set_xlim(0, table["at"].max())
    grid[0].set_ylim(0.94, max(1.06, min(1.3, float(table["high"].max()) + 0.01)))
    grid[0].set_ylabel("largest singular value of W / σ̂")
    return figure
