"""The residual nets of 101 layers of Gulrajani et al. 2017 (figure 2; authors' code, gan_64x64)."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from replication.nets import _convolutions
from replication.nets import _layers as layers
from replication.nets._critic import Chain, Critic
from replication.nets._glorot import Conv2d, Deconv2d
from replication.nets._layers import Settings
from replication.nets._rectifier import Rectifier
from replication.nets._residual import Sum
from replication.nets.dcgan import Features, Fold, Head, Project, Shape, Unfold, plan

LABEL = "ResNet-101"
#: `width`: channels at the image's own resolution, doubling inwards. `blocks`: that keep the side, at every
#: resolution but the image's, which has one fewer. Where the penalty is on, the authors' critic has layer norm.
SETTINGS = {
    "z_dim": 128,
    "width": 32,
    "blocks": 6,
    "generator_norm": "batch",
    "critic_norm": "batch",
}
INIT = "glorot"
TAKES = ["images"]
SIDES = [28, 32, 64]
ROLES = ["generator", "critic"]
OFFERS = ["features"]


def generator(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """z [seeds, batch, z_dim] to images [seeds, batch, C, H, W] in (-1, 1)."""
    side, channels = _plan(shape, settings["width"])
    grow = _kept(seeds, channels[0], settings["blocks"], norm, running=True)
    for inputs, outputs in pairwise(channels):
        middle = Deconv2d(seeds, inputs // 2, outputs // 2, 3)
        shuffled: list[nn.Module] = [
            _convolutions.Conv2d(seeds, inputs, 4 * outputs, 1, 1),
            nn.PixelShuffle(2),
        ]
        grow += [bottleneck(seeds, inputs, outputs, middle, shuffled, norm, running=True)]
        count = settings["blocks"] - (outputs == channels[-1])
        grow += _kept(seeds, outputs, count, norm, running=True)
    last = _convolutions.Conv2d(seeds, channels[-1], shape[0], 1, 1)
    start = Project(seeds, settings["z_dim"], channels[0], side)
    return Chain(start, *grow, last, Times(0.2), Unfold(seeds))


def critic(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """Images to scores [seeds, batch]."""
    side, channels = _plan(shape, settings["width"])
    outward = channels[::-1]
    body: list[nn.Module] = [Fold(), _convolutions.Conv2d(seeds, shape[0], outward[0], 1, 1)]
    body += _kept(seeds, outward[0], settings["blocks"] - 1, norm, running=False)
    for inputs, outputs in pairwise(outward):
        middle = Conv2d(seeds, inputs // 2, outputs // 2, 3, 2)
        halved: list[nn.Module] = [_convolutions.Conv2d(seeds, inputs, outputs, 1, 2)]
        body += [bottleneck(seeds, inputs, outputs, middle, halved, norm, running=False)]
        body += _kept(seeds, outputs, settings["blocks"], norm, running=False)
    width = outward[-1] * side**2
    return Critic([*body, Features(seeds)], [Head(seeds, width), Times(0.2)], width)


class Times(nn.Module):
    """A constant times its input."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        """Of any shape."""
        return self.factor * x


def bottleneck(
    seeds: int,
    inputs: int,
    outputs: int,
    middle: nn.Module,
    shortcut: list[nn.Module],
    norm: str,
    running: bool,
) -> Sum:
    """Half the channels, the layer in the middle, all the channels; three tenths of that are added to the shortcut."""
    main = [
        Rectifier(),
        Conv2d(seeds, inputs, inputs // 2, 1, 1),
        Rectifier(),
        middle,
        Rectifier(),
        Conv2d(seeds, outputs // 2, outputs, 1, 1, bias=layers.needs_bias(norm)),
        *layers.norm(norm, seeds, outputs, running),
        Times(0.3),
    ]
    return Sum(main, shortcut)


def _plan(shape: Shape, width: int) -> tuple[int, list[int]]:
    """Side of the innermost block, and channels at every resolution from there up to the image's."""
    side, channels = plan(shape, 2 * width)
    return side, [*channels, width]


def _kept(seeds: int, channels: int, count: int, norm: str, running: bool) -> list[nn.Module]:
    """Blocks that keep side and channels."""
    half = channels // 2
    return [
        bottleneck(seeds, channels, channels, Conv2d(seeds, half, half, 3, 1), [], norm, running)
        for _ in range(count)
    ]
