"""Energy-based GAN (Zhao et al. 2017): the critic is an autoencoder, its score the reconstruction error."""

from typing import Any

import torch
from torch import Tensor

from replication.methods import _base

LABEL = "EBGAN"
COLOUR = "#56B4E9"
ESTIMATE = {"name": "energy gap", "symbol": "ΔE", "unit": "pixel distance"}
RECIPE = {
    "source": "Zhao et al. 2017, Eqs. 1-4 and Table 1 (Adam 1e-3, margin 10); pulling-away weight 0.1",
    "critic": "autoencoder",
    "optimiser": "adam",
    "critic_lr": 1e-3,
    "generator_lr": 1e-3,
    "betas": [0.5, 0.999],
    "n_critic": 1,
    "batch": 64,
    "z": "normal",
    "critic_norm": "none",
    "options": {"margin": 10.0, "pulling_away": 0.1, "pretrain": 0},
    "deviations": [
        "the energy is the Euclidean norm over an image in [-1, 1]; the paper's MNIST scale is not printed",
        "one pair of shared nets; the paper searches over 512 multilayer perceptrons",
        "no pre-training on real images (a lecturer's advice, not the paper's): option pretrain, in critic steps",
    ],
}


class Method(_base.Method):
    """L_D = E D(x) + E max(0, m - D(G(z))) and L_G = E D(G(z)) + w PT; scores are energies D >= 0.

    Args:
        margin: m, in the unit of the energy.
        pulling_away: w, the weight of the pulling-away term PT.
        pretrain: critic steps on real images alone before the game starts.
    """

    orientation = -1.0

    def __init__(self, margin: float, pulling_away: float, pretrain: int) -> None:
        self.margin, self.weight, self.pretrain = margin, pulling_away, pretrain

    def critic_loss(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """Low energy for real images; up to the margin, sample by sample, for generated ones (Eq. 1)."""
        return real_scores.mean(1) + (self.margin - fake_scores).relu().mean(1)

    def generator_loss(self, fake_scores: Tensor) -> Tensor:
        """Low energy for generated images (Eq. 2)."""
        return fake_scores.mean(1)

    def generator_objective(self, critic: Any, fake: Tensor) -> Tensor:
        """Eq. 2 plus the pulling-away term on the encoder's codes (generator only, section 2.4)."""
        codes = critic.encode(fake)
        return self.generator_loss(critic.energy(fake, codes)) + self.weight * pulling_away(codes)

    def estimate(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """Energy of generated images above that of real ones; at most about the margin."""
        return fake_scores.mean(1) - real_scores.mean(1)


def pulling_away(codes: Tensor) -> Tensor:
    """PT = mean over pairs i != j of the squared cosine between codes (Eq. 4).

    The Gram matrix of the unit codes never needs its N^2 entries: the sum of their squares is the squared
    Frobenius norm of the [features, features] matrix U^T U where that is the smaller one.

    Args:
        codes: encoder outputs [seeds, batch, features].

    Returns:
        [seeds], each in [0, 1].
    """
    unit = torch.nn.functional.normalize(codes, dim=2)
    n, features = unit.shape[1:]
    gram = unit.transpose(1, 2) @ unit if features < n else unit @ unit.transpose(1, 2)
    diagonal = unit.square().sum(2).square().sum(1)
    return (gram.square().sum((1, 2)) - diagonal) / (n * (n - 1))
