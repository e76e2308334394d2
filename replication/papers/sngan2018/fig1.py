"""Five ways to restrain a discriminator, under six settings of Adam."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import ends, style
from replication.figures.results import Frames
from replication.papers.sngan2018 import _settings
from replication.papers.sngan2018._settings import (
    CLIP,
    FAMILIES,
    PENALTY,
    SETTINGS,
    SPECTRAL,
    WEIGHT,
)

TITLE = "Six settings of the optimiser"
CAPTION = (
    "FID under settings A to F of Adam at equal generator steps: every seed as a pale dot, a bar at the mean over "
    "seeds; a run that diverged counts with the FID that it began with. Below the "
    "letters: learning rate, beta1, beta2 and discriminator steps."
)
MIRRORS = "sngan2018:fig1"
PAPER_SHOWS = (
    "Inception scores on CIFAR-10 and STL-10 under the same settings: those of spectral normalisation are high "
    "under all six, those of the gradient penalty fall under D to F, and weight normalisation and clipping do well "
    "in few."
)
RUNS = [
    "mnist/dcgan_16/*/setting_?",
    "mnist/dcgan_16/gan_ns/spectral_norm+setting_?",
    "mnist/dcgan_16/gan_ns/weight_norm+setting_?",
]

#: Table 1: rate, beta1, beta2, discriminator steps.
TABLE = {
    "a": "1e-4\n.5, .9\n5",
    "b": "1e-4\n.5, .999\n1",
    "c": "2e-4\n.5, .999\n1",
    "d": "1e-3\n.5, .9\n5",
    "e": "1e-3\n.5, .999\n5",
    "f": "1e-3\n.9, .999\n5",
}
HIGH = ("d", "e", "f")
#: So many times the best FID is a failure.
FAILS = 3


def data(frames: Frames) -> pd.DataFrame:
    """The end of every run."""
    return ends.data(frames, together=False)


def draw(table: pd.DataFrame) -> Figure:
    """A group of columns per setting, a colour per method."""
    figure = style.figure(2.9)
    axes = figure.subplots()
    for i, family in enumerate(FAMILIES):
        found, label = _settings.scores(table, family), family.label
        for setting, values in found.items():
            x = SETTINGS.index(str(setting)) + 0.16 * (i - (len(FAMILIES) - 1) / 2)
            places = x + 0.1 * (values.rank(method="first") / (len(values) + 1) - 0.5)
            axes.plot(places, values, ".", color=family.colour, alpha=0.45, markersize=4)
            axes.plot([x - 0.065, x + 0.065], [values.mean()] * 2, color=family.colour, linewidth=2.2,
                      label=label)  # fmt: skip
            label = ""
    axes.set_xticks(range(len(SETTINGS)), [f"{s.upper()}\n{TABLE[s]}" for s in SETTINGS])
    axes.grid(visible=False, axis="x")
    axes.set_ylabel(ends.title(table))
    style.log(axes.yaxis)
    figure.legend(loc="outside upper center", ncols=len(FAMILIES))
    return figure


def _all(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """`_settings.scores` of every method with all six settings."""
    found = {family.label: _settings.scores(table, family) for family in FAMILIES}
    return {label: own for label, own in found.items() if own.shape[1] == len(SETTINGS)}


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """SN18-C1a: by seed, the worst FID of the best rival over that of SN; C1b: settings at which GP fails.

    KUR19-C3b: the spread over settings with the gradient penalty minus that with spectral normalisation.
    """
    own = _all(table)
    found: dict[str, list[float]] = {}
    rivals = [own[f.label].max(axis=1) for f in (CLIP, PENALTY, WEIGHT) if f.label in own]
    if SPECTRAL.label in own and len(rivals) == 3:
        ratio = pd.concat(rivals, axis=1).min(axis=1, skipna=False) / own[SPECTRAL.label].max(
            axis=1
        )
        found["SN18-C1a"] = [float(value) for value in ratio.dropna()]
    if PENALTY.label in own and SPECTRAL.label in own:
        lowest = pd.concat(own.values(), axis=1).min(axis=1)
        high = own[PENALTY.label][list(HIGH)]
        found["SN18-C1b"] = high.gt(FAILS * lowest, axis=0).sum(axis=1).astype(float).tolist()
        spread = own[PENALTY.label].std(axis=1) - own[SPECTRAL.label].std(axis=1)
        found["KUR19-C3b"] = [float(value) for value in spread.dropna()]
    return found


def controls(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """All: the share of FID's way to real images in SN's best setting."""
    way = share_of_the_way(table)
    return (
        {claim: {"learned": way} for claim in ("SN18-C1a", "SN18-C1b", "KUR19-C3b")} if way else {}
    )


def share_of_the_way(table: pd.DataFrame) -> list[float]:
    """By seed, in the setting in which SN's FID is lowest."""
    found = {
        setting: (own["fid_first"] - own["fid"]) / (own["fid_first"] - own["fid_real"])
        for setting, arm in SPECTRAL.arms.items()
        if len(own := table[table["arm"] == arm].set_index("seed"))
    }
    if not found:
        return []
    best = pd.DataFrame(found).max(axis=1)
    return [float(value) for value in best.replace(np.inf, np.nan).dropna()]
