"""The residual nets for CIFAR-10 of Gulrajani et al. 2017 (appendix F and code)."""

from __future__ import annotations

from torch import nn

from replication.nets import _residual
from replication.nets._layers import Settings
from replication.nets._residual import Shape

LABEL = "ResNet of Gulrajani et al."
#: `width`: channels of both sides.
SETTINGS = {"z_dim": 128, "width": 128, "generator_norm": "batch", "critic_norm": "none"}
INIT = "glorot"
TAKES = ["images"]
SIDES = [28, 32]
ROLES = ["generator", "critic"]
OFFERS = ["features"]


def generator(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """z [seeds, batch, z_dim] to images [seeds, batch, C, H, W] in (-1, 1)."""
    return _residual.generator(seeds, shape, settings["z_dim"], settings["width"], norm)


def critic(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """Images to scores [seeds, batch]; features are means over an image."""
    return _residual.critic(seeds, shape, settings["width"], norm, "mean")
