"""The convolutional nets of Miyato et al. 2018 (appendix B.4, Table 3)."""

from __future__ import annotations

from itertools import pairwise

from torch import nn

from replication.nets import _layers as layers
from replication.nets._convolutions import Conv2d, Upsample2x
from replication.nets._critic import Chain, Critic
from replication.nets._layers import Settings
from replication.nets._rectifier import Rectifier
from replication.nets.dcgan import Features, Fold, Head, Project, Unfold, plan

LABEL = "CNN of Miyato et al."
#: `width`: channels at the finest inner resolution; they double inwards.
SETTINGS = {"z_dim": 128, "width": 64, "generator_norm": "batch", "critic_norm": "none"}
INIT = "normal_0.02"
TAKES = ["images"]
SIDES = [28, 32, 48, 64]
ROLES = ["generator", "critic"]
OFFERS = ["features"]
Shape = tuple[int, int, int]


def generator(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """z [seeds, batch, z_dim] to images [seeds, batch, C, H, W] in (-1, 1).

    A last convolution keeps the side. The dense layer is normalised and rectified, as in the authors' collection
    of code; the table leaves that open.
    """
    side, channels = _plan(shape, settings["width"])
    grow: list[nn.Module] = []
    for inputs, outputs in pairwise(channels):
        grow += [
            Upsample2x(seeds, inputs, outputs, bias=layers.needs_bias(norm)),
            *layers.norm(norm, seeds, outputs, running=True),
            Rectifier(),
        ]
    return Chain(
        Project(seeds, settings["z_dim"], channels[0], side),
        *layers.norm(norm, seeds, channels[0], running=True),
        Rectifier(),
        *grow,
        Conv2d(seeds, channels[-1], shape[0], 3, 1),
        Unfold(seeds),
    )


def critic(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """Images to scores [seeds, batch].

    For each halving a convolution that keeps the side and one that halves it, of as many channels (in the authors'
    code the second has twice as many); then one that keeps it. The first has no normalisation.
    """
    side, channels = _plan(shape, settings["width"])
    outward = channels[::-1]
    steps = [(n, size) for n in outward[:-1] for size in ((3, 1), (4, 2))] + [(outward[-1], (3, 1))]
    body: list[nn.Module] = [Fold()]
    inputs = shape[0]
    for i, (outputs, (kernel, stride)) in enumerate(steps):
        kind = norm if i else "none"
        body += [
            Conv2d(seeds, inputs, outputs, kernel, stride, bias=layers.needs_bias(kind)),
            *layers.norm(kind, seeds, outputs, running=False),
            Rectifier(0.1),
        ]
        inputs = outputs
    width = inputs * side**2
    return Critic([*body, Features(seeds)], [Head(seeds, width)], width)


def _plan(shape: Shape, width: int) -> tuple[int, list[int]]:
    """Side of the innermost block, and channels at every resolution from the inside out."""
    side, channels = plan(shape, width)
    return side, [2 * channels[0], *channels]
