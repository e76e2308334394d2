"""Convolutions of all seeds of a group at once.

They work on images folded to [batch, seeds * channels, height, width], one group per seed, so that `fold` and
`unfold` are paid once per net; for a single seed both are free views.
"""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F

from replication.nets._layers import Weighted


class Conv2d(Weighted):
    """Convolution on folded images [batch, seeds * inputs, H, W].

    Where the gradient of images of few channels is wanted, a kernel of 4 with stride 2 runs as the equal 3x3
    convolution on images whose 2x2 blocks are channels: that gradient is the transposed convolution to few
    channels that `Upsample2x` avoids too.
    """

    def __init__(
        self, seeds: int, inputs: int, outputs: int, kernel: int, stride: int, *, bias: bool = True
    ) -> None:
        fans = inputs * kernel**2, outputs * kernel**2 // stride**2
        super().__init__(seeds, (outputs, inputs, kernel, kernel), outputs, fans, bias=bias)
        self.stride, self.padding = stride, (kernel - stride + 1) // 2
        self.halves_images = inputs <= 4 and (kernel, stride) == (4, 2)

    def forward(self, x: Tensor) -> Tensor:
        """One group per seed."""
        # Images outnumber the numbers of a kernel: the kernel is what is cheap to scale.
        kernel = (
            self.weight if self.sigma is None else self.weight * self.scale()[..., None, None, None]
        )
        bias, groups = self.bias.flatten(), len(self.weight)
        if self.halves_images and x.requires_grad:
            kernel = subpixel_kernel(kernel).transpose(1, 2).flip(3, 4).flatten(0, 1)
            return F.conv2d(F.pixel_unshuffle(x, 2), kernel, bias, padding=1, groups=groups)
        window = (self.stride, self.padding)
        return F.conv2d(x, kernel.flatten(0, 1), bias, *window, groups=groups)


class Upsample2x(Weighted):
    """Transposed convolution, kernel 4, stride 2, padding 1: doubles the side of folded images.

    Its weight has the layout [seeds, inputs, outputs, 4, 4]; an output pixel reads 2x2 of the inputs, an input
    pixel reaches 4x4 of the outputs. For few output channels it runs as the equal 3x3 convolution to 4 * outputs
    channels whose output is shuffled into place: convolution libraries run transposed convolutions to one channel
    at a small part of the machine's rate.
    """

    def __init__(self, seeds: int, inputs: int, outputs: int, *, bias: bool = True) -> None:
        super().__init__(
            seeds, (inputs, outputs, 4, 4), outputs, (inputs * 4, outputs * 16), bias=bias
        )
        self.as_convolution = outputs <= 4

    def forward(self, x: Tensor) -> Tensor:
        """[batch, seeds * inputs, H, W] to [batch, seeds * outputs, 2H, 2W]."""
        groups = len(self.weight)
        if self.as_convolution:
            y = F.conv2d(x, subpixel_kernel(self.weight).flatten(0, 1), padding=1, groups=groups)
            return F.pixel_shuffle(y, 2) + self.bias.reshape(1, -1, 1, 1)
        weight, bias = self.weight.flatten(0, 1), self.bias.flatten()
        return F.conv_transpose2d(x, weight, bias, stride=2, padding=1, groups=groups)


def subpixel_kernel(weight: Tensor) -> Tensor:
    """The 3x3 convolution whose pixel-shuffled output equals a transposed one (kernel 4, stride 2, padding 1).

    Output pixel 2i + a reads inputs i - 1 + a and i + a through taps 3 - a and 1 - a of the kernel
    (a = 0: taps 3 and 1 at offsets -1 and 0; a = 1: taps 2 and 0 at offsets 0 and +1), in each direction.

    Args:
        weight: [seeds, inputs, outputs, 4, 4].

    Returns:
        [seeds, outputs * 4, inputs, 3, 3], output channel o, row phase a, column phase b at 4o + 2a + b.
    """
    seeds, inputs, outputs = weight.shape[:3]
    spread = _taps(weight.device, weight.dtype)
    kernel = (weight.reshape(-1, 16) @ spread).reshape(seeds, inputs, outputs, 2, 3, 2, 3)
    return kernel.permute(0, 2, 3, 5, 1, 4, 6).flatten(1, 3)


@cache
def _taps(device: torch.device, dtype: torch.dtype) -> Tensor:
    """[4 * 4 taps, (phase, offset) by rows * (phase, offset) by columns]: 1 where that is the tap."""
    one = torch.zeros(4, 2, 3, dtype=dtype)
    for phase, offset, tap in ((0, 0, 3), (0, 1, 1), (1, 1, 2), (1, 2, 0)):
        one[tap, phase, offset] = 1
    return torch.kron(one.flatten(1), one.flatten(1)).to(device)


def fold(images: Tensor) -> Tensor:
    """[seeds, batch, C, H, W] to [batch, seeds * C, H, W], channels last in memory."""
    folded = images[0] if len(images) == 1 else images.transpose(0, 1).flatten(1, 2)
    return folded.contiguous(memory_format=torch.channels_last)


def unfold(folded: Tensor, seeds: int) -> Tensor:
    """[batch, seeds * C, ...] to [seeds, batch, C, ...]."""
    return folded.unflatten(1, (seeds, -1)).transpose(0, 1)
