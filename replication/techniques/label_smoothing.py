"""Soft labels for the discriminator (Salimans et al. 2016, section 3.4)."""

from __future__ import annotations

from torch import Tensor

from replication.techniques import _base

LABEL = "Label smoothing"
OPTIONS = {"real_label": 0.9, "fake_label": 0.0}
NEEDS = ["probabilities"]


class Technique(_base.Technique):
    """Cross-entropy to the labels alpha and beta instead of 1 and 0.

    Args:
        real_label: alpha, of real images.
        fake_label: beta, of generated ones; 0 is one-sided smoothing.
    """

    def __init__(self, real_label: float, fake_label: float) -> None:
        self.real, self.fake = real_label, fake_label

    def critic_loss(self, loss: Tensor, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """The loss is linear in a label, and the derivative of a sample's loss by its label is minus the logit."""
        return loss + (1 - self.real) * real_scores.mean(1) - self.fake * fake_scores.mean(1)
