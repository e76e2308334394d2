"""The nets for MNIST of Goodfellow et al. 2014 (authors' code): a rectified generator and a maxout discriminator."""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn

from replication.nets import _layers as layers
from replication.nets._critic import Chain, Critic
from replication.nets._layers import Settings
from replication.nets._rectifier import Rectifier
from replication.nets.mlp import Flat, Images, Score
from replication.tensors.draws import Draws

LABEL = "maxout MLP"
#: `pieces`: linear pieces of a maxout unit. The authors' dropout (inputs 0.2, hidden units 0.5) is left out.
SETTINGS = {
    "z_dim": 100,
    "generator": [1200, 1200],
    "critic": [240, 240],
    "pieces": 5,
    "generator_norm": "none",
    "critic_norm": "none",
}
INIT = "uniform"
TAKES = ["images"]
ROLES = ["generator", "critic"]
OFFERS = ["features"]
Shape = tuple[int, int, int]


class Dense(layers.Linear):
    """A dense layer whose own init is U(-reach, reach) for weights and zero for biases."""

    def __init__(
        self, seeds: int, inputs: int, outputs: int, reach: float, *, bias: bool = True
    ) -> None:
        super().__init__(seeds, inputs, outputs, bias=bias)
        self.reach = reach

    @torch.no_grad()
    def initialise(self, init: str, name: str, draws: Draws) -> None:
        """The net's own, or any other."""
        if init != INIT:
            super().initialise(init, name, draws)
        else:
            self.weight.copy_((2 * draws.uniform(name, 0, self.weight.shape[1:]) - 1) * self.reach)


class Maxout(nn.Module):
    """The largest of a unit's pieces (Goodfellow et al. 2013)."""

    def __init__(self, pieces: int) -> None:
        super().__init__()
        self.pieces = pieces

    def forward(self, x: Tensor) -> Tensor:
        """[seeds, batch, units * pieces] to [seeds, batch, units]."""
        return x.unflatten(2, (-1, self.pieces)).amax(3)


def generator(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """z [seeds, batch, z_dim] to images [seeds, batch, C, H, W] in (-1, 1); the authors' are in (0, 1)."""
    widths = [settings["z_dim"], *settings["generator"]]
    hidden: list[nn.Module] = []
    for inputs, outputs in pairwise(widths):
        hidden += [
            Dense(seeds, inputs, outputs, 0.05, bias=layers.needs_bias(norm)),
            *layers.norm(norm, seeds, outputs, running=True),
            Rectifier(),
        ]
    return Chain(*hidden, Dense(seeds, widths[-1], math.prod(shape), 0.05), Images(shape))


def critic(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """Images to scores [seeds, batch], logits of the discriminator."""
    widths, pieces = [math.prod(shape), *settings["critic"]], settings["pieces"]
    body: list[nn.Module] = [Flat()]
    for inputs, outputs in pairwise(widths):
        body += [
            Dense(seeds, inputs, outputs * pieces, 0.005, bias=layers.needs_bias(norm)),
            *layers.norm(norm, seeds, outputs * pieces, running=False),
            Maxout(pieces),
        ]
    return Critic(body, [Dense(seeds, widths[-1], 1, 0.005), Score()], widths[-1])
