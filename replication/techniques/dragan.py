"""DRAGAN: slopes of one in the neighbourhood of the data (Kodali et al. 2017 and code)."""

from __future__ import annotations

from torch import Tensor

from replication.techniques import _base
from replication.techniques._base import Critic
from replication.techniques._batch import Batch
from replication.techniques._slopes import input_gradient_norm, interpolate
from replication.techniques.gradient_penalty import slope_penalty

LABEL = "DRAGAN"
OPTIONS = {"lambda_dragan": 10.0, "radius": 0.5}


class Technique(_base.Technique):
    """lambda E(|grad D(x_hat)| - 1)^2 on the way from a real image to a noisy copy of it, as the authors' code has it.

    The paper writes x + delta with Gaussian delta. In the code a copy is x + radius s u, where s is the standard
    deviation of the whole batch and u uniform on [0, 1) for every pixel.

    Args:
        lambda_dragan: lambda (authors' code: 10).
        radius: the size of the noise in units of s (authors' code: 0.5).
    """

    differentiates_twice = True

    def __init__(self, lambda_dragan: float, radius: float) -> None:
        self.weight, self.radius = lambda_dragan, radius

    def penalty(self, critic: Critic, batch: Batch, fake: Tensor) -> Tensor:
        """One share of the way per image."""
        real = batch.real
        deviation = real.flatten(1).std(1, correction=0).reshape(-1, *[1] * (real.dim() - 1))
        noisy = real + self.radius * deviation * batch.noise.uniform(
            "dragan", tuple(real.shape[1:])
        )
        epsilon = batch.noise.uniform("epsilon", tuple(real.shape[1:2]))
        points = interpolate(noisy, real, epsilon)
        norms = input_gradient_norm(critic(points), points, create_graph=True)
        return self.weight * slope_penalty(norms, one_sided=False)
