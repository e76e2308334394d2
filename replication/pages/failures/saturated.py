"""Saturation: the run whose generator keeps the smallest part of its gradient."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.analysis.tracking import finished
from replication.figures import names, style
from replication.figures.results import Frames
from replication.pages.failures import _cases

TITLE = "Saturation: the generator hears nothing"
CAPTION = (
    "Of all finished runs, the one whose generator’s gradient shrinks most: the median norm over the last quarter of "
    "the logged steps as a share of the largest norm before. Left: the norm, other seeds of the same arm in grey. "
    "Right: the distance to the data over the same steps, FID on images and the exact W1 on points, which tells "
    "saturation (still far) from convergence (near)."
)
RUNS = ["*"]
CASE = {
    "measure": "what is left of the generator’s gradient norm",
    "shown": "at most",
    "limit": 0.05,
}
LOOKS = (
    "The critic’s loss settles early at its best value, samples stop changing while they are still bad, and the norm "
    "of the generator’s gradient falls by orders of magnitude."
)
TRY = [
    "Take the non-saturating loss in place of the minimax one.",
    "Hold the discriminator back: fewer steps, a lower rate, noise on its input, or labels that are less than sure.",
    "Take a critic whose slope is bounded (gradient penalty, spectral normalisation): it cannot be flat where samples "
    "are far off.",
    "With weight clipping, widen the clip or take a shallower critic: each layer shrinks the gradient that passes it.",
    "Log the gradient’s norm. A small gradient with good samples is no fault.",
]


def data(frames: Frames) -> pd.DataFrame:
    """The generator's gradient norm at every logged step of the arm, and the distance at its checkpoints."""
    curves = finished(frames.runs, frames.curves)
    if not len(curves):
        return _cases.nothing()
    table = curves[[*_cases.KEY, "step", "generator_grad_norm"]].sort_values([*_cases.KEY, "step"])
    scores = table.groupby(_cases.KEY)["generator_grad_norm"].apply(left_over)
    if (key := _cases.extreme(scores, str(CASE["shown"]))) is None:
        return _cases.nothing()
    both = table.merge(_cases.badness(frames), on=[*_cases.KEY, "step"], how="left")
    return _cases.course(both, key, scores[key])


def left_over(norms: pd.Series) -> float:
    """The median of the last quarter over the largest of the rest; NaN where there is none, or one is not finite."""
    values = norms.to_numpy(dtype=float)
    first = len(values) - max(1, len(values) // 4)
    if first < 1 or not np.isfinite(values).all() or values[:first].max() <= 0:
        return float("nan")
    return float(np.median(values[first:]) / values[:first].max())


def draw(table: pd.DataFrame) -> Figure:
    """The norm over steps, and the distance to the data."""
    figure = style.figure(2.5)
    left, right = figure.subplots(1, 2)
    _cases.lines(left, table, "generator_grad_norm", "norm of the generator’s gradient")
    style.log(left.yaxis, plain=False)
    measured = table.dropna(subset="value")
    if len(measured):
        title = f"distance to the data: {names.metric(measured['metric'].iloc[0]).title}"
        _cases.lines(right, measured, "value", title)
    return figure
