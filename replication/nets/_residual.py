"""Residual nets for 28 and 32 pixels (Gulrajani et al. 2017, appendix F; Miyato et al. 2018, appendix B.4).

Both papers have the same blocks and the same initial weights; they differ in width and in how the critic pools.
"""

from __future__ import annotations

from typing import Literal

from torch import Tensor, nn
from torch.nn import functional as F

from replication.nets import _convolutions
from replication.nets import _layers as layers
from replication.nets._convolutions import unfold
from replication.nets._critic import Chain, Critic
from replication.nets._glorot import Conv2d
from replication.nets._rectifier import Rectifier
from replication.nets.dcgan import Fold, Head, Project, Unfold, plan

Shape = tuple[int, int, int]
Pool = Literal["mean", "sum"]


class Double(nn.Module):
    """Every pixel becomes four."""

    def forward(self, x: Tensor) -> Tensor:
        """Folded [batch, n, H, W] to [batch, n, 2H, 2W]."""
        return F.interpolate(x, scale_factor=2.0)


class Sum(nn.Module):
    """What two ways make of one input, added."""

    def __init__(self, main: list[nn.Module], shortcut: list[nn.Module]) -> None:
        super().__init__()
        self.main, self.shortcut = nn.Sequential(*main), nn.Sequential(*shortcut)

    def forward(self, x: Tensor) -> Tensor:
        """Of one shape."""
        added: Tensor = self.shortcut(x) + self.main(x)
        return added


class Pooled(nn.Module):
    """Folded [batch, seeds * C, H, W] to rows [seeds, batch, C]: the mean or the sum over an image."""

    def __init__(self, seeds: int, pool: Pool) -> None:
        super().__init__()
        self.seeds, self.pool = seeds, pool

    def forward(self, folded: Tensor) -> Tensor:
        """Pool."""
        pixels = unfold(folded, self.seeds).flatten(3)
        return pixels.mean(3) if self.pool == "mean" else pixels.sum(3)


def generator(seeds: int, shape: Shape, z_dim: int, width: int, norm: str) -> nn.Module:
    """z to images: a dense layer, a block for each doubling of the side, a convolution; `width` channels throughout."""
    side, doublings = plan(shape, width)
    return Chain(
        Project(seeds, z_dim, width, side),
        *(growing(seeds, width, norm) for _ in doublings),
        *layers.norm(norm, seeds, width, running=True),
        Rectifier(),
        _convolutions.Conv2d(seeds, width, shape[0], 3, 1),
        Unfold(seeds),
    )


def critic(seeds: int, shape: Shape, width: int, norm: str, pool: Pool) -> nn.Module:
    """Images to scores: two blocks that halve the side, two that keep it, a pool over the image, a dense layer."""
    body = [
        Fold(),
        first(seeds, shape[0], width),
        shrinking(seeds, width, norm, halves=True),
        shrinking(seeds, width, norm, halves=False),
        shrinking(seeds, width, norm, halves=False),
        Rectifier(),
        Pooled(seeds, pool),
    ]
    return Critic(body, [Head(seeds, width)], width)


def growing(seeds: int, width: int, norm: str) -> Sum:
    """A generator's block: it doubles the side.

    Batch normalisation after the last block takes away every constant of a channel, so no layer here needs a bias.
    """
    bias = layers.needs_bias(norm)
    main = [
        *layers.norm(norm, seeds, width, running=True),
        Rectifier(),
        Double(),
        Conv2d(seeds, width, width, 3, 1, bias=bias),
        *layers.norm(norm, seeds, width, running=True),
        Rectifier(),
        Conv2d(seeds, width, width, 3, 1, bias=bias),
    ]
    # A convolution of single pixels before the doubling is the same as after it.
    return Sum(main, [_convolutions.Conv2d(seeds, width, width, 1, 1, bias=bias), Double()])


def first(seeds: int, colours: int, width: int) -> Sum:
    """The critic's first block: it halves the side, and rectifies no pixels of the image itself."""
    main = [
        Conv2d(seeds, colours, width, 3, 1),
        Rectifier(),
        Conv2d(seeds, width, width, 3, 1),
        nn.AvgPool2d(2),
    ]
    return Sum(main, [nn.AvgPool2d(2), _convolutions.Conv2d(seeds, colours, width, 1, 1)])


def shrinking(seeds: int, width: int, norm: str, halves: bool) -> Sum:
    """A critic's further block: it halves the side, or keeps it and adds to its input as it is."""
    pool = [nn.AvgPool2d(2)] if halves else []
    main = [
        *layers.norm(norm, seeds, width, running=False),
        Rectifier(),
        Conv2d(seeds, width, width, 3, 1, bias=layers.needs_bias(norm)),
        *layers.norm(norm, seeds, width, running=False),
        Rectifier(),
        Conv2d(seeds, width, width, 3, 1),
        *pool,
    ]
    return Sum(main, [*pool, _convolutions.Conv2d(seeds, width, width, 1, 1)] if halves else [])
