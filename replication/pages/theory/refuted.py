"""Statements about GANs that circulate, each with the computed counter-example that refutes it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import marks, style
from replication.transport import refuted
from replication.words import numbers

TITLE = "Formulas that circulate, and what refutes them"
CAPTION = (
    "Each row is a statement found in tutorials, a case small enough to compute, the number that the "
    "statement leads to in that case, and the true one. One counter-example is enough: where the two "
    "numbers differ the statement is wrong."
)
EXPLAINED = (
    "A formula that looks right can be tested with two points or three numbers. These statements all "
    "fail such a test, although they are repeated in posts and slides."
)
PAPER_SHOWS = "Statements of this kind stand in posts and slides that are widely read."
TOPIC = "refuted"
PLACE = 1

COLUMNS = {"It is said that …": 0.0, "Counter-example": 0.425, "said": 0.895, "true": 0.99}


def data() -> pd.DataFrame:
    """One row per statement."""
    table = pd.DataFrame([dataclasses.asdict(case) for case in refuted.cases()])
    return table.assign(difference=(table["said"] - table["true"]).abs())


def draw(table: pd.DataFrame) -> Figure:
    """The table, as text."""
    lines = [
        (
            style.wrapped(row["statement"], 56),
            style.wrapped(row["example"], 57),
            row["said"],
            row["true"],
        )
        for _, row in table.iterrows()
    ]
    heights = [1.0 + 0.85 * max(a.count("\n"), b.count("\n")) + 0.35 for a, b, *_ in lines]
    total = sum(heights) + 1.6
    figure = style.figure(0.128 * total)
    axes = figure.subplots()
    axes.set(xlim=(0, 1), ylim=(total, 0))
    axes.set_axis_off()
    looks: dict[str, Any] = {"fontsize": 7, "va": "top", "linespacing": 1.25}
    for name, x in COLUMNS.items():
        right = name in ("said", "true")
        axes.text(x, 0.0, name, **looks, fontweight="bold", ha="right" if right else "left")
    top = 1.45
    for (statement, example, said, true), height in zip(lines, heights, strict=True):
        axes.axhline(top - 0.2, color=style.GRID, linewidth=0.7)
        axes.text(0.0, top, statement, **looks)
        axes.text(0.425, top, example, **looks, color=style.MUTED)
        axes.text(0.895, top, _number(said), **looks, ha="right", color=marks.FAKE)
        axes.text(
            0.99,
            top,
            _number(true),
            **looks,
            ha="right",
            color=marks.COLOURS["W"],
            fontweight="bold",
        )
        top += height
    return figure


def _number(value: float) -> str:
    return numbers.plain(round(value, 3) + 0.0, ".4g")
