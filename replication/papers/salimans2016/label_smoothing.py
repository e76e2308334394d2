"""One-sided and two-sided label smoothing: what the best discriminator becomes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import marks, palette, style
from replication.transport import divergences, objectives

TITLE = "Why only the real labels are smoothed"
CAPTION = (
    "Data N(0, 1), a generator that also has a far mode (0.6 N(1, 1) + 0.4 N(7, 1)). Labels 1 and 0, "
    "0.9 and 0, 0.9 and 0.1. Lines: the closed form (α p + β q) / (p + q); dots: the D that maximises "
    "the value, found place by place by a search. Where there are no data, D falls to β: 0 with "
    "one-sided smoothing, 0.1 with two-sided."
)
EXPLAINED = (
    "Smoothing the real label scales D down to 0.9 of itself and changes nothing else. Smoothing the "
    "other label too makes D level at 0.1 where there are no data, and a sample out there is told no "
    "direction in which to improve."
)
MIRRORS = "salimans2016:section 3.4"
PAPER_SHOWS = (
    "Section 3.4: with labels α and β the best D is (α p_data + β p_model) / (p_data + p_model); "
    "since p_model in the numerator is a problem where p_data is near 0, only the positive label is "
    "smoothed."
)
TOPIC = "critics"
PLACE = 3

LABELS = {"none": (1.0, 0.0), "one-sided": (0.9, 0.0), "two-sided": (0.9, 0.1)}
COLOURS = {"none": style.INK, "one-sided": palette.NEUTRAL[1], "two-sided": palette.NEUTRAL[2]}


def data() -> pd.DataFrame:
    """Densities, the D found and the closed form, by place and kind of smoothing."""
    x = np.linspace(-4, 10, 561)
    p = divergences.gaussian(x)
    q = 0.6 * divergences.gaussian(x, 1.0) + 0.4 * divergences.gaussian(x, 7.0)
    tables = [
        pd.DataFrame({"x": x, "p": p, "q": q}).assign(
            smoothing=name,
            found=objectives.best_by_search(p, q, *labels),
            formula=objectives.best_discriminator(p, q, *labels),
        )
        for name, labels in LABELS.items()
    ]
    table = pd.concat(tables, ignore_index=True)
    error = (table["found"] - table["formula"]).abs()
    return table.assign(
        error=error.round(7)
    )  # what is smaller is rounding, which no two processors share


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """IT16-C6a: the largest |D - closed form| of one- and two-sided smoothing, threshold 0.03.

    ``IT16-C6b``: the largest distance of D from 0 (one-sided) and from 0.1 (two-sided) for x >= 6,
    where there are no data.
    """
    soft = table[table["smoothing"] != "none"]
    far = soft[soft["x"] >= 6]
    limit = far["smoothing"].map({name: fake for name, (_, fake) in LABELS.items()})
    return {
        "IT16-C6a": [float(soft["error"].max())],
        "IT16-C6b": [float((far["found"] - limit).abs().max())],
    }


def draw(table: pd.DataFrame) -> Figure:
    """Densities below, the three discriminators above."""
    figure = style.figure(2.7)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[2.2, 1])
    for name, colour in COLOURS.items():
        own = table[table["smoothing"] == name]
        real, fake = LABELS[name]
        above.plot(own["x"], own["formula"], color=colour, label=f"{name}: {real:g} and {fake:g}")
        few = own.iloc[::16]
        above.plot(few["x"], few["found"], "o", color=colour, markersize=2.8)
    above.set(ylim=(-0.03, 1.05), ylabel="best D")
    above.legend(loc="upper right", title="labels", title_fontsize=7.5, alignment="left")
    first = table[table["smoothing"] == "none"]
    for column, colour, at in (("p", marks.REAL, -1.3), ("q", marks.FAKE, 8.3)):
        below.fill_between(first["x"], first[column], color=colour, alpha=0.35, linewidth=0)
        below.text(
            at,
            0.2,
            {"p": "data", "q": "generator"}[column],
            color=colour,
            ha="right" if column == "p" else "left",
        )
    below.set(xlabel="x", xlim=(-4, 10), ylim=(0, 0.42), ylabel="density")
    return figure
