"""Energies up to a margin (Zhao et al. 2017, Eqs. 1 and 2): low for real images, high for generated ones."""

from __future__ import annotations

from torch import Tensor

from replication.losses import _base

LABEL = "Energy"
OPTIONS = {"margin": 10.0}
NEEDS = ["autoencoder"]


class Loss(_base.Loss):
    """L_D = E D(x) + E max(0, m - D(G(z))) and L_G = E D(G(z)); scores are energies D >= 0.

    Args:
        margin: m, in the unit of the energy.
    """

    orientation = -1.0

    def __init__(self, margin: float) -> None:
        self.margin = margin

    def critic_loss(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """Low energy for real images; up to the margin, sample by sample, for generated ones (Eq. 1)."""
        return real_scores.mean(1) + (self.margin - fake_scores).relu().mean(1)

    def generator_loss(self, fake_scores: Tensor, real_scores: Tensor | None = None) -> Tensor:
        """Low energy for generated images (Eq. 2)."""
        return fake_scores.mean(1)

    def estimate(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """Energy of generated images above that of real ones; at most about the margin."""
        return fake_scores.mean(1) - real_scores.mean(1)
