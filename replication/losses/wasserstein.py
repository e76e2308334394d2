"""The score gap, with no sigmoid and no log (Arjovsky et al. 2017, Eqs. 2 and 3)."""

from __future__ import annotations

from torch import Tensor

from replication.losses import _base

LABEL = "Wasserstein"


class Loss(_base.Loss):
    """The critic maximises E f(x) - E f(G(z)) among the functions that a technique leaves it."""

    def critic_loss(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """E f(G(z)) - E f(x)."""
        return -_base.score_gap(real_scores, fake_scores)

    def generator_loss(self, fake_scores: Tensor, real_scores: Tensor | None = None) -> Tensor:
        """-E f(G(z))."""
        return -fake_scores.mean(1)

    def estimate(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """E f(x) - E f(G(z)): the W estimate, up to the critic's Lipschitz constant."""
        return _base.score_gap(real_scores, fake_scores)
