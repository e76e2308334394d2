"""Convolutions before a rectifier, with Glorot weights times sqrt 2, as the code of two papers initialises them.

Gulrajani et al. 2017 call it He initialisation: uniform with variance 4 / (fan_in + fan_out). Miyato et al. 2018
have the same in the blocks of their residual nets.
"""

from __future__ import annotations

import math

from torch import Tensor
from torch.nn import functional as F

from replication.nets import _convolutions
from replication.nets._layers import Weighted
from replication.tensors.draws import Draws


class Rectified(Weighted):
    """A layer whose init glorot is sqrt 2 times that of others."""

    def initialise(self, init: str, name: str, draws: Draws) -> None:
        """As any layer, then scaled."""
        super().initialise(init, name, draws)
        if init == "glorot":
            self.weight.data.mul_(math.sqrt(2))


class Conv2d(Rectified, _convolutions.Conv2d):
    """Convolution on folded images."""


class Deconv2d(Rectified):
    """Transposed convolution of stride 2 and odd kernel: doubles the side of folded images.

    Its weight has the layout [seeds, inputs, outputs, kernel, kernel]. TensorFlow pads one pixel more at the far
    edges, and torch at the near ones.
    """

    def __init__(
        self, seeds: int, inputs: int, outputs: int, kernel: int, *, bias: bool = True
    ) -> None:
        shape, fans = (
            (inputs, outputs, kernel, kernel),
            (inputs * kernel**2 // 4, outputs * kernel**2),
        )
        super().__init__(seeds, shape, outputs, fans, bias=bias)
        self.padding = kernel // 2

    def forward(self, x: Tensor) -> Tensor:
        """[batch, seeds * inputs, H, W] to [batch, seeds * outputs, 2H, 2W]."""
        weight, bias, groups = self.weight.flatten(0, 1), self.bias.flatten(), len(self.weight)
        return F.conv_transpose2d(x, weight, bias, 2, self.padding, output_padding=1, groups=groups)
