"""On images: the estimate of every arm that learned, beside a clock and other signals.

Which arms decide the claim on WGAN was fixed by rule, not by what they show: those on convolutional nets, as the
paper's are, each by itself.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import forest, names
from replication.figures.names import ARM
from replication.figures.results import Frames
from replication.pages.can_i_read_my_loss import _signals

TITLE = "On images: does the estimate say more than a clock?"
CAPTION = (
    "Spearman’s rank correlation of a signal with FID over the checkpoints of a run; given the step, as partial "
    "correlation; and over the checkpoints after FID has gone half of its way, where a clock knows little. Mean "
    "over seeds with its 95 % interval. At 1 the signal falls exactly when samples get better; grey: 0.7 and "
    "more. The estimate is the critic’s own, on held-out images, before the generator’s step: Ŵ, JS, χ², TV or an"
    " energy gap, by method. The copied critic is trained on for 100 steps. The independent critic is trained "
    "afresh, at every third checkpoint. KID, which scores the same samples a second time, stands for the ceiling, "
    "since FID was not measured on halves of the samples. Arms are sorted by their estimate over the whole run; the "
    "csv has more signals: the losses, the score gap over K and the exact W1 of batches of pixels. Arms whose FID "
    "went less than 80 % of its way to that of real images are left out, unless none went so far."
)
RUNS = ["@images/*"]

QUALITY = "fid"


def data(frames: Frames) -> pd.DataFrame:
    """Every signal of every seed, and whether its arm learned."""
    return forest.learned(_signals.followed(frames, QUALITY), frames)


def draw(table: pd.DataFrame) -> Figure:
    """A block per data set, a row per arm that learned; of all where none did."""
    shown = table[table["learned"]] if table["learned"].any() else table
    arms = names.arms_of(shown)
    groups = {names.dataset_label(str(dataset)): own for dataset, own in shown.groupby("dataset")}
    return _signals.draw(groups, {arm: names.arm_label(arm, arms) for arm in arms})


def evidence(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """WGAN17-C3, part fid: by arm and seed, ρ of the estimate with FID."""
    own = table[(table["method"] == "wgan_clip") & table["net"].str.startswith("dcgan")]
    own = own[own["signal"] == _signals.ESTIMATE]
    return {"WGAN17-C3/fid": names.by_arm(own[[*ARM, "seed", "spearman"]], "spearman")}
