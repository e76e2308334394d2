"""Convolutional nets in the manner of DCGAN (Radford et al. 2015)."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from replication.nets import _layers as layers
from replication.nets._autoencoder import Autoencoder
from replication.nets._convolutions import Conv2d, Upsample2x, fold, unfold
from replication.nets._critic import Chain, Critic
from replication.nets._layers import Settings
from replication.nets._rectifier import Rectifier

LABEL = "DCGAN"
#: `width`: channels at the finest inner resolution, doubling inwards. Figure 1 of the paper, 64 pixels, has 128;
#: Arjovsky et al. 2017 have 64.
SETTINGS = {"z_dim": 100, "width": 32, "generator_norm": "batch", "critic_norm": "batch"}
INIT = "normal_0.02"
TAKES = ["images"]
SIDES = [28, 32, 64]
ROLES = ["generator", "critic", "autoencoder"]
OFFERS = ["features"]
Shape = tuple[int, int, int]


class Project(nn.Module):
    """z to a folded block of channels [batch, seeds * channels, side, side]."""

    def __init__(self, seeds: int, inputs: int, channels: int, side: int) -> None:
        super().__init__()
        self.dense = layers.Linear(seeds, inputs, channels * side**2)
        self.block = (channels, side, side)

    def forward(self, z: Tensor) -> Tensor:
        """[seeds, batch, inputs] to a folded image."""
        return fold(self.dense(z).unflatten(2, self.block))


class Fold(nn.Module):
    """Images [seeds, batch, C, H, W] to the layout the convolutions work on."""

    def forward(self, images: Tensor) -> Tensor:
        """Fold."""
        return fold(images)


class Unfold(nn.Module):
    """Folded [batch, seeds * C, H, W] to images [seeds, batch, C, H, W] in (-1, 1)."""

    def __init__(self, seeds: int) -> None:
        super().__init__()
        self.seeds = seeds

    def forward(self, folded: Tensor) -> Tensor:
        """Unfold after tanh."""
        return unfold(torch.tanh(folded), self.seeds)


class Features(nn.Module):
    """Folded [batch, seeds * C, H, W] to rows [seeds, batch, C * H * W]."""

    def __init__(self, seeds: int) -> None:
        super().__init__()
        self.seeds = seeds

    def forward(self, folded: Tensor) -> Tensor:
        """Unfold and flatten."""
        return unfold(folded, self.seeds).flatten(2)


class Head(nn.Module):
    """Rows [seeds, batch, features] to scores [seeds, batch]."""

    def __init__(self, seeds: int, features: int) -> None:
        super().__init__()
        self.dense = layers.Linear(seeds, features, 1)

    def forward(self, rows: Tensor) -> Tensor:
        """One number per image."""
        scores: Tensor = self.dense(rows).squeeze(2)
        return scores


def plan(shape: Shape, width: int) -> tuple[int, list[int]]:
    """Side of the innermost block, halved from one of `SIDES` down to 7 or 4, and channels from the inside out."""
    side, doublings = shape[1], 0
    while side > 7:
        side, doublings = side // 2, doublings + 1
    return side, [width * 2**i for i in reversed(range(doublings))]


def generator(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """z [seeds, batch, z_dim] to images [seeds, batch, C, H, W] in (-1, 1)."""
    side, channels = plan(shape, settings["width"])
    return Chain(
        Project(seeds, settings["z_dim"], channels[0], side),
        *layers.norm(norm, seeds, channels[0], running=True),
        nn.ReLU(inplace=True),
        *_grow(seeds, channels, shape[0], norm),
        Unfold(seeds),
    )


def critic(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """Images to scores [seeds, batch]."""
    side, channels = plan(shape, settings["width"])
    width = channels[0] * side**2
    body = [*_shrink(seeds, shape, channels, norm), Features(seeds)]
    return Critic(body, [Head(seeds, width)], width)


def autoencoder(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """Encoder with the critic's convolutions; decoder of transposed ones."""
    side, channels = plan(shape, settings["width"])
    encoder = nn.Sequential(*_shrink(seeds, shape, channels, norm), Features(seeds))
    unflatten = Block(channels[0], side)
    decoder = nn.Sequential(unflatten, *_grow(seeds, channels, shape[0], norm), Unfold(seeds))
    return Autoencoder(encoder, decoder, channels[0] * side**2)


class Block(nn.Module):
    """Codes [seeds, batch, C * side * side] to folded images."""

    def __init__(self, channels: int, side: int) -> None:
        super().__init__()
        self.block = (channels, side, side)

    def forward(self, codes: Tensor) -> Tensor:
        """Unflatten and fold."""
        return fold(codes.unflatten(2, self.block))


def _grow(seeds: int, channels: list[int], colours: int, norm: str) -> list[nn.Module]:
    """Doublings from the innermost block to images, before tanh; the last without normalisation."""
    grow: list[nn.Module] = []
    for inputs, outputs in pairwise(channels):
        grow += [
            Upsample2x(seeds, inputs, outputs, bias=layers.needs_bias(norm)),
            *layers.norm(norm, seeds, outputs, running=True),
            nn.ReLU(inplace=True),
        ]
    return [*grow, Upsample2x(seeds, channels[-1], colours)]


def _shrink(seeds: int, shape: Shape, channels: list[int], norm: str) -> list[nn.Module]:
    """Halvings from images to the innermost block; the first without normalisation."""
    widths = [shape[0], *reversed(channels)]
    shrink: list[nn.Module] = [Fold()]
    for i, (inputs, outputs) in enumerate(pairwise(widths)):
        kind = norm if i else "none"
        shrink += [
            Conv2d(seeds, inputs, outputs, 4, 2, bias=layers.needs_bias(kind)),
            *layers.norm(kind, seeds, outputs, running=False),
            Rectifier(0.2),
        ]
    return shrink
