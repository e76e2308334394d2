"""The discriminator of the minimax game; the generator minimises -log D(G(z)) (Goodfellow et al. 2014, section 3)."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import softplus

from replication.losses import minimax

LABEL = "Non-saturating"
OFFERS = ["probabilities"]


class Loss(minimax.Loss):
    """The minimax discriminator; the generator maximises E log D(G(z))."""

    def generator_loss(self, fake_scores: Tensor, real_scores: Tensor | None = None) -> Tensor:
        """-E log D(G(z))."""
        return softplus(-fake_scores).mean(1)
