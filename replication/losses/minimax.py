"""The minimax game itself (Goodfellow et al. 2014, Eq. 1): the generator minimises log(1 - D(G(z)))."""

from __future__ import annotations

import math

from torch import Tensor
from torch.nn.functional import softplus

from replication.losses import _base

LABEL = "Minimax"
OFFERS = ["probabilities"]


class Loss(_base.Loss):
    """min_G max_D E log D(x) + E log(1 - D(G(z))); scores are logits of D."""

    def critic_loss(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """-(E log D(x) + E log(1 - D(G(z)))): binary cross-entropy on both halves, without overflow."""
        return softplus(-real_scores).mean(1) + softplus(fake_scores).mean(1)

    def generator_loss(self, fake_scores: Tensor, real_scores: Tensor | None = None) -> Tensor:
        """E log(1 - D(G(z))): saturates where D rejects every sample."""
        return -softplus(fake_scores).mean(1)

    def estimate(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """JS(p_data, p_g) in nats as D sees it, at most log 2, exact for the optimal D: (log 4 - L_D) / 2.

        Goodfellow et al. 2014, Theorem 1 (C(G) = -log 4 + 2 JS); the curve of Arjovsky et al. 2017, fig. 4.
        When it is a lower bound, `Loss.estimate` says.
        """
        return math.log(2) - self.critic_loss(real_scores, fake_scores) / 2
