"""EBGAN's value under the best energies is the margin times what P and the generator share."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.optimize import linprog

from replication.figures import marks, names, style
from replication.transport import divergences, objectives

TITLE = "The best energies, and what they leave: m (1 − TV)"
CAPTION = (
    "A generator on 12 places moves in equal shares from its start onto the data; margin m = 10. "
    "Left, three stages: data, generator, and the energies that minimise E_p D + E_q max(0, m − D), "
    "found by a linear program. Right: the least value (dots) lies on m (1 − TV) (line) and reaches m "
    "where the two agree; there every flat energy from 0 to m is equally good."
)
EXPLAINED = (
    "The best energy is 0 where data prevail and the full margin where generated samples do, so its "
    "value counts the mass that the two share. When the generator has found the data nothing is left "
    "to tell apart and the value is m."
)
MIRRORS = "ebgan2017:Theorems 1 and 2"
PAPER_SHOWS = (
    "Theorems 1 and 2: at the equilibrium V = m and p_G = p_data; D is then a constant between 0 and "
    "m."
)
TOPIC = "critics"
PLACE = 6

MARGIN, PLACES, STAGES = 10.0, 12, 21


def stage(share: float) -> tuple[np.ndarray, np.ndarray]:
    """Data and generator [12] after `share` of the way."""
    x = np.arange(PLACES, dtype=float)
    p = divergences.gaussian(x, 7.0, 1.6) + divergences.gaussian(x, 10.0, 0.8)
    q = divergences.gaussian(x, 2.5, 1.7)
    p, q = p / p.sum(), q / q.sum()
    return p, p if share == 1 else (1 - share) * q + share * p


def data() -> pd.DataFrame:
    """Masses and best energy by place, with value and closed form, at every stage of the walk."""
    tables = []
    for share in np.linspace(0, 1, STAGES):
        p, q = stage(share)
        value, energy = objectives.ebgan_program(p, q, MARGIN)
        tables.append(
            pd.DataFrame(
                {"share": share, "place": np.arange(PLACES) + 1, "p": p, "q": q, "energy": energy}
            ).assign(value=value, closed_form=MARGIN * (1 - divergences.tv(p, q)))
        )
    table = pd.concat(tables, ignore_index=True)
    error = (table["value"] - table["closed_form"]).abs()
    # What is smaller is rounding, which no two processors share.
    return table.assign(error=error.round(10), unevenness=round(unevenness(stage(1.0)[0]), 10))


def unevenness(p: np.ndarray) -> float:
    """The largest range over places that an energy can have at an equilibrium in which the generator is the data.

    There every energy D in [0, m] is a best one for the discriminator, since p D + p (m - D) = p m at each place. The
    generator must gain nothing by moving: D(y) >= E_p D at every place y. So the smallest D is E_p D, and the largest
    range is that of max_i D(i) - E_p D, a linear program for each place i.

    Args:
        p: masses of the data [n], all positive.
    """
    n = len(p)
    gains = np.tile(p, (n, 1)) - np.eye(n)  # E_p D - D(y), at most 0
    values = [
        -linprog(p - row, A_ub=gains, b_ub=np.zeros(n), bounds=(0, MARGIN)).fun for row in np.eye(n)
    ]
    return float(abs(max(values)))


def flat_energies(levels: np.ndarray) -> np.ndarray:
    """The value of each constant energy at the equilibrium: m for every level in [0, m]."""
    p, q = stage(1.0)
    return np.array([float((p * d + q * max(0.0, MARGIN - d)).sum()) for d in levels])


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """EB17-C5b: the largest |V - m (1 - TV)| over all stages, threshold 1e-6.

    ``EB17-C5a``: |V - m| where the generator is the data, with the same threshold. ``EB17-C5c``: the range over the
    support of the least flat energy at such an equilibrium.
    """
    arrived = table[table["share"] == 1]
    return {
        "EB17-C5b": [float(table["error"].max())],
        "EB17-C5a": [float((arrived["value"] - MARGIN).abs().max())],
        "EB17-C5c": [float(table["unevenness"].max())],
    }


def draw(table: pd.DataFrame) -> Figure:
    """Three stages with their energies, and the value along the way."""
    figure = style.figure(2.3)
    row: Any = figure.subplots(1, 4, width_ratios=[1, 1, 1, 1.35])
    for axes, share in zip(row, (0.0, 0.5, 1.0), strict=False):
        part = table[np.isclose(table["share"], share)]
        axes.bar(part["place"] - 0.2, part["p"], 0.4, color=marks.REAL)
        axes.bar(part["place"] + 0.2, part["q"], 0.4, color=marks.FAKE)
        energy = axes.twinx()
        if share < 1:
            energy.step(
                part["place"],
                part["energy"],
                where="mid",
                color=names.colour("ebgan"),
                linewidth=1.6,
            )
        else:
            energy.axhspan(0, MARGIN, color=names.colour("ebgan"), alpha=0.2, linewidth=0)
            marks.note(axes, "any flat energy", (0.06, 0.87), color=style.MUTED)
        energy.set(ylim=(0, 11), yticks=[])
        axes.set(ylim=(0, 0.32), yticks=[], xticks=[1, 6, 12])
        axes.set_title(f"{share:.0%} of the way", loc="center")
        axes.grid(False)
    row[0].set_ylabel("mass;  energy (line)")
    way = table.groupby("share", as_index=False).first()
    colour = names.colour("ebgan")
    row[3].plot(way["share"], way["closed_form"], color=colour, label="m (1 − TV)")
    row[3].plot(way["share"], way["value"], "o", color=colour, markersize=3.2, label="least value")
    row[3].axhline(MARGIN, color=style.MUTED, linewidth=0.8, linestyle=style.DASHES[1])
    row[3].set(xlim=(0, 1.02), ylim=(0, 10.8), xlabel="share of the way to the data")
    row[3].set_title("value", loc="center")
    row[3].legend(loc="lower right")
    return figure
