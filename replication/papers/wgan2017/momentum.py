"""Weight clipping with a momentum optimiser, and without.

Fixed before any run was made: ``wgan_clip/decay_clip_0.1`` (RMSProp) and the same with Adam, beta1 0.9, on the
ring; the estimate is the one on held-out data, the last half is counted in generator steps.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.analysis.tracking import finished
from replication.figures import names, palette, points, seeds, style
from replication.figures.names import ARM
from replication.figures.results import Frames

TITLE = "A clipped critic with momentum"
CAPTION = (
    "WGAN with clip 0.1 on a ring of eight Gaussians, trained with RMSProp and with Adam (beta1 0.9) at the same "
    "rate. Left and centre: exact W1 between samples and held-out data at every checkpoint, a thin line per seed, "
    "thick: their median. Right: at the end, every seed as a pale dot, mean over seeds with its 95 % interval, hollow "
    "where there is none. All three share one logarithmic scale; grey dashes: fresh data. Seeds that diverged are left "
    "out. The csv has the critic's estimate at every logged step too, whose spread in the last half decides the claim."
)
EXPLAINED = (
    "Momentum keeps the critic moving the way it moved before. While the generator moves too that can be the wrong "
    "way, and the paper warns that training becomes unstable."
)
PAPER_SHOWS = (
    "No figure. The text reports that training becomes unstable at times with a momentum optimiser such as Adam on "
    "the critic, and chooses RMSProp."
)
RUNS = ["ring/points/wgan_clip/decay_clip_0.1", "ring/points/wgan_clip/decay_clip_0.1_adam"]

#: The method's own colour for the paper's optimiser, a neutral one for the other.
COLOURS = (names.colour("wgan_clip"), palette.SLATE)

OPTIMISERS = {"decay_clip_0.1": "RMSProp", "decay_clip_0.1_adam": "Adam"}


def data(frames: Frames) -> pd.DataFrame:
    """The estimate at every logged step of every seed that finished, and the exact W1 where there is a checkpoint.

    ``real``: the exact W1 of fresh data.
    """
    keys = [*ARM, "seed", "step"]
    curves = finished(frames.runs, frames.curves)[[*keys, "estimate_heldout"]]
    table = curves.merge(points.over_steps(frames, "w1"), on=keys, how="left")
    table["optimiser"] = table["variant"].map(OPTIMISERS)
    table = table.rename(columns={"estimate_heldout": "estimate"})
    table = table[["optimiser", "seed", "step", "estimate", "w1"]]
    return table.assign(real=frames.real("ring", "w1"))


def draw(table: pd.DataFrame) -> Figure:
    """W1 over steps, a plot per optimiser on one scale, and W1 at the end."""
    figure = style.figure(2.4)
    grid = figure.subplots(1, 3, width_ratios=[1.3, 1.3, 1], sharey=True)
    end, real = grid[2], table["real"].iloc[0]
    for x, (axes, optimiser) in enumerate(zip(grid, OPTIMISERS.values(), strict=False)):
        own = table[(table["optimiser"] == optimiser) & table["w1"].notna()]
        axes.set(title=optimiser, xlabel="generator steps", xlim=(0, table["step"].max()))
        points.reference(axes, real, "" if x else "fresh data")
        if len(own):
            seeds.dots(end, x, _last(own), COLOURS[x], width=0.5, size=3)
            for _, line in own.groupby("seed"):
                axes.plot(line["step"], line["w1"], color=COLOURS[x], linewidth=0.7, alpha=0.6)
            axes.plot(own.groupby("step")["w1"].median(), color=COLOURS[x], linewidth=2)
    grid[0].set_ylabel(names.metric("w1").title)
    end.set_xticks(range(len(OPTIMISERS)), OPTIMISERS.values())
    end.set_xlim(-0.6, len(OPTIMISERS) - 0.4)
    end.set_title("at the end")
    points.reference(end, real, "")
    style.log(end.yaxis)
    return figure


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGAN17-C10a: spread of the estimate under Adam over that under RMSProp. C10b: the final W1 likewise."""
    rms, adam = (table[table["optimiser"] == name] for name in OPTIMISERS.values())
    both = set(rms["step"]) & set(
        adam["step"]
    )  # an arm with more checkpoints has more logged steps
    a, b = points.pairs(*(_spread(own[own["step"].isin(both)]) for own in (adam, rms)))
    ratio = (a / b).where((a > 0) & (b > 0))  # a critic that does not move has no ratio
    return {
        "WGAN17-C10a": ratio.tolist(),
        "WGAN17-C10b": points.ratio(_last(adam), _last(rms)),
    }


def _spread(own: pd.DataFrame) -> pd.Series:
    """Standard deviation of the estimate over the logged steps of the last half, per seed."""
    return own[own["step"] > own["step"].max() / 2].groupby("seed")["estimate"].std()


def _last(own: pd.DataFrame) -> pd.Series:
    """The exact W1 at the last step, per seed."""
    return own[own["step"] == own["step"].max()].set_index("seed")["w1"]
