"""Historical averaging on the paper's game of two variables, from twenty starts, with and without."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import palette, style
from replication.transport import games

TITLE = "A memory that stops the circling, slowly"
CAPTION = (
    "Value (f(x) − 1)(y − 1) with f(x) = x below 0 and x² above; x descends, y ascends, steps of "
    "0.01, equilibrium (1, 1). Twenty starts, uniform in [−2, 2]², each played with the historical "
    "term and without; its weight, of 0.03, 0.1, 0.3, 1 and 3, is the one with which most of twenty other starts "
    "arrive. Left: the first 3,000 steps from (0.5, 0.5). Right: distances from "
    "the equilibrium; the vertical line marks 20,000 steps, where the claim is decided, the "
    "horizontal one the distance 0.1 that counts as arrived. A line that ends early has gone beyond "
    "1,000."
)
EXPLAINED = (
    "Being drawn to the mean of its own past damps a player's swings, so the orbit shrinks onto the "
    "equilibrium. The longer the past, the weaker the next step counts, so the approach slows down as "
    "it goes on."
)
MIRRORS = "salimans2016:section 3.3"
PAPER_SHOWS = (
    "Section 3.3 (text only): with historical averaging, gradient descent finds the equilibrium of "
    "this game, and without it goes into extended orbits that do not approach it. Starts, steps and "
    "weight are not given."
)
TOPIC = "games"
PLACE = 2

ETA, STEPS, DECIDED, EVERY, STARTS = 0.01, 100_000, 20_000, 100, 20
NEAR = 0.1
FIRST, SEEN = (0.5, 0.5), 3_000  # the start whose path is drawn, and for how many steps
ARMS = ("with", "without")
#: The claim on each of them alone.
DECIDES = dict(zip(ARMS, ("IT16-C2a", "IT16-C2b"), strict=True))
#: The paper prints no weight. It is chosen on starts that decide nothing.
WEIGHTS = (0.03, 0.1, 0.3, 1.0, 3.0)
CHOOSING, DECIDING = 0, 100  # seeds of the starts


def data() -> pd.DataFrame:
    """Twenty starts in both arms at steps even on a logarithmic axis, and the first steps of one more, 0.

    ``weight``: of the historical term.
    """
    best = weight()
    chosen = {*(np.geomspace(1, STEPS // EVERY, 60).astype(int) * EVERY).tolist(), 0, DECIDED}
    one = _played(np.array([FIRST]), best, SEEN, every=10)
    many = _played(_starts(DECIDING), best, STEPS, EVERY).assign(start=lambda t: t["start"] + 1)
    table = pd.concat([one, many[many["step"].isin(chosen)]], ignore_index=True)
    return table.assign(distance=np.hypot(table["x"] - 1, table["y"] - 1))


def weight() -> float:
    """The weight with which most starts arrive that decide nothing; of several the largest."""
    starts, n = _starts(CHOOSING), len(WEIGHTS)
    _, paths = games.historical(
        np.tile(starts, (n, 1)), ETA, DECIDED, np.repeat(WEIGHTS, STARTS), DECIDED
    )
    near = np.hypot(*(paths[-1] - 1).T) < NEAR
    arrived = near.reshape(n, STARTS).sum(1)
    return max(zip(arrived, WEIGHTS, strict=True))[1]


def _starts(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-2, 2, (STARTS, 2))


def _played(starts: np.ndarray, best: float, steps: int, every: int) -> pd.DataFrame:
    """Both arms at once, in long form."""
    n, arms = len(starts), len(ARMS)
    weights = np.repeat([best, 0.0], n)
    kept, paths = games.historical(np.tile(starts, (arms, 1)), ETA, steps, weights, every)
    columns = {
        "arm": np.tile(np.repeat(ARMS, n), len(kept)),
        "start": np.tile(np.arange(n), arms * len(kept)),
        "weight": np.tile(weights, len(kept)),
        "step": np.repeat(kept, arms * n),
        "x": paths[:, :, 0].ravel(),
        "y": paths[:, :, 1].ravel(),
    }
    return pd.DataFrame(columns)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """IT16-C2c: for each of 20 starts, 1 where only averaging ends within 0.1 of (1, 1) after 20,000 steps, else 0.

    -1 would mean that only plain gradients do. ``IT16-C2a`` and ``IT16-C2b`` are the 0 or 1 of
    each start in one arm; the thresholds on their means are 0.9 and 0.1.
    """
    last = table[(table["step"] == DECIDED) & (table["start"] > 0)].sort_values("start")
    near = {arm: (last["distance"][last["arm"] == arm] < NEAR).to_numpy(float) for arm in ARMS}
    alone = {claim: near[arm].tolist() for arm, claim in DECIDES.items()}
    return alone | {"IT16-C2c": (near["with"] - near["without"]).tolist()}


def draw(table: pd.DataFrame) -> Figure:
    """One path of both kinds, and all distances."""
    colours = {"with": palette.NEUTRAL[0], "without": palette.NEUTRAL[1]}
    figure = style.figure(3.0)
    plane, distance = figure.subplots(1, 2, width_ratios=[1, 1.4])
    rates = evidence(table)
    for arm in reversed(ARMS):
        own = table[table["arm"] == arm]
        path = own[own["start"] == 0]
        plane.plot(path["x"], path["y"], color=colours[arm], linewidth=1.0)
        arrived = int(sum(rates[DECIDES[arm]]))
        end = own[(own["start"] > 0) & (own["step"] == STEPS)]
        summary = f"{arm} averaging: {arrived} of {STARTS} arrived, {(end['distance'] < NEAR).sum()} by the end"
        for start, line in own[own["start"] > 0].groupby("start"):
            shown = line[(line["step"] > 0) & (line["distance"] < 1000)].sort_values("step")
            label = summary if start == 1 else None
            distance.plot(
                shown["step"],
                shown["distance"],
                color=colours[arm],
                linewidth=0.7,
                alpha=0.8,
                label=label,
            )
    plane.plot(1, 1, "+", color=style.INK, markersize=9, zorder=4)
    plane.plot(*FIRST, "o", color=style.INK, markersize=4)
    plane.set(xlabel="x", ylabel="y")
    looks: dict[str, Any] = {"color": style.INK, "linewidth": 0.8, "linestyle": style.DASHES[1]}
    distance.axvline(DECIDED, **looks)
    distance.axhline(NEAR, **looks)
    distance.set(xscale="log", yscale="log", xlabel="step", ylabel="distance from (1, 1)", xlim=(100, STEPS),
                 ylim=(0.01, 3e4))  # fmt: skip
    figure.legend(*distance.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure
