"""Multilayer perceptrons on flattened images."""

from __future__ import annotations

import math
from itertools import pairwise

from torch import Tensor, nn

from replication.nets import _layers as layers
from replication.nets._autoencoder import Autoencoder
from replication.nets._critic import Chain, Critic
from replication.nets._layers import Settings
from replication.nets._rectifier import Rectifier

LABEL = "MLP"
#: Widths of the hidden layers; Arjovsky et al. 2017, fig. 7: three of 512 a side (by the authors' code,
#: the caption says four), no batch norm.
SETTINGS = {
    "z_dim": 64,
    "generator": [256, 512],
    "critic": [512, 256],
    "generator_norm": "batch",
    "critic_norm": "none",
}
INIT = "fan_in"
TAKES = ["images", "points"]
ROLES = ["generator", "critic", "autoencoder"]
OFFERS = ["features"]
Shape = tuple[int, int, int]


class Flat(nn.Module):
    """Images [seeds, batch, C, H, W] to rows [seeds, batch, C * H * W]."""

    def forward(self, images: Tensor) -> Tensor:
        """Flatten."""
        return images.flatten(2)


class Images(nn.Module):
    """Rows to images in (-1, 1)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, rows: Tensor) -> Tensor:
        """[seeds, batch, C * H * W] to [seeds, batch, C, H, W]."""
        return rows.tanh().unflatten(2, self.shape)


class Score(nn.Module):
    """[seeds, batch, 1] to scores [seeds, batch]."""

    def forward(self, x: Tensor) -> Tensor:
        """Drop the last axis."""
        return x.squeeze(2)


def generator(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """z [seeds, batch, z_dim] to images [seeds, batch, C, H, W] in (-1, 1)."""
    widths = [settings["z_dim"], *settings["generator"]]
    hidden: list[nn.Module] = []
    for inputs, outputs in pairwise(widths):
        hidden += [
            layers.Linear(seeds, inputs, outputs, bias=layers.needs_bias(norm)),
            *layers.norm(norm, seeds, outputs, running=True),
            nn.ReLU(),
        ]
    return Chain(*hidden, layers.Linear(seeds, widths[-1], math.prod(shape)), Images(shape))


def critic(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """Images to scores [seeds, batch]."""
    width = settings["critic"][-1]
    body = _body(seeds, shape, settings, norm)
    return Critic(body, [layers.Linear(seeds, width, 1), Score()], width)


def autoencoder(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """Encoder with the critic's hidden layers; decoder of one layer (Zhao et al. 2017, Table 1)."""
    width = settings["critic"][-1]
    decoder = nn.Sequential(layers.Linear(seeds, width, math.prod(shape)), Images(shape))
    return Autoencoder(nn.Sequential(*_body(seeds, shape, settings, norm)), decoder, width)


def _body(seeds: int, shape: Shape, settings: Settings, norm: str) -> list[nn.Module]:
    widths = [math.prod(shape), *settings["critic"]]
    body: list[nn.Module] = [Flat()]
    for inputs, outputs in pairwise(widths):
        body += [
            layers.Linear(seeds, inputs, outputs, bias=layers.needs_bias(norm)),
            *layers.norm(norm, seeds, outputs, running=False),
            Rectifier(0.2),
        ]
    return body
