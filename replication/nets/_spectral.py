"""Spectral normalisation with a seeds axis (Miyato et al. 2018, section 2.1 and appendix A)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from replication.nets._layers import Weighted


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


def spectrally_normalise(net: nn.Module, iterations: int) -> None:
    """Let every dense and convolutional layer of a net use W / sigma(W), in place.

    A dense layer divides its output instead of its weight, which is the same function.
    """
    for layer in list(net.modules()):
        if isinstance(layer, Weighted):
            layer.sigma = LargestSingularValue(layer.weight, iterations)
