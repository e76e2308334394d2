"""Nets trained with smoothed labels beside the forms that they should take."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import marks, palette, style
from replication.figures.results import Experiment
from replication.transport import divergences, objectives

TITLE = "Trained with smoothed labels"
CAPTION = (
    "Data N(0, 1), a generator that never moves and also has a far mode (0.6 N(1, 1) + 0.4 N(7, 1)). "
    "Nets with two hidden layers of 32, trained on samples with labels 0.9 and 0 (one-sided) and 0.9 "
    "and 0.1 (two-sided). Thin lines: D of each seed; dashes: the closed form (α p + β q) / (p + q)."
)
EXPLAINED = (
    "What theory says of the best D also holds for a net that has only seen samples. Under the far "
    "mode, where there are no data, one-sided smoothing leaves D near 0 and two-sided smoothing near "
    "0.1."
)
MIRRORS = "salimans2016:section 3.4"
PAPER_SHOWS = "Section 3.4 gives the form of the best D and trains no net to show it."
TOPIC = "critics"
PLACE = 4
EXPERIMENTS = ["optimal_critics"]

LABELS = {"one-sided": (0.9, 0.0), "two-sided": (0.9, 0.1)}
COLOURS = {"one-sided": palette.NEUTRAL[1], "two-sided": palette.NEUTRAL[2]}


def densities(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Data and generator at x."""
    far = 0.6 * divergences.gaussian(x, 1.0) + 0.4 * divergences.gaussian(x, 7.0)
    return divergences.gaussian(x), far


def data(experiment: Experiment) -> pd.DataFrame:
    """D found and the closed form, by place, kind of smoothing and seed."""
    table = experiment("optimal_critics").query("part == 'smoothed'")
    tables = []
    for name, labels in LABELS.items():
        own = table[table["critic"] == name]
        form = objectives.best_discriminator(*densities(own["x"].to_numpy()), *labels)
        tables.append(
            own.rename(columns={"critic": "smoothing", "value": "found"}).assign(formula=form)
        )
    columns = ["smoothing", "seed", "x", "found", "formula"]
    return pd.concat(tables, ignore_index=True)[columns]


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """IT16-C6a, trained: by seed the mean |D - closed form| over [-4, 10], the larger of the two smoothings."""
    error = (table["found"] - table["formula"]).abs()
    mean = error.groupby([table["seed"], table["smoothing"]]).agg(lambda v: v.mean(skipna=False))
    return {"IT16-C6a/trained": mean.unstack().max(axis=1, skipna=False).tolist()}


def draw(table: pd.DataFrame) -> Figure:
    """Densities below, the trained nets and the closed forms above."""
    figure = style.figure(2.7)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[2.2, 1])
    for name, colour in COLOURS.items():
        own = table[table["smoothing"] == name]
        wide = own.pivot(index="x", columns="seed", values="found")
        above.plot(wide.index, wide, color=colour, linewidth=0.5, alpha=0.6)
        form = own.drop_duplicates("x").sort_values("x")
        real, fake = LABELS[name]
        above.plot(form["x"], form["formula"], color=colour, linestyle=style.DASHES[1],
                   linewidth=1.8, label=f"{name}: {real:g} and {fake:g}")  # fmt: skip
    above.set(ylim=(-0.03, 1.05), ylabel="D")
    above.legend(loc="upper right", title="labels", title_fontsize=7.5, alignment="left")
    x = np.linspace(-4, 10, 281)
    sides = zip(densities(x), (marks.REAL, marks.FAKE), ("data", "generator"), strict=True)
    for (density, colour, name), at in zip(sides, (-1.3, 8.3), strict=True):
        below.fill_between(x, density, color=colour, alpha=0.35, linewidth=0)
        below.text(at, 0.2, name, color=colour, ha="right" if at < 0 else "left")
    below.set(xlabel="x", xlim=(-4, 10), ylim=(0, 0.42), ylabel="density")
    return figure
