"""The penalised critic's estimate while training, on images it learns from and on others."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.analysis.statistics import spearman
from replication.analysis.tracking import finished
from replication.figures import forest, names, seeds, style
from replication.figures.names import ARM
from replication.figures.results import Frames

TITLE = "Does the penalised critic's loss fall with quality?"
CAPTION = (
    "WGAN-GP, a row per data set, net and recipe; those on convolutional nets are judged, each by itself. Left: minus "
    "the critic's loss without the penalty, on training images (thin) and on held-out ones (thick). Right: FID at the "
    "checkpoints. Line: mean over seeds. Band: from the lowest to the highest seed. Grey dashes: real training images. "
    "Seeds that diverged are left out."
)
MIRRORS = "wgan_gp2017:fig5a"
PAPER_SHOWS = (
    "On LSUN bedrooms minus the critic's loss falls from about 50 towards 0 over 40,000 generator steps, the "
    "same on training and on validation images."
)
RUNS = ["@images/*/wgan_gp/*"]

ESTIMATES = {"estimate_train": 0.7, "estimate_heldout": 1.7}


def data(frames: Frames) -> pd.DataFrame:
    """Both estimates at every logged step of every seed that finished, and FID where it was measured.

    On every row ``metric``, what FID was measured as on the data set, and ``real``, that of real training images.
    """
    keys = [*ARM, "seed", "step"]
    fid = frames.quality[frames.quality["metric"].isin(frames.metrics("fid"))]
    ids = dict(zip(fid["dataset"], fid["metric"], strict=True))
    fid = fid[[*keys, "value"]].rename(columns={"value": "fid"})
    curves = finished(frames.runs, frames.curves)[[*keys, *ESTIMATES]]
    table = curves.merge(fid, on=keys, how="left").sort_values(keys, ignore_index=True)
    metric = [ids.get(dataset, "fid") for dataset in table["dataset"]]
    real = [frames.real(d, m) for d, m in zip(table["dataset"], metric, strict=True)]
    return forest.learned(table.assign(metric=metric, real=real), frames)


def draw(table: pd.DataFrame) -> Figure:
    """A row per data set, net and recipe: the estimates, and FID."""
    arms = names.arms_of(table)
    figure = style.figure(0.3 + 1.9 * max(1, len(arms)))
    grid = figure.subplots(max(1, len(arms)), 2, squeeze=False)
    for (left, right), arm in zip(grid, arms, strict=False):
        own = names.rows_of(table, arm)
        colour = names.colour(arm.method)
        for estimate, width in ESTIMATES.items():
            seeds.course(left, own, estimate, colour, linewidth=width)
        recipe = "own recipe" if arm.variant == names.PLAIN else names.words(arm.variant)
        left.set_title(f"{names.dataset_label(arm.dataset)}, {names.words(arm.net)}, {recipe}")
        left.set_ylabel(f"estimate ({names.estimate(arm.method)['unit']})")
        seeds.course(right, own.dropna(subset="fid"), "fid", colour, linewidth=1.7)
        real = own["real"].iloc[0]
        right.axhline(real, color=style.MUTED, linestyle=(0, (3, 2)), linewidth=1)
        style.log(right.yaxis)
        right.set_ylabel(names.metric(own["metric"].iloc[0]).title)
        left.set_xlim(left=0)
        right.set_xlim(left=0)
    for axes in grid[-1]:
        axes.set_xlabel("generator steps")
    return figure


def evidence(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """WGP17-C7a, C7b: by arm and seed, how the training estimate follows the step, the held-out one FID."""
    found = followed(table[table["net"].str.startswith("dcgan")])
    return {
        "WGP17-C7a": names.by_arm(found, "falls"),
        "WGP17-C7b": names.by_arm(found, "quality"),
    }


def followed(table: pd.DataFrame) -> pd.DataFrame:
    """By arm and seed ρ of training estimate and step, ``falls``, and of held-out estimate and FID, ``quality``."""
    rows = []
    for key, own in table.groupby([*ARM, "seed"]):
        measured = own.dropna(subset="fid")
        falls = spearman(own["estimate_train"], own["step"])
        rows.append((*key, falls, spearman(measured["estimate_heldout"], measured["fid"])))
    return pd.DataFrame(rows, columns=[*ARM, "seed", "falls", "quality"])
