"""How well distances that need no critic of the run follow quality, beside the critic's own estimate."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import forest, names
from replication.figures.results import Frames
from replication.metrics._base import outside

TITLE = "Would a better critic help?"
CAPTION = (
    "Spearman's rank correlation with FID and with the inception score over the checkpoints of a run, of the critic's "
    "own held-out estimate and of distances measured from outside: by a critic that is trained from scratch on the "
    "frozen generator, at every third checkpoint, and by exact transport between minibatches, of whole images and of "
    "patches. Mean over seeds with its 95 % interval; at 1 the distance falls exactly when samples get better. A "
    "hollow mark has no interval, because too few seeds were run."
)
RUNS = ["@images/*"]
FRONT = 4

METRICS = ("fid", "inception_score")
OWN = "estimate_heldout"


def data(frames: Frames) -> pd.DataFrame:
    """The correlations of every seed."""
    measured = set(frames.quality["metric"])
    signals = [OWN, *(m for m in outside() if m in measured)]
    return forest.correlations(frames, frames.metrics(*METRICS), signals=signals)


def draw(table: pd.DataFrame) -> Figure:
    """A row per arm, a mark per distance, a column per metric."""
    arms = names.arms_of(table)
    labels = {arm: names.arm_label(arm, arms) for arm in arms}
    signals = [s for s in (OWN, *outside()) if s in table]
    return forest.forest(forest.by_quality(table, METRICS), labels, signals)
