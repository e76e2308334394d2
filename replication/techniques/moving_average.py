"""Samples come from a moving average of the generator's weights (Karras et al. 2018, appendix A.1)."""

from __future__ import annotations

import copy
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from replication.techniques import _base
from replication.tensors.draws import Draws

LABEL = "Moving average of the generator"
OPTIONS = {"average_decay": 0.999}


class Technique(_base.Technique):
    """w_average <- d w_average + (1 - d) w after every generator step; training itself does not see the average.

    Running means of batch normalisation are copied, as in later code of the same authors. A technique that changes
    the generator's layers is named before it.

    Args:
        average_decay: d (Karras et al. 2018: 0.999).
    """

    def __init__(self, average_decay: float) -> None:
        self.decay = average_decay

    def wrap_generator(self, generator: nn.Module, draws: Draws) -> nn.Module:
        """The generator itself; the average begins where it begins."""
        self.average = copy.deepcopy(generator).requires_grad_(False)
        return generator

    @torch.no_grad()
    def after_generator_step(self, generator: nn.Module) -> None:
        """Average the weights and copy the buffers."""
        for average, weight in zip(self.average.parameters(), generator.parameters(), strict=True):
            average.lerp_(weight, 1 - self.decay)
        for held, buffer in zip(self.average.buffers(), generator.buffers(), strict=True):
            held.copy_(buffer)

    def sampling_generator(self, generator: nn.Module) -> nn.Module:
        """The average."""
        return self.average

    def state(self) -> Mapping[str, Tensor]:
        """The average's weights and buffers."""
        return self.average.state_dict()
