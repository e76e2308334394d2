"""R1: slopes of the critic at real images cost (Mescheder et al. 2018, Eq. 9)."""

from __future__ import annotations

from torch import Tensor

from replication.techniques import _base
from replication.techniques._base import Critic
from replication.techniques._batch import Batch
from replication.techniques._slopes import input_gradient_norm

LABEL = "R1 penalty"
OPTIONS = {"gamma_r1": 10.0}


class Technique(_base.Technique):
    """gamma / 2 E |grad D(x)|^2 at real images x.

    With `r2` and the loss `relativistic` it makes the objective of R3GAN (Huang et al. 2024, section 2).

    Args:
        gamma_r1: gamma (Mescheder et al. 2018: 10).
    """

    differentiates_twice = True

    def __init__(self, gamma_r1: float) -> None:
        self.gamma = gamma_r1

    def penalty(self, critic: Critic, batch: Batch, fake: Tensor) -> Tensor:
        """At the images that the critic has just scored."""
        return flatness_penalty(critic, batch.real, self.gamma)


def flatness_penalty(critic: Critic, images: Tensor, gamma: float) -> Tensor:
    """gamma / 2 E |grad D|^2 at images [seeds, batch, ...]: [seeds]."""
    leaf = images.detach().requires_grad_()
    slopes = input_gradient_norm(critic(leaf), leaf, create_graph=True)
    return gamma / 2 * slopes.square().mean(1)
