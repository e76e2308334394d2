"""Wasserstein GAN with weight clipping (Arjovsky et al. 2017)."""

import torch
from torch import Tensor, nn

from replication.methods import _base, _losses

LABEL = "WGAN (clip)"
COLOUR = "#D55E00"
ESTIMATE = {"name": "W", "symbol": "Ŵ", "unit": "K × pixel distance"}
RECIPE = {
    "source": "Arjovsky et al. 2017, Algorithm 1 and section 4",
    "optimiser": "rmsprop",
    "critic_lr": 5e-5,
    "generator_lr": 5e-5,
    "n_critic": 5,
    "batch": 64,
    "z": "normal",
    "options": {"clip": 0.01, "warm_up": False},
    "deviations": [
        "no warm-up (Algorithm 1 has none); the authors' code takes 100 critic steps before each of the first "
        "25 and every 500th generator step: option warm_up",
        "weights are clipped after each critic step, as Algorithm 1 says; the authors' code clips before it",
        "PyTorch's RMSProp, as in the authors' code (decay 0.99, epsilon outside the root); TensorFlow's differs",
    ],
}


class Method(_base.Method):
    """The critic maximises E f(x) - E f(G(z)) with every weight kept in [-clip, clip]: no sigmoid, no log."""

    def __init__(self, clip: float, warm_up: bool) -> None:
        self.clip, self.warm_up = clip, warm_up

    def critic_loss(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """E f(G(z)) - E f(x)."""
        return -_losses.score_gap(real_scores, fake_scores)

    def generator_loss(self, fake_scores: Tensor) -> Tensor:
        """-E f(G(z))."""
        return -fake_scores.mean(1)

    def estimate(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """E f(x) - E f(G(z)): the W estimate, up to the critic's Lipschitz constant."""
        return _losses.score_gap(real_scores, fake_scores)

    @torch.no_grad()
    def constrain(self, critic: nn.Module) -> None:
        """w <- clip(w, -c, c) for every parameter, normalisation layers' included, as in the authors' code."""
        for weight in critic.parameters():
            weight.clamp_(-self.clip, self.clip)

    def critic_steps(self, step: int, n_critic: int) -> int:
        """100 steps in the authors' warm-up, `n_critic` otherwise."""
        return 100 if self.warm_up and (step < 25 or step % 500 == 0) else n_critic
