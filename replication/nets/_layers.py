"""Layers with a leading seeds axis: one call trains all seeds of a group, each on its own weights.

Dense layers take [seeds, batch, features]; images are folded, see `replication.nets._convolutions`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from replication.nets._rectifier import Rectifier
from replication.tensors.draws import Draws

#: Torch's own layers whose weight is [outputs, ...], in nets that are defined for one seed.
PLAIN = (nn.Linear, nn.Conv1d, nn.Conv2d)


class Weighted(nn.Module):
    """A layer with weight [seeds, ...] and bias [seeds, outputs].

    Args:
        seeds: size of the leading axis.
        shape: of one seed's weight.
        outputs: features or channels.
        fans: how many inputs one output reads, and how many outputs one input reaches (away from the edges of an
            image): the fan-in and fan-out of Glorot & Bengio 2010.
        bias: False leaves the bias a constant 0, which is neither trained nor saved; see `needs_bias`.
    """

    bias: Tensor

    def __init__(
        self,
        seeds: int,
        shape: tuple[int, ...],
        outputs: int,
        fans: tuple[int, int],
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(seeds, *shape))
        zeros = torch.zeros(seeds, outputs)
        if bias:
            self.bias = nn.Parameter(zeros)
        else:
            self.register_buffer("bias", zeros, persistent=False)
        self.fan_in, self.fan_out = fans
        #: Set by a normalisation of the weight: its divisor, [seeds], or [seeds, outputs] for one per unit.
        self.sigma: Callable[[Tensor], Tensor] | None = None

    def scale(self) -> Tensor:
        """What a normalisation multiplies the weight with: [seeds, 1], or [seeds, outputs] for one per unit."""
        assert self.sigma is not None
        return self.sigma(self.weight).reshape(len(self.bias), -1).reciprocal()

    @torch.no_grad()
    def initialise(self, init: str, name: str, draws: Draws) -> None:
        """Fill the weights, each seed from its own stream.

        fan_in: U(-1/sqrt(fan_in), 1/sqrt(fan_in)) for weight and bias, PyTorch's default of dense layers and
        convolutions; normal_0.02: N(0, 0.02), zero bias (Radford et al. 2015); glorot: uniform with variance
        2 / (fan_in + fan_out), zero bias (Glorot & Bengio 2010, Eq. 16); he: U(-sqrt(6/fan_in), sqrt(6/fan_in)),
        zero bias (Gulrajani et al. 2017, code); orthogonal: uniform over orthogonal matrices, zero bias (Saxe et
        al. 2014); orthogonal_1.4: 1.4 times that (Mao et al. 2017, code of the mixture of Gaussians).
        """
        shape = self.weight.shape[1:]
        if init == "fan_in":
            bound = 1 / math.sqrt(self.fan_in)
            self.weight.copy_((2 * draws.uniform(name, 0, shape) - 1) * bound)
            if isinstance(self.bias, nn.Parameter):
                self.bias.copy_((2 * draws.uniform(name, 1, self.bias.shape[1:]) - 1) * bound)
        elif init == "normal_0.02":
            self.weight.copy_(0.02 * draws.normal(name, 0, shape))
        elif init == "glorot":
            bound = math.sqrt(6 / (self.fan_in + self.fan_out))
            self.weight.copy_((2 * draws.uniform(name, 0, shape) - 1) * bound)
        elif init == "he":
            self.weight.copy_((2 * draws.uniform(name, 0, shape) - 1) * math.sqrt(6 / self.fan_in))
        elif init.startswith("orthogonal"):
            gain = float(init.partition("_")[2] or 1)
            flat = draws.normal(name, 0, shape).flatten(2)
            tall = flat if flat.shape[1] >= flat.shape[2] else flat.transpose(1, 2)
            q, r = torch.linalg.qr(tall)
            # QR fixes the signs of R by its algorithm; with R's diagonal positive Q is uniform (Mezzadri 2007).
            q = q * r.diagonal(dim1=1, dim2=2).sign()[:, None]
            rows = q if tall is flat else q.transpose(1, 2)
            self.weight.copy_(gain * rows.reshape(self.weight.shape))
        else:
            raise ValueError(f"unknown init {init!r}")


class Linear(Weighted):
    """y = x W + b, [seeds, batch, inputs] to [seeds, batch, outputs]."""

    #: Set where gradients of gradients are taken: see `expect_second_derivatives`.
    plain = False

    def __init__(self, seeds: int, inputs: int, outputs: int, *, bias: bool = True) -> None:
        super().__init__(seeds, (inputs, outputs), outputs, (inputs, outputs), bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        """One batched matrix product for all seeds."""
        if self.sigma is None:
            if self.plain and len(x) == 1:
                one = (self.bias.squeeze(0), x.squeeze(0), self.weight.squeeze(0))
                return torch.addmm(*one).unsqueeze(0)
            return torch.baddbmm(self.bias[:, None], x, self.weight)
        # A batch has fewer rows than the weight: the output is what is cheap to scale.
        return torch.addcmul(self.bias[:, None], torch.bmm(x, self.weight), self.scale()[:, None])


def expect_second_derivatives(net: nn.Module) -> None:
    """Let a net use the forms of its layers whose gradients are cheap to differentiate.

    Values are equal. Rectifiers leave out their second derivative, which is zero. Dense layers of one seed use
    plain matrix products in place of batched ones: a gradient penalty gives a weight two gradients, of its
    product and of the product's own gradient. Those of plain products both have the weight's layout; of batched
    ones the second is transposed, and adding the two takes a tenth of a step. Without a penalty batched
    products are a little faster.
    """
    for layer in net.modules():
        if isinstance(layer, Linear):
            layer.plain = True
        elif isinstance(layer, Rectifier):
            layer.twice = True


def differentiated_twice(net: nn.Module) -> bool:
    """Whether second derivatives are expected of a net: see `expect_second_derivatives`."""
    return any(
        getattr(layer, "plain", False) or getattr(layer, "twice", False) for layer in net.modules()
    )


class BatchNorm(nn.Module):
    """Batch normalisation per seed and channel.

    Args:
        seeds: size of the leading axis.
        channels: features of a dense layer, or channels of a folded image.
        running: keep running means, used in eval mode (generators). Without them the batch's own moments
            are used in both modes (critics), as when the score of a batch is what is wanted.
    """

    running_mean: Tensor | None
    running_var: Tensor | None
    mixes_batch = True

    def __init__(self, seeds: int, channels: int, running: bool) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(seeds, channels))
        self.bias = nn.Parameter(torch.zeros(seeds, channels))
        self.register_buffer("running_mean", torch.zeros(seeds, channels) if running else None)
        self.register_buffer("running_var", torch.ones(seeds, channels) if running else None)

    @torch.no_grad()
    def initialise(self, init: str, name: str, draws: Draws) -> None:
        """Scale N(1, 0.02) with init normal_0.02 (Radford et al. 2015, code), else 1."""
        if init == "normal_0.02":
            self.weight.copy_(1 + 0.02 * draws.normal(name, 0, self.weight.shape[1:]))

    def forward(self, x: Tensor) -> Tensor:
        """Dense [seeds, batch, channels] or folded [batch, seeds * channels, H, W]."""
        if x.dim() == 4:
            return self._normalise(x)
        seeds, batch, channels = x.shape
        flat = x.transpose(0, 1).reshape(batch, seeds * channels)
        return self._normalise(flat).reshape(batch, seeds, channels).transpose(0, 1)

    def _normalise(self, x: Tensor) -> Tensor:
        mean, var = self.running_mean, self.running_var
        own = self.training or mean is None
        return F.batch_norm(
            x,
            mean if mean is None else mean.flatten(),
            var if var is None else var.flatten(),
            self.weight.flatten(),
            self.bias.flatten(),
            training=own,
        )


class LayerNorm(nn.Module):
    """Layer normalisation per seed and sample, over all features or over channels, height and width."""

    def __init__(self, seeds: int, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(seeds, channels))
        self.bias = nn.Parameter(torch.zeros(seeds, channels))

    def forward(self, x: Tensor) -> Tensor:
        """Dense [seeds, batch, channels] or folded [batch, seeds * channels, H, W]."""
        if x.dim() == 4:
            return F.group_norm(x, len(self.weight), self.weight.flatten(), self.bias.flatten())
        return F.layer_norm(x, x.shape[-1:]) * self.weight[:, None] + self.bias[:, None]


def norm(kind: str, seeds: int, channels: int, running: bool) -> list[nn.Module]:
    """The normalisation layer of a kind (none, batch, layer), as a list to splice into a Sequential."""
    if kind == "batch":
        return [BatchNorm(seeds, channels, running)]
    return [LayerNorm(seeds, channels)] if kind == "layer" else []


def needs_bias(norm: str) -> bool:
    """Whether a layer before this kind of normalisation needs a bias.

    Batch normalisation subtracts each channel's mean, and with it the bias, whose gradient is then rounding alone.
    """
    return norm != "batch"


def initialise(net: nn.Module, init: str, role: str, draws: Draws) -> None:
    """Initialise every layer of a net from streams named after role and layer."""
    for name, layer in net.named_modules():
        if isinstance(layer, Weighted | BatchNorm):
            layer.initialise(init, f"init/{role}/{name}", draws)


def batch_dependent(net: nn.Module) -> bool:
    """Whether a score depends on the other images of its batch."""
    return any(
        getattr(layer, "mixes_batch", False) or isinstance(layer, nn.modules.batchnorm._BatchNorm)
        for layer in net.modules()
    )


def images_per_score(net: nn.Module) -> int:
    """How many images of a batch one score judges together: the pack of a packed critic, 1 of any other."""
    return math.prod(getattr(layer, "images_per_score", 1) for layer in net.modules())


Settings = dict[str, Any]
