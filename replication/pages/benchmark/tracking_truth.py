"""How well each training signal orders the checkpoints of a run on points, where the distance is known exactly.

What stands for which claim was written down before any of these runs was made, but for the third line:

- WGAN is ``wgan_clip/decay_clip_0.1``. What a layer of n units can pass on is bounded by the clip times n: 0.1
  with 64 units is 6.4, the paper's 0.01 with 512 is 5.1, and 0.01 with 64 is 0.64, a critic that the paper
  did not train.
- GAN is ``gan_ns/decay``: where that paper says GAN, its generator minimises -log D.
- Ring and grid are judged apart, and in the plane a claim must hold on both. At first a seed's number was the mean over
  the two, in which correlations of opposite sign cancelled; the first results showed that they have one.
- The estimate is the one on held-out data, for both.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import forest, names, points
from replication.figures.names import ARM
from replication.figures.results import Frames

TITLE = "Tracking against the truth"
CAPTION = (
    "Points in the plane, of which the Wasserstein distance between samples and held-out data can be computed "
    "exactly. Spearman's rank correlation between a training signal and that distance over the checkpoints of a "
    "run: mean over seeds with its 95 % interval. At 1 the signal falls exactly when the distance does; at 0 it "
    "says nothing; below 0 it rises while the distance falls. All objectives have the same nets and learning rate. A "
    "hollow mark has no interval, because too few seeds were run. Seeds that diverged are left out. The claims of "
    "Arjovsky et al. 2017 are decided by WGAN with clip 0.1, whose layers can pass on as much as the paper's wider "
    "ones with 0.01, and the non-saturating GAN; each must hold on the ring and on the grid."
)
EXPLAINED = (
    "A loss is useful if it goes down exactly when the samples get better. Here we know how good they are, so we "
    "can count how often it does."
)
MIRRORS = "wgan2017:fig3, fig4 and fig8"
PAPER_SHOWS = (
    "Curves with sample sheets beside them: the critic's estimate falls as the samples of a WGAN improve; the "
    "Jensen-Shannon estimate of a GAN, and its generator's loss, rise or stay high whatever the samples look like."
)
RUNS = [
    "ring/points/*/decay", "ring/points/wgan_clip/decay_clip_0.1",
    "grid/points/*/decay", "grid/points/wgan_clip/decay_clip_0.1",
]  # fmt: skip

SIGNALS = ["estimate_heldout", "w_bound", "generator_loss", "critic_loss"]
DATASETS = ("ring", "grid")
WGAN, GAN = "points/wgan_clip/decay_clip_0.1", "points/gan_ns/decay"


def data(frames: Frames) -> pd.DataFrame:
    """The correlations of every seed with the exact W1, and its estimate at the last checkpoint (`last`)."""
    table = forest.correlations(frames, ["w1"])[[*ARM, "seed", *SIGNALS]]
    keys = [*ARM, "seed"]
    own = frames.curves.sort_values("step", kind="stable").drop_duplicates(keys, keep="last")
    last = own[[*keys, "estimate_heldout"]].rename(columns={"estimate_heldout": "last"})
    return table.merge(last, on=keys)


def draw(table: pd.DataFrame) -> Figure:
    """A row per arm, a mark per signal, a column per data set."""
    columns = {
        f"Spearman ρ with exact W1, {points.dataset_label(name).lower()}": own
        for name in DATASETS
        if len(own := table[table["dataset"] == name])
    }
    labels = {arm: points.label(arm) for arm in names.arms_of(table)}
    return forest.forest(columns, labels, SIGNALS)


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGAN17-C3 in the plane; WGAN17-C4a to C4c; WGAN17-C5: a part for the ring and one for the grid."""
    found: dict[str, list[float]] = {}
    for dataset in DATASETS:
        wgan, gan = (points.of(table, f"{dataset}/{arm}") for arm in (WGAN, GAN))
        estimates = wgan["estimate_heldout"], gan["estimate_heldout"]
        found |= {
            f"WGAN17-C3/{dataset}": estimates[0].tolist(),
            f"WGAN17-C4a/{dataset}": estimates[1].tolist(),
            f"WGAN17-C4c/{dataset}": points.difference(*estimates),
            f"WGAN17-C4b/{dataset}": gan["last"].tolist(),
            f"WGAN17-C5/{dataset}": gan["generator_loss"].tolist(),
        }
    return found
