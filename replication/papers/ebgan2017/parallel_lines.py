"""EBGAN on parallel lines: its generator's cost is a total variation, and as flat."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import marks, names, style
from replication.transport import divergences, objectives, plans

TITLE = "EBGAN on parallel lines"
CAPTION = (
    "The parallel lines of Arjovsky et al. 2017: data on x = 0, generator on x = θ. Against the best "
    "energies (linear program, m = 10) the generator's energy exceeds that of the data by m TV, which "
    "is m for every θ ≠ 0, near or far. W, for comparison, is |θ|."
)
EXPLAINED = (
    "With the best autoencoder EBGAN measures how much of the mass does not overlap, and not how far "
    "away it is. So a generator that shares no point with the data gets the same mark everywhere, "
    "just as under JS."
)
MIRRORS = "wgan2017:appendix D"
PAPER_SHOWS = (
    "Arjovsky et al. 2017 show that EBGAN's generator minimises, up to constants, the total variation "
    "distance."
)
TOPIC = "supports"
PLACE = 3

MARGIN = 10.0


def data() -> pd.DataFrame:
    """The generator's excess energy, m TV and W at 41 values of theta."""
    rows = []
    for theta in np.round(np.linspace(-1, 1, 41), 2):
        places, p, q = divergences.parallel_lines(theta)
        value, energy = objectives.ebgan_program(p, q, MARGIN)
        cost = plans.distances(places[p > 0], places[q > 0])
        rows.append(
            {
                "theta": theta,
                # Where p = q any flat energy is best; the excess is 0 for each of them.
                "excess": float((q - p) @ energy),
                "value": value,
                "m_tv": MARGIN * divergences.tv(p, q),
                "W": plans.wasserstein(p[p > 0], q[q > 0], cost),
            }
        )
    return pd.DataFrame(rows)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """EB17-C6b: how far the excess energy strays from flat over theta != 0, as a share of the margin (exact: 0).

    ``EB17-C6a`` is the largest |excess - m TV| over all theta. The claim holds where both are rounding
    error, at most 1e-9.
    """
    apart = table["excess"][table["theta"] != 0]
    return {
        "EB17-C6b": [float((apart.max() - apart.min()) / MARGIN)],
        "EB17-C6a": [float((table["excess"] - table["m_tv"]).abs().max())],
    }


def draw(table: pd.DataFrame) -> Figure:
    """Excess energy and W over theta."""
    figure = style.figure(2.0)
    left, right = figure.subplots(1, 2)
    colour = names.colour("ebgan")
    for side in (table["theta"] < 0, table["theta"] > 0):
        part = table[side]
        left.plot(np.r_[part["theta"], 0][np.argsort(np.r_[part["theta"], 0])],
                  np.r_[part["excess"], part["excess"].iloc[0]], color=colour, linewidth=1.8)  # fmt: skip
    left.plot(0, MARGIN, "o", markerfacecolor=style.PAPER, markeredgecolor=colour, markersize=4)
    left.plot(0, 0, "o", color=colour, markersize=4, clip_on=False, zorder=4)
    left.set(ylim=(0, 11.5), ylabel="energy", title="EBGAN: generator's energy above the data's")
    right.plot(table["theta"], table["W"], color=marks.COLOURS["W"], linewidth=1.8)
    right.set(ylim=(0, 1.05), ylabel="distance", title="W")
    for axes in (left, right):
        axes.set(xlim=(-1, 1), xlabel="θ")
    return figure
