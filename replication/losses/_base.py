"""What a run asks of a loss: ``OPTIONS`` at the head of its file where it has any, and a class `Loss`.

Scores have shape [seeds, batch]; losses and estimates are one value per seed, [seeds]: the mean over the batch.
The loop adds the seeds up, so each seed's gradient is its own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor

from replication.plan import registry
from replication.plan.config import Run


class Loss(ABC):
    """The two players' losses, as pure functions of scores."""

    #: The sign that makes real images score higher: -1 where scores are energies.
    orientation: float = 1.0

    #: Whether the generator's loss is given the scores of real images too.
    paired: bool = False

    @abstractmethod
    def critic_loss(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """What the critic minimises, without penalty terms. Scores [seeds, batch]; returns [seeds]."""

    @abstractmethod
    def generator_loss(self, fake_scores: Tensor, real_scores: Tensor | None = None) -> Tensor:
        """What the generator minimises. Scores [seeds, batch]; returns [seeds].

        Args:
            fake_scores: of generated images, with a gradient.
            real_scores: of as many real images, where the loss is `paired`; else None.
        """

    @abstractmethod
    def estimate(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """What the critic says of the distance between real and generated data, without penalty terms.

        Its name, symbol and unit are the ``ESTIMATE`` of a method's file. Scores [seeds, batch]; returns [seeds].

        Where a loss is that of a divergence (JS, TV, chi2), no function of single images has a smaller expected loss
        than the optimal one, so the estimate's mean is a lower bound on the divergence. Two things void that: a score
        that depends on the other images of its batch (batch normalisation, minibatch discrimination), which can tell
        apart batches of distributions that overlap; and images that the critic was trained on.
        """


def build(run: Run) -> Loss:
    """The loss of a run, with the options of its resolved recipe."""
    loss: Loss = registry.load(*run.loss_file).Loss(**run.recipe.loss_options)
    return loss


def score_gap(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """E f(x) - E f(G(z)): W times the Lipschitz constant of f, if f is the optimal critic of its class."""
    return real_scores.mean(1) - fake_scores.mean(1)
