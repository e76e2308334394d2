"""Wasserstein GAN with gradient penalty (Gulrajani et al. 2017)."""

from torch import Tensor, nn

from replication.methods import _base, _losses
from replication.methods._base import Critic
from replication.nets._layers import expect_second_derivatives

LABEL = "WGAN-GP"
COLOUR = "#009E73"
ESTIMATE = {"name": "W", "symbol": "Ŵ", "unit": "pixel distance"}
RECIPE = {
    "source": "Gulrajani et al. 2017, Algorithm 1",
    "optimiser": "adam",
    "critic_lr": 1e-4,
    "generator_lr": 1e-4,
    "betas": [0.0, 0.9],
    "n_critic": 5,
    "batch": 64,
    "z": "normal",
    "critic_norm": "none",
    "options": {"lambda_gp": 10.0, "one_sided": False},
    "deviations": [
        "beta1 = 0 as in Algorithm 1; the authors' MNIST code has beta1 = 0.5 and batch 50",
        "tanh outputs in [-1, 1], as in the compared papers; the authors' MNIST code has a sigmoid and [0, 1]",
    ],
}


class Method(_base.Method):
    """The critic maximises E f(x) - E f(G(z)) - lambda_gp E(|grad f(x_hat)| - 1)^2."""

    def __init__(self, lambda_gp: float, one_sided: bool) -> None:
        self.lambda_gp, self.one_sided = lambda_gp, one_sided

    def wrap(self, critic: nn.Module) -> None:
        """The penalty differentiates the critic twice."""
        expect_second_derivatives(critic)

    def critic_loss(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """E f(G(z)) - E f(x)."""
        return -_losses.score_gap(real_scores, fake_scores)

    def generator_loss(self, fake_scores: Tensor) -> Tensor:
        """-E f(G(z))."""
        return -fake_scores.mean(1)

    def estimate(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """E f(x) - E f(G(z)), without the penalty."""
        return _losses.score_gap(real_scores, fake_scores)

    def penalty(self, critic: Critic, real: Tensor, fake: Tensor, epsilon: Tensor) -> Tensor:
        """lambda_gp E(|grad f(x_hat)| - 1)^2, Eq. 3, with one epsilon and one norm per sample."""
        points = _base.interpolate(real, fake, epsilon)
        norms = _base.input_gradient_norm(critic(points), points, create_graph=True)
        return self.lambda_gp * slope_penalty(norms, self.one_sided)


def slope_penalty(norms: Tensor, one_sided: bool) -> Tensor:
    """E(norm - 1)^2, or E max(0, norm - 1)^2 (one-sided); norms [seeds, batch] to [seeds]."""
    excess = norms - 1
    return (excess.relu() if one_sided else excess).square().mean(1)
