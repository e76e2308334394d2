"""R2: slopes of the critic at generated images cost (Mescheder et al. 2018, Eq. 10)."""

from __future__ import annotations

from torch import Tensor

from replication.techniques import _base
from replication.techniques._base import Critic
from replication.techniques._batch import Batch
from replication.techniques.r1 import flatness_penalty

LABEL = "R2 penalty"
OPTIONS = {"gamma_r2": 10.0}


class Technique(_base.Technique):
    """gamma / 2 E |grad D(G(z))|^2 at generated images.

    Args:
        gamma_r2: gamma (Mescheder et al. 2018: 10).
    """

    differentiates_twice = True

    def __init__(self, gamma_r2: float) -> None:
        self.gamma = gamma_r2

    def penalty(self, critic: Critic, batch: Batch, fake: Tensor) -> Tensor:
        """At the images that the critic has just scored."""
        return flatness_penalty(critic, fake, self.gamma)
