"""Virtual batch normalisation of the generator (Salimans et al. 2016, section 3.5 and code)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from replication.nets._layers import BatchNorm, Linear
from replication.techniques import _base
from replication.techniques._base import Players
from replication.techniques._batch import Batch
from replication.tensors.draws import Draws

LABEL = "Virtual batch norm"
OPTIONS = {"reference": 64}
NEEDS = ["unlabelled"]


class Technique(_base.Technique):
    """Each sample is normalised by the moments of a fixed reference batch and of itself, not of its own batch.

    Every pass sends the reference z through the generator first. Layers of this package are changed; a generator
    without batch normalisation stays as it is.

    Args:
        reference: n, the samples of the reference batch (the paper: the size of a batch).
    """

    def __init__(self, reference: int) -> None:
        self.samples = reference
        self.virtual: Virtual | None = None

    def wrap_generator(self, generator: nn.Module, draws: Draws) -> nn.Module:
        """Replace its batch normalisations."""
        if not replaced(generator, self.samples):
            return generator
        self.virtual = Virtual(generator, self.samples)
        return self.virtual

    def before_training(self, players: Players, batches: Callable[[int], Batch]) -> None:
        """Choose the reference z, once: the critic's first."""
        if self.virtual is not None:
            first = batches(0).z
            more = range(1, -(-self.samples // first.shape[1]))
            z = torch.cat([first, *(batches(i).z for i in more)], 1)
            self.virtual.reference.copy_(z[:, : self.samples])


class Virtual(nn.Module):
    """A generator whose batches begin with the reference."""

    reference: Tensor

    def __init__(self, generator: nn.Module, samples: int) -> None:
        super().__init__()
        self.generator = generator
        # A generator begins with the dense layer that z enters.
        first = next(layer for layer in generator.modules() if isinstance(layer, Linear)).weight
        self.register_buffer("reference", first.new_zeros(len(first), samples, first.shape[1]))

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """What z alone gives."""
        both: Tensor = self.generator(torch.cat([self.reference, z], 1))
        return both[:, self.reference.shape[1] :]


class VirtualBatchNorm(nn.Module):
    """A batch normalisation that takes the first n samples of its input for the reference, which it normalises alone.

    A later sample counts as one more beside them: mean and mean square are n / (n + 1) the reference's and
    1 / (n + 1) its own, over its pixels.

    Args:
        norm: whose scale and shift it has.
        samples: n.
    """

    def __init__(self, norm: BatchNorm, samples: int) -> None:
        super().__init__()
        self.weight, self.bias, self.samples = norm.weight, norm.bias, samples

    def forward(self, x: Tensor) -> Tensor:
        """Dense [seeds, batch, channels] or folded [batch, seeds * channels, H, W]."""
        dense = x.dim() == 3
        rows = (
            x.transpose(0, 1)[..., None]
            if dense
            else x.unflatten(1, (len(self.weight), -1)).flatten(3)
        )
        normalised = self._normalised(rows)
        return normalised.squeeze(3).transpose(0, 1) if dense else normalised.reshape(x.shape)

    def _normalised(self, x: Tensor) -> Tensor:
        """Of [batch, seeds, channels, pixels]."""
        n = self.samples
        # Moments about the reference's mean, which takes no difference of large squares.
        x = x - x[:n].mean((0, 3), keepdim=True)
        means, squares = (own.mean(3, keepdim=True) for own in (x, x.square()))
        variance = squares[:n].mean(0, keepdim=True).expand_as(squares[:n])
        shift = means[n:] / (n + 1)
        spread = (n * variance[:1] + squares[n:]) / (n + 1) - shift.square()
        shifts = torch.cat([torch.zeros_like(means[:n]), shift])
        scale = self.weight[..., None] * (torch.cat([variance, spread]) + 1e-5).rsqrt()
        return (x - shifts) * scale + self.bias[..., None]


def replaced(net: nn.Module, samples: int) -> bool:
    """Put a virtual one in the place of every batch normalisation of a net; False where there is none."""
    found = [
        (parent, name, layer)
        for parent in net.modules()
        for name, layer in parent.named_children()
        if isinstance(layer, BatchNorm)
    ]
    for parent, name, layer in found:
        setattr(parent, name, VirtualBatchNorm(layer, samples))
    return bool(found)
