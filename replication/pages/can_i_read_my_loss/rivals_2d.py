"""On points, where the distance is known exactly: the estimate of every arm beside a clock and other signals.

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

from replication.figures import names, points
from replication.figures.results import Frames
from replication.pages.can_i_read_my_loss import _signals

TITLE = "In 2-D, against the exact distance: does the estimate say more than a clock?"
CAPTION = (
    "Spearman’s rank correlation of a signal with the exact Wasserstein distance between samples and held-out points,"
    " over the checkpoints of a run; given the step, as partial correlation; and after the distance has gone half of "
    "its way. Mean over seeds with its 95 % interval; grey: 0.7 and more. Same nets for all objectives, and learning "
    "rates that fall to 0, from half as much where a clip or a λ is named. The estimate is the critic’s own, on "
    "held-out points, before the generator’s step; the copied critic is trained on for 100 steps. Arms are sorted by "
    "their estimate over the whole run; the csv has more signals. The claims of Arjovsky et al. 2017 are decided by "
    "WGAN with clip 0.1, whose layers can pass on as much as the paper’s wider ones with 0.01, and by the "
    "non-saturating GAN; each must hold on the ring and on the grid."
)
MIRRORS = "wgan2017:fig3, fig4 and fig8"
PAPER_SHOWS = (
    "Curves with sample sheets beside them: the critic's estimate falls as the samples of a WGAN improve; the "
    "Jensen-Shannon estimate of a GAN, and its generator's loss, rise or stay high whatever the samples look "
    "like."
)
RUNS = [
    "ring/points/*/decay", "ring/points/wgan_clip/decay_clip_0.1",
    "ring/points/wgan_gp/decay_lambda_0.1",
    "grid/points/*/decay", "grid/points/wgan_clip/decay_clip_0.1",
    "grid/points/wgan_gp/decay_lambda_10",
]  # fmt: skip

DATASETS = ("ring", "grid")
WGAN, GAN = "points/wgan_clip/decay_clip_0.1", "points/gan_ns/decay"


def data(frames: Frames) -> pd.DataFrame:
    """Every signal of every seed, and its run's estimate at the last checkpoint (``last``)."""
    return _signals.ended(_signals.followed(frames, "w1"), frames)


def draw(table: pd.DataFrame) -> Figure:
    """A block per data set, a row per arm."""
    labels = {arm: points.label(arm) for arm in names.arms_of(table)}
    groups = {
        names.dataset_label(name): own
        for name in DATASETS
        if len(own := table[table["dataset"] == name])
    }
    return _signals.draw(groups, labels, (*_signals.MAIN, "generator_loss"))


def evidence(table: pd.DataFrame) -> dict[str, list[float]]:
    """WGAN17-C3 in the plane; WGAN17-C4a to C4c; WGAN17-C5: a part for the ring and one for the grid."""
    found: dict[str, list[float]] = {}
    for dataset in DATASETS:
        wgan, gan = (points.of(table, f"{dataset}/{arm}") for arm in (WGAN, GAN))
        estimates = [one[one["signal"] == _signals.ESTIMATE] for one in (wgan, gan)]
        loss = gan[gan["signal"] == "generator_loss"]
        rho = [one["spearman"] for one in estimates]
        found |= {
            f"WGAN17-C3/{dataset}": rho[0].tolist(),
            f"WGAN17-C4a/{dataset}": rho[1].tolist(),
            f"WGAN17-C4c/{dataset}": points.difference(*rho),
            f"WGAN17-C4b/{dataset}": estimates[1]["last"].tolist(),
            f"WGAN17-C5/{dataset}": loss["spearman"].tolist(),
        }
    return found
