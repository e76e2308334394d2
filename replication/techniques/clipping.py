"""Weight clipping (Arjovsky et al. 2017, Algorithm 1)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from replication.nets._layers import PLAIN, Weighted
from replication.techniques import _base

LABEL = "Weight clipping"
OPTIONS = {"clip": 0.01, "biases": True}


class Technique(_base.Technique):
    """w <- clip(w, -c, c) after each critic step.

    Args:
        clip: c; or one for each entry of the leading axis.
        biases: for every parameter, normalisation layers' included, as in the authors' code; else for the weights
            of dense and convolutional layers alone, as in that of Korotin et al. 2022.
    """

    def __init__(self, clip: float | list[float], biases: bool = True) -> None:
        self.clip, self.biases = clip, biases

    @torch.no_grad()
    def after_critic_step(self, critic: nn.Module) -> None:
        """Clip."""
        layers = (layer for layer in critic.modules() if isinstance(layer, (Weighted, *PLAIN)))
        for weight in critic.parameters() if self.biases else (layer.weight for layer in layers):
            self._clip(weight)

    def _clip(self, weight: Tensor) -> None:
        if isinstance(self.clip, float | int):
            weight.clamp_(-self.clip, self.clip)
        else:
            limit = weight.new_tensor(self.clip).reshape(-1, *[1] * (weight.dim() - 1))
            weight.clamp_(-limit, limit)
