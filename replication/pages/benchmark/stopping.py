"""What it costs to choose a checkpoint by a training signal, and whether signal and quality move the same way."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import forest, names
from replication.figures.results import Frames

TITLE = "Stopping by the loss"
CAPTION = (
    "Left: FID of the checkpoint at which a training signal is lowest, above that of the run's best checkpoint, in "
    "percent of the best; grey line: no loss. Right: share of the steps between neighbouring checkpoints in which "
    "signal and FID move the same way; grey line: a coin. Mean over seeds with its 95 % interval; a hollow mark has "
    "no interval, because too few seeds were run. Note that the best checkpoint is known only afterwards."
)
RUNS = ["@images/*"]

LOST, SAME = "FID lost (%)", "steps the same way (%)"
SCALES = {
    LOST: forest.Scale(0.0),
    SAME: forest.Scale(50.0, (0.0, 100.0), (0, 25, 50, 75, 100), (0.0, 100.0)),
}


def data(frames: Frames) -> pd.DataFrame:
    """Of every seed and signal: FID lost and share of steps the same way, in percent."""
    parts = []
    for what, statistic in ((LOST, "lost"), (SAME, "same_way")):
        table = forest.correlations(frames, frames.metrics("fid"), statistic)
        signals = [s for s in names.ESTIMATES if s in table]
        table[signals] *= 100
        parts.append(table.assign(what=what))
    return pd.concat(parts, ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """A row per arm, a mark per signal."""
    arms = names.arms_of(table)
    labels = {arm: names.arm_label(arm, arms) for arm in arms}
    signals = [s for s in names.ESTIMATES if s in table and table[s].notna().any()]
    columns = {what: table[table["what"] == what] for what in (LOST, SAME)}
    return forest.forest(columns, labels, signals, SCALES)
