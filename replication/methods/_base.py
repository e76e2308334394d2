"""What the training loop asks of a method.

Scores have shape [seeds, batch]. Losses, penalties and estimates return one value per seed, [seeds]: the
mean over the batch. The loop adds the seeds up, so each seed's gradient is its own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

import torch
from torch import Tensor, nn

from replication import registry
from replication.config import Recipe

Critic = Callable[[Tensor], Tensor]


class Method(ABC):
    """An objective and its constraint. Hooks that a method does not need keep their defaults."""

    #: The sign that makes real images score higher: -1 where scores are energies.
    orientation: float = 1.0

    #: Critic steps on real images alone before the game starts.
    pretrain: int = 0

    @abstractmethod
    def critic_loss(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """What the critic minimises, without penalty terms. Scores [seeds, batch]; returns [seeds]."""

    @abstractmethod
    def generator_loss(self, fake_scores: Tensor) -> Tensor:
        """What the generator minimises. Scores [seeds, batch]; returns [seeds]."""

    @abstractmethod
    def estimate(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """What the critic says of the distance between real and generated data, without penalty terms.

        Its name, symbol and unit are the file's ``ESTIMATE``. Scores [seeds, batch]; returns [seeds].

        Where a loss is that of a divergence (JS, TV, chi2), no function of single images has a smaller expected loss
        than the optimal one, so the estimate's mean is a lower bound on the divergence. Two things void that: a score
        that depends on the other images of its batch (batch normalisation, minibatch discrimination), which can tell
        apart batches of distributions that overlap; and images that the critic was trained on.
        """

    def pretrain_loss(self, real_scores: Tensor) -> Tensor:
        """What the critic minimises in `pretrain` steps. Scores [seeds, batch]; returns [seeds]."""
        return -self.orientation * real_scores.mean(1)

    def generator_objective(self, critic: Critic, fake: Tensor) -> Tensor:
        """The generator's whole objective on images [seeds, batch, ...]; returns [seeds]."""
        return self.generator_loss(critic(fake))

    def penalty(self, critic: Critic, real: Tensor, fake: Tensor, epsilon: Tensor) -> Tensor | None:
        """Added to the critic's loss, or None.

        Args:
            critic: images to scores.
            real: images [seeds, batch, ...].
            fake: images of the same shape, detached from the generator.
            epsilon: U[0, 1) draws, one per image: [seeds, batch].

        Returns:
            [seeds], or None where the method has no penalty.
        """
        return None

    def constrain(self, critic: nn.Module) -> None:
        """Called after every critic step (weight clipping)."""

    def wrap(self, critic: nn.Module) -> None:
        """Called once, at construction of the critic (spectral normalisation)."""

    def critic_steps(self, step: int, n_critic: int) -> int:
        """Critic steps before generator step `step` (counted from 0)."""
        return n_critic


def build(name: str, recipe: Recipe) -> Method:
    """The method of a file, with the options of its resolved recipe."""
    method: Method = registry.load("methods", name).Method(**recipe.options)
    return method


def input_gradient_norm(scores: Tensor, images: Tensor, create_graph: bool = False) -> Tensor:
    """Euclidean norm of d score / d image for every image: [seeds, batch].

    Args:
        scores: [seeds, batch], computed from `images` alone, image by image.
        images: [seeds, batch, ...] that require a gradient.
        create_graph: keep the graph, so that the norm itself can be differentiated.
    """
    (gradient,) = torch.autograd.grad(scores.sum(), images, create_graph=create_graph)
    return gradient.flatten(2).norm(dim=2)


def interpolate(real: Tensor, fake: Tensor, epsilon: Tensor) -> Tensor:
    """Points epsilon * real + (1 - epsilon) * fake, one epsilon [seeds, batch] per image; a fresh leaf."""
    weight = epsilon.reshape(*epsilon.shape, *[1] * (real.dim() - 2))
    return torch.lerp(fake, real, weight).detach().requires_grad_()
