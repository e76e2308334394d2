"""A generator that walks onto the data: W sees it come, JS does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import marks, style
from replication.transport import divergences, plans

TITLE = "JS stays at log 2 while W falls"
CAPTION = (
    "A generator's samples (orange) bend and move from a line onto the data (grey) in 100 equal "
    "steps. Top: before, half-way, arrived, with the best plan between the two. Bottom: W falls at "
    "every step; JS is log 2 until the supports coincide, and then 0."
)
EXPLAINED = (
    "Half-way is much better than the start, but JS calls both equally bad because the two curves "
    "share no point. A generator that follows JS gets no reward for the first 99 steps; one that "
    "follows W gets it at each step."
)
PAPER_SHOWS = (
    "Lecture notes draw P_G0, P_G50 and P_G100 beside P_data with JS = log 2, log 2, 0 and W = d0 > "
    "d50 > 0."
)
TOPIC = "divergences"
PLACE = 3

POINTS, STEPS = 24, 100
#: The steps that are shown: before, half-way, arrived.
STAGES = (0, STEPS // 2, STEPS)


def curves(step: int) -> tuple[np.ndarray, np.ndarray]:
    """The data and the generator's samples after `step` steps, [24, 2] each."""
    along = np.linspace(0, 1, POINTS)
    turn = (0.1 + 0.8 * along) * np.pi
    data = np.column_stack([1.2 - 1.2 * np.cos(turn), 0.2 + np.sin(turn)])
    start = np.column_stack([-3.0 + 0.7 * along, -0.6 + 1.7 * along])
    share = step / STEPS
    return data, data if step == STEPS else (1 - share) * start + share * data


def data() -> pd.DataFrame:
    """Both distances at every step of the walk; at `STAGES` ``picture``: data, samples, and those each is moved to."""
    rows = []
    for step in range(STEPS + 1):
        real, fake = curves(step)
        even = np.full(POINTS, 1 / POINTS)
        _, p, q = divergences.on_common_places(real, fake)
        cost = plans.distances(real, fake)
        w = plans.wasserstein(even, even, cost)
        picture = None
        if step in STAGES:
            partners = fake[plans.best_plan(even, even, cost).argmax(1)]
            picture = np.stack([real, fake, partners])
        rows.append({"step": step, "W": w, "JS": divergences.js(p, q), "picture": picture})
    return pd.DataFrame(rows)


def draw(table: pd.DataFrame) -> Figure:
    """Three stages above the two distances."""
    figure = style.figure(3.5)
    grid: Any = figure.add_gridspec(2, 3, height_ratios=[1, 1.15])
    for i, step in enumerate(STAGES):
        axes = figure.add_subplot(grid[0, i])
        at = table[table["step"] == step].iloc[0]
        _stage(axes, *at["picture"])
        axes.set_title(f"step {step}:  W {at['W']:.2f},  JS {at['JS']:.3f}")
    below = figure.add_subplot(grid[1, :])
    before = table[table["step"] < STEPS]
    below.plot(table["step"], table["W"], color=marks.COLOURS["W"], linewidth=1.8)
    below.plot(before["step"], before["JS"], color=marks.COLOURS["JS"], linewidth=1.8)
    below.plot(STEPS, 0, "o", color=marks.COLOURS["JS"], markersize=4.5, clip_on=False, zorder=4)
    below.text(6, float(table["W"][6]) + 0.1, "W", color=marks.COLOURS["W"])
    below.text(6, divergences.LOG2 + 0.1, "JS = log 2", color=marks.COLOURS["JS"])
    below.annotate("JS = 0", (STEPS, 0), xytext=(-70, 6), textcoords="offset points", ha="right",
                   color=marks.COLOURS["JS"])  # fmt: skip
    below.set(xlim=(0, STEPS), ylim=(0, None), xlabel="step of the walk", ylabel="W;  JS in nats")
    return figure


def _stage(axes: Any, real: np.ndarray, fake: np.ndarray, partners: np.ndarray) -> None:
    for a, b in zip(real, partners, strict=True):
        axes.plot(*zip(a, b, strict=True), color=marks.COLOURS["W"], linewidth=0.5, alpha=0.8)
    axes.plot(*real.T, "o", color=marks.REAL, markersize=3.5)
    axes.plot(*fake.T, "o", color=marks.FAKE, markersize=2.2)
    axes.set(xlim=(-3.4, 2.8), ylim=(-0.9, 1.5), xticks=[], yticks=[])
    axes.grid(False)
