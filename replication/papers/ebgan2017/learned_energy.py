"""Learned energies: as flat over parallel lines as theory says, and with the value that it says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.figures import marks, names, style
from replication.figures.results import Experiment
from replication.papers.ebgan2017 import theorem1
from replication.transport import divergences

TITLE = "Energies that were learned"
CAPTION = (
    "Left: the parallel lines of Arjovsky et al. 2017. For every distance θ a small autoencoder is "
    "trained with EBGAN's loss, margin m = 10; shown is how far the generator's energy then lies above "
    "the data's, a thin line per seed, the median thick, on m TV (dashes). Middle: a generator half "
    "way to the data on 12 places, with the energy that a table has learned from samples (thin line "
    "per seed). Right: its value along the way, a dot per seed, on m (1 − TV)."
)
EXPLAINED = (
    "A trained energy gives the generator nearly the same mark whether it is near or far, as long as it "
    "shares nothing with the data. When the two do overlap, the value of the learned energy counts how "
    "much, just as the theorem says."
)
MIRRORS = "ebgan2017:Theorems 1 and 2"
PAPER_SHOWS = (
    "Theorems 1 and 2: the value is m at the equilibrium, and the energy is flat there. Arjovsky et al. "
    "2017 add that the generator's cost is m TV, up to constants."
)
TOPIC = "critics"
PLACE = 7
EXPERIMENTS = ["parallel_lines"]

MARGIN, PLACES, APART, SHOWN = 10.0, 12, 0.2, 0.5


def data(experiment: Experiment) -> pd.DataFrame:
    """By theta the excess energy, by share of the walk the value, and the energies half way, each with its theory."""
    table = experiment("parallel_lines")
    lines = table[(table["method"] == "ebgan") & (table["quantity"] == "estimate")]
    values = table[(table["method"] == "table") & (table["quantity"] == "value")]
    energies = table[(table["quantity"] == "energy") & np.isclose(table["x"], SHOWN)]
    parts = {
        "lines": lines.assign(theory=[MARGIN * float(x != 0) for x in lines["x"]]),
        "value": values.assign(theory=[least_value(x) for x in values["x"]]),
        "energy": energies.assign(theory=np.nan),
    }
    named = [part.assign(part=name) for name, part in parts.items()]
    columns = ["part", "seed", "x", "place", "value", "theory"]
    return pd.concat(named, ignore_index=True)[columns]


def least_value(share: float) -> float:
    """m (1 - TV) after `share` of the way."""
    return MARGIN * (1 - divergences.tv(*theorem1.stage(share)))


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """EB17-C5b and EB17-C6b, learned.

    ``EB17-C5b/learned``: per seed the largest |V / (m (1 - TV)) - 1| over the stages of the walk.
    ``EB17-C6b/learned``: per seed the range of the excess energy over |theta| >= 0.2, as a share of the margin.
    """
    value = table[table["part"] == "value"]
    error = (value["value"] / value["theory"] - 1).abs()
    lines = table[(table["part"] == "lines") & (table["x"].abs() >= APART - 1e-9)]
    excess = lines.groupby("seed")["value"]
    high, low = (excess.agg(lambda v, f=f: f(v.to_numpy())) for f in (np.max, np.min))
    worst = error.groupby(value["seed"]).agg(lambda v: v.max(skipna=False))
    return {
        "EB17-C5b/learned": worst.tolist(),
        "EB17-C6b/learned": ((high - low) / MARGIN).tolist(),
    }


def draw(table: pd.DataFrame) -> Figure:
    """Excess energy over theta; energies half way; value along the way."""
    parts = {name: own for name, own in table.groupby("part")}
    colour = names.colour("ebgan")
    figure = style.figure(2.3)
    left, middle, right = figure.subplots(1, 3, width_ratios=[1.1, 1, 1])
    wide = parts["lines"].pivot(index="x", columns="seed", values="value")
    left.plot(wide.index, wide, color=colour, linewidth=0.5, alpha=0.5)
    left.plot(wide.index, wide.median(axis=1), color=colour, marker="o", markersize=2.5)
    left.axhline(MARGIN, color=style.MUTED, linewidth=0.9, linestyle=style.DASHES[1])
    left.text(-0.97, 9.75, "m TV", color=style.MUTED, va="top")
    left.set(
        xlabel="θ", ylabel="energy above the data's", ylim=(-0.6, 12.8), title="parallel lines"
    )
    _half_way(middle, parts["energy"])
    way = parts["value"]
    shares = np.linspace(0, 1, 41)
    right.plot(
        shares,
        [least_value(s) for s in shares],
        color=style.MUTED,
        linewidth=0.9,
        label="m (1 − TV)",
    )
    right.plot(way["x"], way["value"], "o", color=colour, markersize=3, alpha=0.6, label="learned")
    right.set(xlabel="share of the way to the data", ylabel="value", ylim=(0, 11), title="value")
    right.legend(loc="lower right")
    return figure


def _half_way(axes: Axes, energies: pd.DataFrame) -> None:
    p, q = theorem1.stage(SHOWN)
    place = np.arange(PLACES) + 1
    axes.bar(place - 0.2, p, 0.4, color=marks.REAL)
    axes.bar(place + 0.2, q, 0.4, color=marks.FAKE)
    above: Any = axes.twinx()
    for _, own in energies.sort_values("place").groupby("seed"):
        above.step(own["place"], own["value"], where="mid", color=names.colour("ebgan"),
                   linewidth=0.7, alpha=0.7)  # fmt: skip
    above.set(ylim=(-0.3, 12), yticks=[0, MARGIN])
    above.set_yticklabels(["0", "m"])
    above.spines["right"].set_visible(False)
    axes.set(ylim=(0, 0.32), xticks=[1, 6, 12], xlabel="place", ylabel="mass")
    axes.set_title("half way: energy (line)")
    axes.grid(False)
