"""A multilayer perceptron as the generator against DCGAN's critic (Arjovsky et al. 2017, figures 3, 4 and 7)."""

from __future__ import annotations

import math
from itertools import pairwise

from torch import nn

from replication.nets import _layers as layers
from replication.nets import dcgan
from replication.nets._critic import Chain
from replication.nets._layers import Settings
from replication.nets._rectifier import Rectifier
from replication.nets.dcgan import Shape
from replication.nets.mlp import Images
from replication.tensors.draws import Draws

LABEL = "MLP generator, DCGAN critic"
#: The caption of figure 7 says four hidden layers, as the code of Gulrajani et al. 2017 has; the authors' has three.
SETTINGS = {
    "z_dim": 100,
    "generator": [512, 512, 512, 512],
    "width": 64,
    "generator_norm": "none",
    "critic_norm": "batch",
}
INIT = "normal_0.02"
TAKES = ["images"]
SIDES = [28, 32, 64]
ROLES = ["generator", "critic"]
OFFERS = ["features"]


class Dense(layers.Linear):
    """A dense layer that keeps torch's own initial weights: the authors' code draws only those of convolutions anew."""

    def initialise(self, init: str, name: str, draws: Draws) -> None:
        """Torch's, unless another than the net's is asked for."""
        super().initialise("fan_in" if init == INIT else init, name, draws)


def generator(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """z [seeds, batch, z_dim] to images [seeds, batch, C, H, W] in (-1, 1)."""
    widths = [settings["z_dim"], *settings["generator"]]
    hidden: list[nn.Module] = []
    for inputs, outputs in pairwise(widths):
        hidden += [
            Dense(seeds, inputs, outputs, bias=layers.needs_bias(norm)),
            *layers.norm(norm, seeds, outputs, running=True),
            Rectifier(),
        ]
    return Chain(*hidden, Dense(seeds, widths[-1], math.prod(shape)), Images(shape))


def critic(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """DCGAN's: images to scores [seeds, batch]."""
    return dcgan.critic(seeds, shape, settings, norm)
