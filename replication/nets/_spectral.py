"""Spectral normalisation with a seeds axis (Miyato et al. 2018, section 2.1 and appendix A)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize
from torch.nn.utils.parametrize import register_parametrization

from replication.nets._layers import PLAIN, Weighted


class LargestSingularValue(nn.Module):
    """sigma(W) by power iteration on the weight reshaped to a matrix per seed.

    A kernel [outputs, inputs, k, k] becomes [outputs, inputs * k * k], as in the authors' code; its norm
    is not that of the convolution as an operator. In train mode every evaluation first takes `iterations`
    power iterations and keeps the vector u; in eval mode u stays as it is.
    """

    u: Tensor

    def __init__(self, weight: Tensor, iterations: int) -> None:
        super().__init__()
        self.iterations = iterations
        generator = torch.Generator().manual_seed(0)
        start = torch.randn(weight.flatten(2).shape[1], generator=generator)
        self.register_buffer("u", normalize(start, dim=0).to(weight).repeat(len(weight), 1))

    def forward(self, weight: Tensor) -> Tensor:
        """Weight [seeds, rows, ...] to u^T W v [seeds], whose gradient is u v^T."""
        matrix = weight.flatten(2)
        for _ in range(self.iterations - 1 if self.training else 0):
            self.u = self._left(matrix.detach())
        with torch.no_grad():
            v = normalize(torch.bmm(self.u[:, None], matrix)[:, 0], dim=1)
        image = torch.bmm(matrix, v[:, :, None])[:, :, 0]
        if self.training:
            self.u = normalize(image.detach(), dim=1)
        return (self.u * image).sum(1)

    def _left(self, matrix: Tensor) -> Tensor:
        """One power iteration: u to the normalised W W^T u."""
        v = torch.bmm(self.u[:, None], matrix)
        return normalize(torch.bmm(matrix, v.transpose(1, 2))[:, :, 0], dim=1)


class Held(nn.Module):
    """A norm that the backward pass takes for a constant."""

    def __init__(self, norm: nn.Module) -> None:
        super().__init__()
        self.norm = norm

    def forward(self, weight: Tensor) -> Tensor:
        """The norm [seeds] of a weight [seeds, ...], without a gradient."""
        value: Tensor = self.norm(weight)
        return value.detach()


class Normalised(nn.Module):
    """The weight [rows, ...] of a plain layer of torch over its norm."""

    def __init__(self, norm: nn.Module) -> None:
        super().__init__()
        self.norm = norm

    def forward(self, weight: Tensor) -> Tensor:
        """W / sigma(W)."""
        divided: Tensor = weight / self.norm(weight[None]).squeeze(0)
        return divided


def spectrally_normalise(net: nn.Module, iterations: int, held: bool = False) -> None:
    """Let every dense and convolutional layer of a net use W / sigma(W), in place.

    A dense layer of ours divides its output instead of its weight, which is the same function.

    Args:
        net: of this package's layers or of torch's own.
        iterations: power iterations per pass.
        held: take sigma for a constant in the backward pass.
    """

    def norm(weight: Tensor) -> nn.Module:
        sigma = LargestSingularValue(weight, iterations)
        return Held(sigma) if held else sigma

    for layer in list(net.modules()):
        if isinstance(layer, Weighted):
            layer.sigma = norm(layer.weight)
        elif isinstance(layer, PLAIN):
            register_parametrization(layer, "weight", Normalised(norm(layer.weight[None])))
