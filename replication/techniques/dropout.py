"""Dropout in the critic (Srivastava et al. 2014; Goodfellow et al. 2014, code of the maxout discriminator)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from replication.nets._convolutions import fold
from replication.nets._layers import Linear, Weighted
from replication.techniques import _base
from replication.techniques._batch import Noise
from replication.tensors.draws import Draws

LABEL = "Dropout"
OPTIONS = {"drop_inputs": 0.2, "drop_hidden": 0.5}


class Technique(_base.Technique):
    """Inputs of the critic's first layer, and of every further dense layer, are zero with a probability.

    Those that stay are divided by the share that stays. Training steps of both players have it, and records do not.
    Layers of this package are changed; nets of plain torch modules bring their own.

    Args:
        drop_inputs: of the images (the paper's code: 0.2).
        drop_hidden: of the inputs of dense layers (the paper's code: 0.5).
    """

    def __init__(self, drop_inputs: float, drop_hidden: float) -> None:
        self.rates = drop_inputs, drop_hidden
        self.drops: list[Drop] = []

    def wrap_critic(self, critic: nn.Module, draws: Draws) -> nn.Module:
        """Let the layers drop."""
        weighted = [layer for layer in critic.modules() if isinstance(layer, Weighted)]
        for i, layer in enumerate(weighted):
            if i == 0 or isinstance(layer, Linear):
                self.drops.append(Drop(f"dropout/{i}", self.rates[min(i, 1)], len(draws.seeds)))
                layer.register_forward_pre_hook(self.drops[-1])
        return critic

    def inputs(self, images: Tensor, noise: Noise) -> Tensor:
        """The same images; what is dropped in the passes that follow is the noise's."""
        for drop in self.drops:
            drop.noise = noise
        return images


class Drop:
    """What a layer does to its input before it.

    Args:
        name: of its noise.
        rate: the probability that a number is dropped.
        seeds: size of the leading axis.
    """

    def __init__(self, name: str, rate: float, seeds: int) -> None:
        self.name, self.rate, self.seeds = name, rate, seeds
        self.noise: Noise | None = None

    def __call__(self, layer: nn.Module, given: tuple[Tensor]) -> tuple[Tensor] | None:
        """Dense [seeds, batch, n] or folded [batch, seeds * C, H, W]; in eval mode nothing is dropped."""
        (x,) = given
        if not layer.training or self.noise is None or not self.rate:
            return None
        dense = x.dim() == 3
        shape = tuple(x.shape[1:]) if dense else (len(x), x.shape[1] // self.seeds, *x.shape[2:])
        drawn = self.noise.uniform(f"{self.name}/{shape[0]}", shape)
        kept = (drawn if dense else fold(drawn)) >= self.rate
        return (torch.where(kept, x / (1 - self.rate), 0.0),)
