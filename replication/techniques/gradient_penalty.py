"""Gradient penalty between real and generated images (Gulrajani et al. 2017, Eq. 3)."""

from __future__ import annotations

from torch import Tensor

from replication.techniques import _base
from replication.techniques._base import Critic
from replication.techniques._batch import Batch
from replication.techniques._slopes import input_gradient_norm, interpolate

LABEL = "Gradient penalty"
OPTIONS = {"lambda_gp": 10.0, "one_sided": False}


class Technique(_base.Technique):
    """lambda_gp E(|grad f(x_hat)| - 1)^2 at points x_hat between a real and a generated image.

    Args:
        lambda_gp: the weight.
        one_sided: punish slopes above one only (appendix C).
    """

    differentiates_twice = True

    def __init__(self, lambda_gp: float, one_sided: bool = False) -> None:
        self.lambda_gp, self.one_sided = lambda_gp, one_sided

    def penalty(self, critic: Critic, batch: Batch, fake: Tensor) -> Tensor:
        """One epsilon and one norm per sample."""
        epsilon = batch.noise.uniform("epsilon", tuple(fake.shape[1:2]))
        points = interpolate(batch.real, fake, epsilon)
        norms = input_gradient_norm(critic(points), points, create_graph=True)
        return self.lambda_gp * slope_penalty(norms, self.one_sided)


def slope_penalty(norms: Tensor, one_sided: bool) -> Tensor:
    """E(norm - 1)^2, or E max(0, norm - 1)^2 (one-sided); norms [seeds, batch] to [seeds]."""
    excess = norms - 1
    return (excess.relu() if one_sided else excess).square().mean(1)
