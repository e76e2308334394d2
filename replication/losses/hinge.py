"""The hinge loss (Lim and Ye 2017; Miyato et al. 2018, Eqs. 16 and 17)."""

from __future__ import annotations

from torch import Tensor

from replication.losses import _base

LABEL = "Hinge"


class Loss(_base.Loss):
    """Scores beyond the margin of one cost the critic nothing."""

    def critic_loss(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """E max(0, 1 - D(x)) + E max(0, 1 + D(G(z)))."""
        return (1 - real_scores).relu().mean(1) + (1 + fake_scores).relu().mean(1)

    def generator_loss(self, fake_scores: Tensor, real_scores: Tensor | None = None) -> Tensor:
        """-E D(G(z))."""
        return -fake_scores.mean(1)

    def estimate(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """Total variation as D sees it, at most 1, exact for the optimal D: 1 - L_D / 2.

        The least loss over all functions of single images is int p + q - |p - q| = 2 - 2 TV.
        """
        return 1 - self.critic_loss(real_scores, fake_scores) / 2
