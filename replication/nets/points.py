"""Multilayer perceptrons on points of a line, a plane or a space; the generator's output is not bounded."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from torch import Tensor, nn

from replication.nets import _layers as layers
from replication.nets._autoencoder import Autoencoder
from replication.nets._critic import Chain, Critic
from replication.nets._layers import Settings
from replication.nets._rectifier import Rectifier

LABEL = "MLP for points"
#: Three hidden layers a side, as the toy nets of Gulrajani et al. 2017 (there of 512 units), rectified.
SETTINGS = {
    "z_dim": 2,
    "generator": [64, 64, 64],
    "critic": [64, 64, 64],
    "activation": "relu",
    "generator_norm": "none",
    "critic_norm": "none",
}
INIT = "he"
TAKES = ["points"]
ROLES = ["generator", "critic", "autoencoder"]
OFFERS = ["features"]
CHOICES = {"activation": ["relu", "leaky_relu", "tanh"]}
Shape = tuple[int, ...]

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": Rectifier,
    "leaky_relu": lambda: Rectifier(0.2),
    "tanh": nn.Tanh,
}


class Score(nn.Module):
    """[seeds, batch, 1] to scores [seeds, batch]."""

    def forward(self, x: Tensor) -> Tensor:
        """Drop the last axis."""
        return x.squeeze(2)


def generator(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """z [seeds, batch, z_dim] to points [seeds, batch, d]."""
    widths = [settings["z_dim"], *settings["generator"]]
    hidden = body(seeds, widths, settings["activation"], norm, running=True)
    return Chain(*hidden, layers.Linear(seeds, widths[-1], *shape))


def critic(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """Points [seeds, batch, d] to scores [seeds, batch]."""
    widths = [*shape, *settings["critic"]]
    hidden = body(seeds, widths, settings["activation"], norm, running=False)
    return Critic(hidden, [layers.Linear(seeds, widths[-1], 1), Score()], widths[-1])


def autoencoder(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """Encoder with the critic's hidden layers; decoder of one layer (Zhao et al. 2017, Table 1)."""
    widths = [*shape, *settings["critic"]]
    encoder = body(seeds, widths, settings["activation"], norm, running=False)
    decoder = layers.Linear(seeds, widths[-1], *shape)
    return Autoencoder(nn.Sequential(*encoder), decoder, widths[-1])


def body(
    seeds: int, widths: list[int], activation: str, norm: str, running: bool
) -> list[nn.Module]:
    """Dense layers between consecutive widths, each normalised and activated."""
    hidden: list[nn.Module] = []
    for inputs, outputs in pairwise(widths):
        hidden += [
            layers.Linear(seeds, inputs, outputs, bias=layers.needs_bias(norm)),
            *layers.norm(norm, seeds, outputs, running),
            ACTIVATIONS[activation](),
        ]
    return hidden
