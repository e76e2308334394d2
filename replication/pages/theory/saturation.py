"""How strongly each generator's loss pulls on a sample, by the score the critic gives it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication.figures import marks, names, style
from replication.transport import objectives

TITLE = "Who still pulls on a sample that fools nobody?"
CAPTION = (
    "The loss of one generated sample (left) and the size of its slope (right), by the score s that "
    "the critic gives it; D = sigmoid(s) in the two GANs. Far left, the critic is sure that the "
    "sample is generated. LSGAN's score is trained towards 0 and 1, and the vertical line at 1 is its "
    "target; the hinge loss of SN-GAN, and EBGAN with s = −energy, pull like the critic of a WGAN."
)
EXPLAINED = (
    "A generator learns by the slope of its loss. When the discriminator is sure, log(1 − D) is flat, "
    "so the worst samples learn least; −log D, least squares and a critic without sigmoid keep "
    "pulling on them."
)
MIRRORS = "goodfellow2014:section 3"
PAPER_SHOWS = (
    "Section 3 says that log(1 - D(G(z))) saturates early in learning and that maximising log D(G(z)) "
    "gives much stronger gradients; lecture slides plot both."
)
TOPIC = "failures"
PLACE = 1

FORMULAS = {
    "gan_minimax": "GAN (minimax): log(1 − D)",
    "gan_ns": "GAN (non-saturating): −log D",
    "lsgan": "LSGAN: ½(s − 1)²",
    "wgan_clip": "WGAN: −s",
}


def data() -> pd.DataFrame:
    """Loss and absolute slope of every generator loss at scores from -10 to 10."""
    s = np.linspace(-10, 10, 401)
    tables = [
        pd.DataFrame({"method": name, "score": s, "loss": loss(s), "slope": np.abs(slope(s))})
        for name, (loss, slope) in objectives.GENERATOR_LOSSES.items()
    ]
    return pd.concat(tables, ignore_index=True)


def draw(table: pd.DataFrame) -> Figure:
    """Losses and their slopes, one colour per method."""
    figure = style.figure(2.6)
    left, right = figure.subplots(1, 2)
    for name, formula in FORMULAS.items():
        own = table[table["method"] == name]
        looks = {"color": names.colour(name), "label": formula, "linewidth": 1.7}
        left.plot(own["score"], own["loss"], **looks)
        right.plot(own["score"], own["slope"].where(own["slope"] > 0), **looks)
    left.set(ylim=(-11, 21), ylabel="loss of a sample")
    right.set(yscale="log", ylim=(3e-5, 20), ylabel="|slope| of the loss")
    for axes in (left, right):
        axes.axvline(1, color=style.MUTED, linewidth=0.7, linestyle=style.DASHES[2])
        axes.set(xlim=(-10, 10), xticks=range(-10, 11, 5), xlabel="score s of a generated sample")
    marks.note(right, "← surely generated", (0.03, 0.09), color=style.MUTED)
    marks.note(right, "surely real →", (0.97, 0.09), color=style.MUTED, ha="right")
    figure.legend(*left.get_legend_handles_labels(), loc="outside upper center", ncols=4)
    return figure
