"""Does the held-out estimate follow the distance between whole images, or that between patches of them?

The paper asks of WGANs that succeed: every arm of ``wgan_gp`` is judged, whatever its rates, and a control asks whether
it learned. Its critic is a perceptron on nets `mlp*` (ELN25-C2) and convolutional on nets `dcgan*` (ELN25-C1).
"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import forest, names
from replication.figures.names import ARM
from replication.figures.results import Frames

TITLE = "Whole images or patches?"
CAPTION = (
    "Spearman's rank correlation between the held-out estimate and two exact Wasserstein distances over the "
    "checkpoints of a run: between as many generated and held-out images, and between one patch of each, a "
    "quarter of the image's side wide and high; mean over seeds with its 95 % interval. At 1 the estimate falls "
    "exactly when the distance does. A hollow mark has no interval, because too few seeds were run. The claims are "
    "decided by WGAN-GP."
)
PAPER_SHOWS = (
    "Tables of both distances for generators that can only choose among finitely many images: a convolutional critic "
    "makes the distance between patches small, a fully connected one that between images."
)
RUNS = ["@images/*"]

IMAGES, PATCHES = "whole images", "patches"
DISTANCES = {"w1_pixels": IMAGES, "w1_patches": PATCHES}
DECIDES = {"ELN25-C1": ("dcgan", PATCHES, IMAGES), "ELN25-C2": ("mlp", IMAGES, PATCHES)}


def data(frames: Frames) -> pd.DataFrame:
    """Of every seed the correlation of its held-out estimate with either distance."""
    each = forest.correlations(frames, list(DISTANCES))
    keys = [*ARM, "seed"]
    if each.empty:
        return pd.DataFrame(columns=[*keys, *DISTANCES.values(), "told_apart", "learned"])
    wide = each.pivot(index=keys, columns="quality", values="estimate_heldout")
    wide = wide.reindex(columns=list(DISTANCES)).rename(columns=DISTANCES)
    order = pd.MultiIndex.from_frame(each[keys].drop_duplicates())
    table = wide.loc[order].reset_index().merge(_told_apart(frames), on=keys)
    return forest.learned(table, frames)


def _told_apart(frames: Frames) -> pd.DataFrame:
    """Of every run whether the two distances order its checkpoints in two ways: columns `ARM`, seed, told_apart."""
    own = frames.quality[frames.quality["metric"].isin(DISTANCES)]
    keys = [*ARM, "seed"]
    wide = own.pivot(index=[*keys, "step"], columns="metric", values="value")
    ranks = wide.groupby(level=keys).rank()
    apart = ranks.diff(axis=1).iloc[:, -1].ne(0)
    return apart.groupby(level=keys).any().rename("told_apart").reset_index()


def draw(table: pd.DataFrame) -> Figure:
    """A row per arm, a mark per distance."""
    arms = names.arms_of(table)
    labels = {arm: names.arm_label(arm, arms) for arm in arms}
    columns = {"Spearman ρ of the held-out estimate with the exact W1": table}
    return forest.forest(columns, labels, [IMAGES, PATCHES])


def evidence(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """ELN25-C1 and ELN25-C2: by arm and seed, one correlation minus the other.

    A run in which both distances order the checkpoints alike cannot say which of them the estimate follows.
    """
    wgan = table[(table["method"] == "wgan_gp") & table["told_apart"].astype(bool)]
    found = {}
    for claim, (net, nearer, farther) in DECIDES.items():
        own = wgan[wgan["net"].str.startswith(net)]
        found[claim] = names.by_arm(own.assign(closer=own[nearer] - own[farther]), "closer")
    return found
