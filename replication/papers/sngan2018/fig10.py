"""What a step costs with spectral and weight normalisation, clipping and a gradient penalty."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import names, seeds, style
from replication.figures.results import Frames
from replication.papers.sngan2018._settings import CLIP, PENALTY, SPECTRAL, WEIGHT

TITLE = "The cost of a step"
CAPTION = (
    "Seconds for 100 generator updates, each with one discriminator update (setting C): every run as a pale dot, mean "
    "over runs with its 95 % interval. Of a run it is the fastest tenth of the stretches between logged steps, since "
    "other jobs may run beside."
)
MIRRORS = "sngan2018:fig10"
PAPER_SHOWS = (
    "Seconds for 100 generator updates on CIFAR-10 and STL-10: weight normalisation and spectral normalisation "
    "cost nearly the same, WGAN-GP clearly more."
)
RUNS = [
    "mnist/dcgan_16/wgan_clip/setting_c",
    "mnist/dcgan_16/wgan_gp/setting_c",
    "mnist/dcgan_16/gan_ns/weight_norm+setting_c",
    "mnist/dcgan_16/gan_ns/spectral_norm+setting_c",
]

FAMILIES = (CLIP, PENALTY, WEIGHT, SPECTRAL)
#: Stretches that count: an undisturbed machine.
FASTEST, UPDATES = 0.1, 100


def data(frames: Frames) -> pd.DataFrame:
    """Seconds for 100 updates, by arm and seed."""
    rows = []
    for arm, own in frames.curves.groupby([*names.ARM, "seed"]):
        run = own.sort_values("step")
        pace = (run["seconds"].diff() / run["step"].diff()).dropna()
        rows.append(("/".join(map(str, arm[:4])), arm[4], UPDATES * pace.quantile(FASTEST)))
    return pd.DataFrame(rows, columns=["arm", "seed", "seconds"])


def draw(table: pd.DataFrame) -> Figure:
    """A row per method."""
    figure = style.figure(0.6 + 0.32 * len(FAMILIES))
    axes = figure.subplots()
    for place, family in enumerate(FAMILIES):
        own = table.loc[table["arm"] == family.arms["c"], "seconds"]
        if len(own):
            seeds.dots(axes, place, own, family.colour, width=0.45, across=True)
    axes.set_yticks(range(len(FAMILIES)), [family.label for family in FAMILIES])
    axes.set_ylim(len(FAMILIES) - 0.5, -0.6)
    axes.grid(visible=False, axis="y")
    axes.set_xlim(left=0)
    axes.set_xlabel("seconds for 100 generator updates")
    return figure


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """SN18-C6a: time with a penalty over that with SN, by seed; C6b: time with SN over that with weight norm."""
    wide = table.pivot(index="seed", columns="arm", values="seconds")
    penalty, weight, spectral = (
        wide.get(f.arms["c"], pd.Series(dtype=float)) for f in (PENALTY, WEIGHT, SPECTRAL)
    )
    return {
        "SN18-C6a": [float(value) for value in (penalty / spectral).dropna()],
        "SN18-C6b": [float(value) for value in (spectral / weight).dropna()],
    }
