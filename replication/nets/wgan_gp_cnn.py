"""The convolutional nets for MNIST and CIFAR-10 of Gulrajani et al. 2017 (authors' code, gan_mnist and gan_cifar)."""

from __future__ import annotations

from torch import Tensor, nn

from replication.nets import _layers as layers
from replication.nets._critic import Chain, Critic
from replication.nets._glorot import Conv2d, Deconv2d
from replication.nets._layers import Settings
from replication.nets._rectifier import Rectifier
from replication.nets.dcgan import Block, Features, Fold, Head, Unfold

LABEL = "CNN of Gulrajani et al."
#: `width`: channels at the finest inner resolution; 128 for CIFAR-10. For MNIST the authors have 64, and batch
#: normalisation in the generator only where they clip weights.
SETTINGS = {"z_dim": 128, "width": 128, "generator_norm": "batch", "critic_norm": "none"}
INIT = "glorot"
TAKES = ["images"]
SIDES = [28, 32]
ROLES = ["generator", "critic"]
OFFERS = ["features"]
Shape = tuple[int, int, int]


class Crop(nn.Module):
    """The first 7 rows and columns of folded images of 8, so that two doublings make 28."""

    def forward(self, x: Tensor) -> Tensor:
        """[batch, n, 8, 8] to [batch, n, 7, 7]."""
        return x[:, :, :7, :7]


def generator(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """z [seeds, batch, z_dim] to images [seeds, batch, C, H, W] in (-1, 1).

    The dense layer's outputs are normalised one by one, not channel by channel.
    """
    wide, middle, narrow = (settings["width"] * n for n in (4, 2, 1))
    bias = layers.needs_bias(norm)
    return Chain(
        layers.Linear(seeds, settings["z_dim"], 16 * wide, bias=bias),
        *layers.norm(norm, seeds, 16 * wide, running=True),
        Rectifier(),
        Block(wide, 4),
        Deconv2d(seeds, wide, middle, 5, bias=bias),
        *layers.norm(norm, seeds, middle, running=True),
        Rectifier(),
        *([Crop()] if shape[1] == 28 else []),
        Deconv2d(seeds, middle, narrow, 5, bias=bias),
        *layers.norm(norm, seeds, narrow, running=True),
        Rectifier(),
        Deconv2d(seeds, narrow, shape[0], 5),
        Unfold(seeds),
    )


def critic(seeds: int, shape: Shape, settings: Settings, norm: str) -> nn.Module:
    """Images to scores [seeds, batch]; the first layer has no normalisation."""
    narrow, middle, wide = (settings["width"] * n for n in (1, 2, 4))
    bias = layers.needs_bias(norm)
    body = [
        Fold(),
        Conv2d(seeds, shape[0], narrow, 5, 2),
        Rectifier(0.2),
        Conv2d(seeds, narrow, middle, 5, 2, bias=bias),
        *layers.norm(norm, seeds, middle, running=False),
        Rectifier(0.2),
        Conv2d(seeds, middle, wide, 5, 2, bias=bias),
        *layers.norm(norm, seeds, wide, running=False),
        Rectifier(0.2),
        Features(seeds),
    ]
    return Critic(body, [Head(seeds, 16 * wide)], 16 * wide)
