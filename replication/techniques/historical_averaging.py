"""Historical averaging: weights stay near the mean of their past (Salimans et al. 2016, section 3.3)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from replication.techniques import _base
from replication.techniques._base import Critic, Judged, Players
from replication.techniques._batch import Batch
from replication.techniques._weights import Copies, seed_sums
from replication.tensors.draws import Draws

LABEL = "Historical averaging"
OPTIONS = {"historical": 1.0}


class Technique(_base.Technique):
    """Each player's loss has w |theta - (theta_1 + ... + theta_t) / t|^2 added, over its own past weights.

    The past begins with the initial weights. Weights that a later technique adds are refused.

    Args:
        historical: w (the paper prints none).
    """

    def __init__(self, historical: float) -> None:
        self.weight = historical
        self.pasts: dict[str, Past] = {}

    def wrap_critic(self, critic: nn.Module, draws: Draws) -> nn.Module:
        """Begin the critic's past."""
        self.pasts["critic"] = Past(critic)
        return critic

    def wrap_generator(self, generator: nn.Module, draws: Draws) -> nn.Module:
        """Begin the generator's past."""
        self.pasts["generator"] = Past(generator)
        return generator

    def penalty(self, critic: Critic, batch: Batch, fake: Tensor) -> Tensor:
        """The critic's term."""
        return self.weight * self.pasts["critic"].distance()

    def generator_loss(self, loss: Tensor, players: Players, batch: Batch, fake: Judged) -> Tensor:
        """The generator's term."""
        return loss + self.weight * self.pasts["generator"].distance()

    def after_critic_step(self, critic: nn.Module) -> None:
        """Another past value of the critic's weights."""
        self.pasts["critic"].add(critic)

    def after_generator_step(self, generator: nn.Module) -> None:
        """Another past value of the generator's weights."""
        self.pasts["generator"].add(generator)

    def state(self) -> Mapping[str, Tensor]:
        """The means, and how many values they are of."""
        return {
            f"{player}/{name}": tensor
            for player, past in self.pasts.items()
            for name, tensor in past.tensors().items()
        }


class Past:
    """The running mean of a net's weights."""

    def __init__(self, net: nn.Module) -> None:
        self.mean = Copies(net, "historical_averaging")
        self.count = torch.ones((), dtype=torch.float64)

    def distance(self) -> Tensor:
        """Squared distance of the weights from their mean, [seeds]."""
        pairs = zip(self.mean.net.parameters(), self.mean.held, strict=True)
        return seed_sums(self.mean.net, [(weight - mean).square() for weight, mean in pairs])

    @torch.no_grad()
    def add(self, whole: nn.Module) -> None:
        """Let the weights of now enter the mean."""
        self.mean.check(whole)
        self.count += 1
        for mean, weight in zip(self.mean.held, self.mean.net.parameters(), strict=True):
            mean.lerp_(weight, 1 / self.count.item())

    def tensors(self) -> dict[str, Tensor]:
        """All that it carries from step to step."""
        means = {str(i): mean for i, mean in enumerate(self.mean.held)}
        return {"count": self.count} | means
