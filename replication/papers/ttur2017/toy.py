"""Heusel's game of two variables: one learning rate for both players, or one for each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import palette, style
from replication.transport import games

TITLE = "Two players in a hurry, and two that agree on a pace"
CAPTION = (
    "f = (1 + x²)(100 − y²): x descends, y ascends, both on gradients with noise of standard "
    "deviation 1; start (0.5, −0.4), equilibrium (0, 0), 20 seeds, the same noise in every row. Rates "
    "are those of x and y. Left: distance from the equilibrium, median and range of the seeds; dots, "
    "where the distance is first below 0.1 (dashes). Right: the path of the first seed."
)
EXPLAINED = (
    "The slope in x is a hundred times that in y, so one learning rate for both is too large for x or too "
    "small for y. Two learning rates let each player move at the pace its side allows; the wrong way round "
    "they do not arrive."
)
MIRRORS = "ttur2017:example in two variables"
PAPER_SHOWS = (
    "Objective, norm and path for four pairs of learning rates: with equal large ones the norm fluctuates, "
    "with equal small ones it converges slowly, with x slower it converges fastest, with y slower it "
    "does not converge."
)
TOPIC = "games"
PLACE = 3

STEPS, SEEDS, NEAR, TAIL = 5_000, 20, 0.1, 500
ROWS = {
    "both fast": (0.01, 0.01),
    "both slow": (0.001, 0.001),
    "x slow, y fast": (0.0001, 0.01),
    "x fast, y slow": (0.01, 0.0001),
}
#: Steps at which every seed is shown, even on a logarithmic axis; the first seed is shown more finely.
SHOWN = np.unique(np.r_[0, np.geomspace(1, STEPS, 60).astype(int), STEPS])
COLOURS = dict(zip(ROWS, palette.NEUTRAL, strict=False))


def data() -> pd.DataFrame:
    """By row and seed: first step with a distance below 0.1, mean of the last 500, and the path, thinned."""
    noise = np.stack(
        [np.random.default_rng(seed).normal(size=(STEPS, 2)) for seed in range(SEEDS)], axis=1
    )
    early_and_even = np.unique(np.r_[0:200:4, 200:STEPS:50, STEPS])
    tables = []
    for name, rates in ROWS.items():
        path = games.two_rates(rates, noise)
        distance = np.hypot(path[:, :, 0], path[:, :, 1])
        for seed in range(SEEDS):
            below = np.flatnonzero(distance[:, seed] < NEAR)
            shown = SHOWN if seed else np.union1d(SHOWN, early_and_even)
            tables.append(
                pd.DataFrame(
                    {"row": name, "seed": seed, "step": shown, "x": path[shown, seed, 0],
                     "y": path[shown, seed, 1], "distance": distance[shown, seed]}
                ).assign(first_near=below[0] if len(below) else np.nan, tail=distance[-TAIL:, seed].mean())
            )  # fmt: skip
    return pd.concat(tables, ignore_index=True)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """TT17-C1a to C1c: for each of 20 seeds, 1 where the statement holds and 0 where not (threshold: 95 % of seeds).

    C1a: with both fast the mean distance of the last 500 steps is at least 0.1 (no convergence). C1b: the distance
    falls below 0.1 earlier with x slow, y fast than with both slow; ``gain`` is the ratio of the two first times, slow
    over fast. C1c: with x fast and y slow it never does.
    """
    seeds = table.groupby(["row", "seed"])[["first_near", "tail"]].first()
    first = {name: seeds.loc[name, "first_near"].to_numpy() for name in ROWS}
    restless = seeds.loc["both fast", "tail"].to_numpy() >= NEAR
    sooner = first["x slow, y fast"] < first["both slow"]
    return {
        "TT17-C1a": restless.astype(float).tolist(),
        "TT17-C1b/sooner": sooner.astype(float).tolist(),
        "TT17-C1c": np.isnan(first["x fast, y slow"]).astype(float).tolist(),
        "TT17-C1b/gain": (first["both slow"] / first["x slow, y fast"]).tolist(),
    }


def draw(table: pd.DataFrame) -> Figure:
    """Distances of all rows in one plot, and the four paths."""
    figure = style.figure(3.0)
    halves: Any = figure.subfigures(1, 2, width_ratios=[1.25, 1])
    left, right = halves
    axes: Any = left.subplots()
    grid: Any = right.subplots(2, 2, sharex=True, sharey=True)
    for cell, (name, rates) in zip(grid.flat, ROWS.items(), strict=True):
        own, colour = table[table["row"] == name], COLOURS[name]
        bands = (
            own[own["step"].isin(SHOWN[1:])]
            .groupby("step")["distance"]
            .agg(["median", "min", "max"])
        )
        axes.fill_between(
            bands.index, bands["min"], bands["max"], color=colour, alpha=0.15, linewidth=0
        )
        axes.plot(
            bands.index, bands["median"], color=colour, label=f"{name} ({rates[0]:g}, {rates[1]:g})"
        )
        if name in ("both slow", "x slow, y fast"):
            axes.plot(
                own.groupby("seed")["first_near"].first().median(),
                NEAR,
                "o",
                color=colour,
                markersize=5,
            )
        path = own[own["seed"] == 0]
        cell.plot(path["x"], path["y"], color=colour, linewidth=0.6)
        cell.plot(0.5, -0.4, "o", color=style.INK, markersize=3)
        cell.plot(0, 0, "+", color=style.INK, markersize=8)
        cell.set_title(name, fontsize=8)
    axes.axhline(NEAR, color=style.MUTED, linewidth=0.8, linestyle=style.DASHES[1])
    axes.set(
        xscale="log",
        yscale="log",
        xlim=(4, STEPS),
        ylim=(3e-3, 8),
        xlabel="step",
        ylabel="distance from (0, 0)",
    )
    axes.legend(loc="upper left", ncols=1, borderaxespad=0.1)
    for cell in grid[-1]:
        cell.set_xlabel("x")
    for cell in grid[:, 0]:
        cell.set_ylabel("y", labelpad=1)
    return figure
