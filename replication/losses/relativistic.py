"""Relativistic pairing: real scores above generated ones (Jolicoeur-Martineau 2019; Huang et al. 2024)."""

from __future__ import annotations

import math

from torch import Tensor
from torch.nn.functional import softplus

from replication.losses import _base

LABEL = "Relativistic pairing"


class Loss(_base.Loss):
    """L_D = E log(1 + exp(D(G(z)) - D(x))); the generator's loss is the same with the roles exchanged.

    With the techniques `r1` and `r2` it is the objective of R3GAN (Huang et al. 2024, section 2).
    """

    paired = True

    def critic_loss(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """Real above generated."""
        return softplus(fake_scores - real_scores).mean(1)

    def generator_loss(self, fake_scores: Tensor, real_scores: Tensor | None = None) -> Tensor:
        """Generated above real."""
        assert real_scores is not None
        return softplus(real_scores - fake_scores).mean(1)

    def estimate(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """What the critic does better than one that cannot tell the two apart: log 2 - L_D, at most log 2."""
        return math.log(2) - self.critic_loss(real_scores, fake_scores)
