"""Least squares and Pearson's chi-square: an identity that holds for one coding and not for the other."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import marks, names, palette, style
from replication.transport import divergences, objectives

TITLE = "Which coding of LSGAN minimises Pearson's chi-square?"
CAPTION = (
    "Twice the generator's cost under the best D, for data N(0, 1) and a generator N(shift, 1.2²), "
    "against Pearson's chi-square of 2q from p + q (grey band). The coding (a, b, c) = (−1, 1, 0) "
    "lies on it everywhere; (0, 1, 1), the coding that the experiments use, crosses it near shift 1.5 "
    "and differs elsewhere. Float64; nothing is trained."
)
EXPLAINED = (
    "With the codes -1 for fake, 1 for real and 0 as the generator's wish, least squares is a "
    "chi-square between the data and the generator in disguise. With 0, 1 and 1 it is not, so the "
    "theorem does not speak of the coding people train."
)
MIRRORS = "lsgan2017:Theorem 1"
PAPER_SHOWS = "If b - c = 1 and b - a = 2, then 2 C(G) = chi-square_Pearson(p_d + p_g ‖ 2 p_g)."
TOPIC = "critics"
PLACE = 5

CODINGS = {"cost_pearson": (-1.0, 1.0, 0.0), "cost_binary": (0.0, 1.0, 1.0)}


def data() -> pd.DataFrame:
    """Chi-square and twice the cost under both codings, by the generator's shift."""
    x = divergences.line()
    p = divergences.masses(x)
    rows = []
    for shift in np.linspace(0, 4, 33):
        q = divergences.masses(x, shift, 1.2)
        costs = {name: 2 * objectives.lsgan_cost(p, q, code) for name, code in CODINGS.items()}
        rows.append({"shift": shift, "chi2": divergences.pearson(p + q, 2 * q)} | costs)
    table = pd.DataFrame(rows)
    return table.assign(**{f"error_{n}": (table[n] - table["chi2"]).abs() for n in CODINGS})


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """LS17-C5a: the largest |2 C(G) - chi-square| over all shifts for (-1, 1, 0), threshold 1e-6.

    ``LS17-C5b``: the same difference for (0, 1, 1) at shift 1.5, where the two
    happen to be close; the claim is that it is above 1e-4.
    """
    at = table[np.isclose(table["shift"], 1.5)]
    return {
        "LS17-C5a": [float(table["error_cost_pearson"].max())],
        "LS17-C5b": [float(at["error_cost_binary"].iloc[0])],
    }


def draw(table: pd.DataFrame) -> Figure:
    """Costs on the chi-square, and how far each is from it."""
    colour = names.colour("lsgan")
    figure = style.figure(2.3)
    left, right = figure.subplots(1, 2)
    left.plot(table["shift"], table["chi2"], color=palette.PALE, linewidth=6, label="Pearson's χ²")
    for (name, code), dashes in zip(CODINGS.items(), ("-", style.DASHES[1]), strict=True):
        label = "2C(G), (a, b, c) = ({:g}, {:g}, {:g})".format(*code).replace("-", "−")
        left.plot(table["shift"], table[name], color=colour, linestyle=dashes, label=label)
        error = table[f"error_{name}"].clip(lower=1e-17)
        right.plot(table["shift"], error, color=colour, linestyle=dashes)
    left.legend(loc="upper left")
    left.set(xlim=(0, 4), ylim=(0, 2.6), xlabel="shift of the generator")
    left.set_ylabel("cost; χ²")
    right.axhline(1e-6, color=style.MUTED, linewidth=0.8, linestyle=style.DASHES[2])
    right.set(
        yscale="log",
        xlim=(0, 4),
        ylim=(1e-17, 3),
        xlabel="shift of the generator",
        ylabel="|2C(G) − χ²|",
    )
    marks.note(right, "rounding", (0.97, 0.22), ha="right", color=style.MUTED)
    return figure
