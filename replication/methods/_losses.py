"""Losses that several methods share. Scores [seeds, batch] in, one value per seed [seeds] out."""

from __future__ import annotations

import math

from torch import Tensor
from torch.nn.functional import softplus


def log_sigmoid(scores: Tensor) -> Tensor:
    """log D for logits `scores`, elementwise, without overflow."""
    return -softplus(-scores)


def discriminator_loss(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """-(E log D(x) + E log(1 - D(G(z)))), Goodfellow et al. 2014, Eq. 1, on logits."""
    return softplus(-real_scores).mean(1) + softplus(fake_scores).mean(1)


def non_saturating_loss(fake_scores: Tensor) -> Tensor:
    """-E log D(G(z)), Goodfellow et al. 2014, section 3."""
    return softplus(-fake_scores).mean(1)


def jensen_shannon_estimate(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """JS(p_data, p_g) in nats as D sees it, exact for the optimal D: (log 4 - L_D) / 2.

    Goodfellow et al. 2014, Theorem 1 (C(G) = -log 4 + 2 JS); the curve of Arjovsky et al. 2017, fig. 4. When it is a
    lower bound, `Method.estimate` says.
    """
    return math.log(2) - discriminator_loss(real_scores, fake_scores) / 2


def score_gap(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """E f(x) - E f(G(z)): W times the Lipschitz constant of f, if f is the optimal critic of its class."""
    return real_scores.mean(1) - fake_scores.mean(1)
