"""Weight normalisation with a seeds axis (Salimans & Kingma 2016), its scale fixed to 1 (Miyato et al. 2018)."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.utils.parametrize import register_parametrization

from replication.nets._layers import PLAIN, Weighted


def unit_norms(weight: Tensor) -> Tensor:
    """Euclidean norm of the weights that enter each output unit: [seeds, outputs].

    Args:
        weight: dense [seeds, inputs, outputs], or a kernel [seeds, outputs, inputs, k, k].
    """
    norms: Tensor = weight.norm(dim=1) if weight.dim() == 3 else weight.flatten(2).norm(dim=2)
    return norms


class UnitNorms(nn.Module):
    """The weight [outputs, ...] of a plain layer of torch over the norm of each output unit's."""

    def forward(self, weight: Tensor) -> Tensor:
        """w / |w|."""
        return weight / weight.flatten(1).norm(dim=1).reshape(-1, *[1] * (weight.dim() - 1))


def weight_normalise(net: nn.Module) -> None:
    """Let every dense and convolutional layer of a net use w / |w| for each of its output units, in place.

    A dense layer of ours divides its output instead of its weight, which is the same function. Biases stay as they are;
    there is no learned scale.
    """
    for layer in list(net.modules()):
        if isinstance(layer, Weighted):
            layer.sigma = unit_norms
        elif isinstance(layer, PLAIN):
            register_parametrization(layer, "weight", UnitNorms())
