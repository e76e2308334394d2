"""Squared distances of scores to codes (Mao et al. 2017, Eqs. 2 and 9)."""

from __future__ import annotations

from torch import Tensor

from replication.losses import _base

LABEL = "Least squares"
OPTIONS = {"coding": [0.0, 1.0, 1.0]}


class Loss(_base.Loss):
    """L_D = E(D(x) - b)^2 / 2 + E(D(G(z)) - a)^2 / 2 and L_G = E(D(G(z)) - c)^2 / 2.

    Args:
        coding: (a, b, c): (0, 1, 1) is the one the paper's experiments use; with (-1, 1, 0) the generator
            minimises a Pearson chi2 divergence (section 3.2). No sigmoid: D is linear.
    """

    def __init__(self, coding: list[float]) -> None:
        self.fake_code, self.real_code, self.generator_code = coding

    def critic_loss(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """Half the squared distance of the scores to their codes."""
        real, fake = real_scores - self.real_code, fake_scores - self.fake_code
        return (real.square().mean(1) + fake.square().mean(1)) / 2

    def generator_loss(self, fake_scores: Tensor, real_scores: Tensor | None = None) -> Tensor:
        """Half the squared distance to the code the generator wants."""
        return (fake_scores - self.generator_code).square().mean(1) / 2

    def estimate(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """chi2_Pearson(p_d + p_g || 2 p_g) as D sees it, at most 2, exact for the optimal D.

        The optimal D = (b p_d + a p_g) / (p_d + p_g) has loss (b - a)^2 I / 2 with
        I = int p_d p_g / (p_d + p_g), and the divergence of the paper's Theorem 1 is 2 - 4 I; any other
        function of single images has a larger loss. So it can be read off the critic's loss under every coding.
        """
        width = (self.real_code - self.fake_code) ** 2
        return 2 - 8 * self.critic_loss(real_scores, fake_scores) / width
