"""How well each training signal orders the checkpoints of a run by quality, with intervals.

Which arm stands for WGAN was fixed by rule, not by what it shows: the one with the paper's own recipe, on
every data set and net of the profile; the one where it correlates least counts, so that opposite signs do
not cancel. The variant that learns more within the budget is in the figure too.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import forest, names
from replication.figures.results import Frames

TITLE = "Which training signal can be read as progress?"
CAPTION = (
    "Spearman's rank correlation between a training signal and quality over the checkpoints of a run: mean "
    "over seeds with its 95 % interval. At 1 the signal falls exactly when samples get better; at 0 it "
    "says nothing; below 0 it rises while samples get better. A hollow mark has no interval, because too "
    "few seeds were run. The claim of Arjovsky et al. 2017 that the estimate falls as samples improve is "
    "tested here with their recipe against FID; its tests in 2-D, against the exact distance, have a verdict of "
    "their own."
)
RUNS = ["@images/*"]
FRONT = 3

METRICS = ("fid", "w1_pixels")


def data(frames: Frames) -> pd.DataFrame:
    """The correlations of every seed with FID and exact W1."""
    return forest.learned(forest.correlations(frames, frames.metrics(*METRICS)), frames)


def draw(table: pd.DataFrame) -> Figure:
    """A row per arm, a mark per signal, a column per metric."""
    arms = names.arms_of(table)
    labels = {arm: names.arm_label(arm, arms) for arm in arms}
    signals = [s for s in names.ESTIMATES if table[s].notna().any()]
    return forest.forest(forest.by_quality(table, METRICS), labels, signals)


def evidence(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """WGAN17-C3, part fid: by arm and seed, ρ of the held-out estimate with FID."""
    clipped = table[(table["method"] == "wgan_clip") & table["net"].str.startswith("dcgan")]
    own = clipped[names.stems(clipped["quality"]) == "fid"]
    return {"WGAN17-C3/fid": names.by_arm(own, "estimate_heldout")}
