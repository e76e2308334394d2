"""Statements about GANs that circulate, each with the computed counter-example that refutes it."""

from __future__ import annotations

import dataclasses

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import palette, style
from replication.transport import refuted

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

AS_TABLE = {
    "statement": "It is said that …",
    "example": "Counter-example",
    "said": "said",
    "true": "true",
}


def data() -> pd.DataFrame:
    """One row per statement."""
    table = pd.DataFrame([dataclasses.asdict(case) for case in refuted.cases()])
    return table.assign(difference=(table["said"] - table["true"]).abs())


def draw(table: pd.DataFrame) -> Figure:
    """What is said and what is true, a row per statement."""
    figure = style.figure(0.8 + 0.27 * len(table))
    axes = figure.subplots()
    places = range(len(table))
    axes.hlines(places, table["said"], table["true"], color=palette.PALE, linewidth=1)
    axes.plot(
        table["said"], places, "o", color=palette.NEUTRAL[1], label="what the statement leads to"
    )
    axes.plot(table["true"], places, "o", color=palette.NEUTRAL[0], label="what is true")
    axes.set_yticks(places, [style.wrapped(text, 60) for text in table["statement"]], fontsize=7)
    axes.set_xscale("symlog", linthresh=1)
    axes.set(xlabel="the number in question", ylim=(len(table) - 0.5, -0.5))
    figure.legend(loc="outside upper center", ncols=2)
    return figure
