"""GAN, the minimax game itself (Goodfellow et al. 2014): the generator minimises log(1 - D(G(z)))."""

from torch import Tensor

from replication.methods import _base, _losses

LABEL = "GAN (minimax)"
COLOUR = "#000000"
ESTIMATE = {"name": "JS", "symbol": "JS", "unit": "nats"}
RECIPE = {
    "source": "loss: Goodfellow et al. 2014, Eq. 1; optimiser and batch: Radford et al. 2015, section 4",
    "optimiser": "adam",
    "critic_lr": 2e-4,
    "generator_lr": 2e-4,
    "betas": [0.5, 0.999],
    "n_critic": 1,
    "batch": 64,
    "z": "uniform",
    "deviations": [
        "Goodfellow et al. train maxout nets with momentum SGD (batch 100, rate 0.1, decayed) and dropout; "
        "here every objective gets one pair of nets, so its optimiser is the one of the DCGAN paper",
        "batch 64 (DCGAN: 128), the size that most of the compared papers use",
    ],
}


class Method(_base.Method):
    """min_G max_D E log D(x) + E log(1 - D(G(z))); scores are logits of D."""

    def critic_loss(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """Binary cross-entropy on both halves."""
        return _losses.discriminator_loss(real_scores, fake_scores)

    def generator_loss(self, fake_scores: Tensor) -> Tensor:
        """E log(1 - D(G(z))): saturates where D rejects every sample."""
        return _losses.log_sigmoid(-fake_scores).mean(1)

    def estimate(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """Jensen-Shannon divergence as D sees it, nats, at most log 2."""
        return _losses.jensen_shannon_estimate(real_scores, fake_scores)
