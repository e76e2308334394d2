"""DCGAN with other activations, depths, widths and norms (Gulrajani et al. 2017, table 1 and figure 2)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from replication.nets import _layers as layers
from replication.nets._convolutions import Conv2d
from replication.nets._critic import Chain, Critic
from replication.nets._glorot import Deconv2d
from replication.nets._layers import Settings
from replication.nets._rectifier import Rectifier
from replication.nets.dcgan import Features, Fold, Head, Project, Shape, Unfold
from replication.nets.wgan_gp_cnn import Crop
from replication.tensors.draws import Draws

LABEL = "DCGAN variants"
#: `depth`: layers of a net for 32 pixels, 4 of which are DCGAN's; further ones are convolutions that keep the side.
#: `width`: channels at the finest inner resolution. `drawn`: number of an architecture drawn from table 1, which
#: replaces all six and says whether there are the normalisations of the settings below; -1 draws none.
SETTINGS = {
    "z_dim": 128,
    "generator_activation": "relu",
    "critic_activation": "leaky_relu",
    "generator_depth": 4,
    "critic_depth": 4,
    "generator_width": 64,
    "critic_width": 64,
    "drawn": -1,
    "generator_norm": "batch",
    "critic_norm": "batch",
}
INIT = "normal_0.02"
TAKES = ["images"]
SIDES = [28, 32, 64]
ROLES = ["generator", "critic"]
OFFERS = ["features"]
#: Figure 2 has tanh and gated units in every layer; of ELU units the paper says that the penalty fails with them.
CHOICES = {
    "generator_activation": ["relu", "leaky_relu", "softplus", "tanh", "gated", "elu"],
    "critic_activation": ["relu", "leaky_relu", "softplus", "tanh", "gated", "elu"],
}
#: Table 1, for either side.
TABLE: dict[str, list[Any]] = {
    "activation": ["relu", "leaky_relu", "softplus", "tanh"],
    "depth": [4, 8, 12, 20],
    "norm": [True, False],
    "width": [32, 64, 128],
}


def generator(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """z [seeds, batch, z_dim] to images [seeds, batch, C, H, W] in (-1, 1)."""
    own, norm = chosen(settings, "generator", norm)
    channels, act = _channels(shape, own["width"]), Activated(seeds, own["activation"], norm, True)
    more = spread(own["depth"] - 4, len(channels))
    grow = [*act(channels[0]), *_kept(seeds, channels[0], more[0], act)]
    for i, (inputs, outputs) in enumerate(pairwise(channels), 1):
        grow += [Deconv2d(seeds, inputs, act.before(outputs), 5, bias=act.bias), *act(outputs)]
        grow += [Crop()] if shape[1] == 28 and i == 1 else []
        grow += _kept(seeds, outputs, more[i], act)
    return Chain(
        Project(seeds, settings["z_dim"], act.before(channels[0]), 4),
        *grow,
        Deconv2d(seeds, channels[-1], shape[0], 5),
        Unfold(seeds),
    )


def critic(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """Images to scores [seeds, batch]; the first layer has no normalisation."""
    own, norm = chosen(settings, "critic", norm)
    channels, act = (
        _channels(shape, own["width"])[::-1],
        Activated(seeds, own["activation"], norm, False),
    )
    plain = Activated(seeds, own["activation"], "none", False)
    more = spread(own["depth"] - 4, len(channels))[::-1]
    body: list[nn.Module] = [Fold()]
    for i, (inputs, outputs) in enumerate(pairwise([shape[0], *channels])):
        here = act if i else plain
        body += [Conv2d(seeds, inputs, here.before(outputs), 5, 2, bias=here.bias), *here(outputs)]
        body += _kept(seeds, outputs, more[i], act)
    width = 16 * channels[-1]
    return Critic([*body, Features(seeds)], [Head(seeds, width)], width)


def chosen(settings: Settings, side: str, norm: str) -> tuple[Settings, str]:
    """Activation, depth and width of a side, and its norm: as set, or as drawn."""
    if (number := settings["drawn"]) < 0:
        return {key: settings[f"{side}_{key}"] for key in ("activation", "depth", "width")}, norm
    own = drawn(number, side)
    return own, norm if own["norm"] else "none"


def drawn(number: int, side: str) -> Settings:
    """A row of table 1 for one side, all values of an entry alike; the same number gives the same row."""
    shares = Draws((number,)).uniform(f"architecture/{side}", 0, (len(TABLE),))[0].tolist()
    rows = zip(TABLE.items(), shares, strict=True)
    return {key: values[int(share * len(values))] for (key, values), share in rows}


def spread(layers: int, places: int) -> list[int]:
    """Further layers as evenly as can be over the resolutions, more of them where the side is small."""
    return [layers // places + (i < layers % places) for i in range(places)]


class Activated:
    """What follows a layer: its normalisation and its activation, for given channels.

    Args:
        seeds: size of the leading axis.
        kind: of the activation.
        norm: of the normalisation.
        running: whether batch normalisation keeps running means.
    """

    def __init__(self, seeds: int, kind: str, norm: str, running: bool) -> None:
        self.seeds, self.kind, self.norm, self.running = seeds, kind, norm, running
        self.bias = layers.needs_bias(norm)

    def before(self, channels: int) -> int:
        """Channels that the layer has; a gated unit takes two."""
        return 2 * channels if self.kind == "gated" else channels

    def __call__(self, channels: int) -> list[nn.Module]:
        """The modules."""
        made: dict[str, Callable[[], nn.Module]] = {
            "relu": Rectifier,
            "leaky_relu": lambda: Rectifier(0.2),
            "softplus": Softplus,
            "tanh": nn.Tanh,
            "gated": lambda: Gated(self.seeds),
            "elu": nn.ELU,
        }
        norm = layers.norm(self.norm, self.seeds, self.before(channels), self.running)
        return [*norm, made[self.kind]()]


class Softplus(nn.Module):
    """softplus(2x + 2) / 2 - 1, near the identity above 0 and near -1 below."""

    def forward(self, x: Tensor) -> Tensor:
        """Of any shape."""
        return F.softplus(2 * x + 2) / 2 - 1


class Gated(nn.Module):
    """sigmoid(a) tanh(b), where a and b are the halves of a layer's channels (van den Oord et al. 2016)."""

    def __init__(self, seeds: int) -> None:
        super().__init__()
        self.seeds = seeds

    def forward(self, x: Tensor) -> Tensor:
        """Folded [batch, seeds * 2n, H, W] to [batch, seeds * n, H, W]."""
        a, b = x.unflatten(1, (self.seeds, 2, -1)).unbind(2)
        return (torch.sigmoid(a) * torch.tanh(b)).flatten(1, 2)


def _channels(shape: Shape, width: int) -> list[int]:
    """At every resolution from 4x4 up to half the image's side."""
    doublings = 4 if shape[1] == 64 else 3
    return [width * 2**i for i in reversed(range(doublings))]


def _kept(seeds: int, channels: int, count: int, act: Activated) -> list[nn.Module]:
    """Convolutions that keep side and channels."""
    kept: list[nn.Module] = []
    for _ in range(count):
        kept += [Conv2d(seeds, channels, act.before(channels), 3, 1, bias=act.bias), *act(channels)]
    return kept
