"""On images: the estimate of every arm that learned, beside a clock and other signals.

Which arms decide the claims of Arjovsky et al. 2017 was fixed by rule, not by what they show: those on convolutional
nets, as the paper's are, each by itself.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from replication.figures import forest, names
from replication.figures.results import Frames
from replication.pages.can_i_read_my_loss import _signals
from replication.plan.study import AND

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
#: The methods that Arjovsky et al. 2017 compare; where they say GAN, its generator minimises -log D.
WGAN, GAN = "wgan_clip", "gan_ns"


def data(frames: Frames) -> pd.DataFrame:
    """Every signal of every seed, its run's estimate at the last checkpoint (``last``), and whether its arm learned."""
    table = _signals.ended(_signals.followed(frames, QUALITY), frames)
    return forest.learned(table, frames)


def draw(table: pd.DataFrame) -> Figure:
    """A block per data set, a row per arm that learned; of all where none did."""
    shown = table[table["learned"]] if table["learned"].any() else table
    arms = names.arms_of(shown)
    groups = {names.dataset_label(str(dataset)): own for dataset, own in shown.groupby("dataset")}
    return _signals.draw(groups, {arm: names.arm_label(arm, arms) for arm in arms})


def evidence(table: pd.DataFrame) -> dict[str, dict[str, list[float]]]:
    """WGAN17-C3 to C5, part fid: by arm and seed, ρ with FID; of C4b the estimate at the last checkpoint.

    C3: of WGAN's estimate. C4a: of a GAN's. C4c: the first minus the second, by pair of arms on one data set and net
    with one recipe. C5: of a GAN's generator loss.
    """
    own = table[table["net"].str.startswith("dcgan")]
    estimate, loss = (own[own["signal"] == s] for s in (_signals.ESTIMATE, "generator_loss"))
    wgan, gan, losses = (
        rows[rows["method"] == m] for rows, m in ((estimate, WGAN), (estimate, GAN), (loss, GAN))
    )
    return {
        "WGAN17-C3/fid": names.by_arm(wgan, "spearman"),
        "WGAN17-C4a/fid": names.by_arm(gan, "spearman"),
        "WGAN17-C4b/fid": names.by_arm(gan, "last"),
        "WGAN17-C4c/fid": _differences(estimate),
        "WGAN17-C5/fid": names.by_arm(losses, "spearman"),
    }


def _differences(estimate: pd.DataFrame) -> dict[str, list[float]]:
    """WGAN's ρ minus a GAN's, of every pair of arms that both finished, by seed."""
    shared = ["dataset", "net", "variant"]
    wide = estimate.pivot(index=[*shared, "seed"], columns="method", values="spearman")
    wide = wide.reindex(columns=[WGAN, GAN]).dropna()
    return {
        AND.join(f"{dataset}/{net}/{method}/{variant}" for method in (WGAN, GAN)): (
            own[WGAN] - own[GAN]
        ).tolist()
        for (dataset, net, variant), own in wide.groupby(shared)
    }
