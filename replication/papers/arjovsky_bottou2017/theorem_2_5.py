"""What a generator with -log D follows: the gradient of KL, less twice that of JS."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import marks, style
from replication.transport import divergences, objectives

TITLE = "With −log D the generator lowers KL and raises JS"
CAPTION = (
    "Data N(0, 1), generator N(θ, 1.2²), the best discriminator held fixed. Dots: the generator's "
    "gradient of −log D by θ. Line: the gradient of KL(P_g‖P_r) − 2 JS, by central differences of the "
    "divergences themselves. Its two parts are drawn apart: the second is subtracted, so it pushes "
    "the generator away from the data."
)
EXPLAINED = (
    "Training with −log D makes KL(P_g‖P_r) smaller and JS larger at the same time, two wishes that "
    "contradict each other. KL wins here, but this KL barely punishes missing parts of the data, "
    "which is one way into mode collapse."
)
MIRRORS = "arjovsky_bottou2017:Theorem 2.5"
PAPER_SHOWS = (
    "Theorem 2.5: E[-∇ log D*(g(z))] = ∇ [KL(P_g‖P_r) - 2 JS(P_g‖P_r)], with D* held fixed."
)
TOPIC = "failures"
PLACE = 3

SD = 1.2
STEP = 1e-3


def data() -> pd.DataFrame:
    """Both sides of the identity and the two parts of the right side, by theta."""
    x = divergences.line()
    p = divergences.masses(x)

    def slope(distance: str, theta: float) -> float:
        """Derivative by theta, by a five-point difference (error of order STEP^4)."""
        values = {
            k: _distance(distance, divergences.masses(x, theta + k * STEP, SD), p)
            for k in (-2, -1, 1, 2)
        }
        return (values[-2] - 8 * values[-1] + 8 * values[1] - values[2]) / (12 * STEP)

    rows = []
    for theta in np.linspace(0.25, 4, 16):
        kl, js = slope("kl", theta), slope("js", theta)
        left = objectives.pull_of_optimal_discriminator(x, theta, SD)
        rows.append(
            {
                "theta": theta,
                "gradient": left,
                "kl": kl,
                "minus_2_js": -2 * js,
                "identity": kl - 2 * js,
            }
        )
    table = pd.DataFrame(rows)
    error = (table["gradient"] / table["identity"] - 1).abs()
    return table.assign(
        relative_error=error.round(10)
    )  # what is smaller is rounding, which no two processors share


def _distance(name: str, q: np.ndarray, p: np.ndarray) -> float:
    return divergences.kl(q, p) if name == "kl" else divergences.js(q, p)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """AB17-C4: the largest relative error of the identity over all theta, threshold 1e-3."""
    return {"AB17-C4": [float(table["relative_error"].max())]}


def draw(table: pd.DataFrame) -> Figure:
    """The identity, and its two parts."""
    figure = style.figure(2.5)
    left, right = figure.subplots(1, 2)
    left.plot(table["theta"], table["identity"], color=style.INK, label="∇ [KL − 2 JS]")
    left.plot(
        table["theta"], table["gradient"], "o", color=marks.FAKE, markersize=4, label="E[−∇ log D*]"
    )
    left.set_title("both sides of the identity")
    right.plot(
        table["theta"],
        table["kl"],
        color=marks.COLOURS["KL"],
        label="∇ KL(P_g‖P_r): towards the data",
    )
    right.plot(
        table["theta"],
        table["minus_2_js"],
        color=marks.COLOURS["JS"],
        label="−2 ∇ JS: away from the data",
    )
    right.plot(table["theta"], table["identity"], color=style.INK, label="their sum")
    right.axhline(0, color=style.MUTED, linewidth=0.7)
    right.set_title("its parts pull against each other")
    for axes in (left, right):
        axes.set(xlabel="θ, the generator's mean", xlim=(0, 4.1))
        axes.legend(loc="upper left")
    left.set_ylabel("gradient by θ")
    left.set_ylim(0, None)
    return figure
