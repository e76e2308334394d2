"""Spectrally normalised GAN (Miyato et al. 2018)."""

from torch import Tensor, nn

from replication.methods import _base, _losses
from replication.nets._spectral import spectrally_normalise

LABEL = "SN-GAN"
COLOUR = "#CC79A7"
ESTIMATE = {"name": "TV", "symbol": "TV", "unit": "0 to 1"}
CHOICES = {"loss": ["hinge", "non_saturating"]}
RECIPE = {
    "source": "Miyato et al. 2018, Eqs. 16-17 and setting C of Table 1",
    "optimiser": "adam",
    "critic_lr": 2e-4,
    "generator_lr": 2e-4,
    "betas": [0.5, 0.999],
    "n_critic": 1,
    "batch": 64,
    "z": "normal",
    "critic_norm": "none",
    "options": {"loss": "hinge", "power_iterations": 1},
    "deviations": [
        "one power iteration per critic pass; real and generated images share the pass of a critic step, "
        "so that is one per step (authors' code: one for each half)",
        "the initial weights and the slope of the leaky ReLU (0.2; authors: 0.1) are those of the shared nets",
    ],
}


class Method(_base.Method):
    """Hinge or non-saturating loss on a critic whose every layer has spectral norm 1."""

    def __init__(self, loss: str, power_iterations: int) -> None:
        self.hinge, self.power_iterations = loss == "hinge", power_iterations

    def wrap(self, critic: nn.Module) -> None:
        """Divide every layer's weight by its largest singular value."""
        spectrally_normalise(critic, self.power_iterations)

    def critic_loss(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """E max(0, 1 - D(x)) + E max(0, 1 + D(G(z))), Eq. 16; or cross-entropy."""
        if self.hinge:
            return (1 - real_scores).relu().mean(1) + (1 + fake_scores).relu().mean(1)
        return _losses.discriminator_loss(real_scores, fake_scores)

    def generator_loss(self, fake_scores: Tensor) -> Tensor:
        """-E D(G(z)), Eq. 17; or -E log D(G(z))."""
        return -fake_scores.mean(1) if self.hinge else _losses.non_saturating_loss(fake_scores)

    def estimate(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """Exact for the optimal D: total variation under hinge, JS otherwise.

        The least hinge loss over all functions of single images is int p + q - |p - q| = 2 - 2 TV.
        """
        if self.hinge:
            return 1 - self.critic_loss(real_scores, fake_scores) / 2
        return _losses.jensen_shannon_estimate(real_scores, fake_scores)
