"""Learning rates that fall in a straight line to zero (Gulrajani et al. 2017, CIFAR-10 ResNet; Miyato et al. 2018)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from replication.techniques import _base
from replication.techniques._base import Judged, Players
from replication.techniques._batch import Batch
from replication.techniques._weights import Copies
from replication.tensors.draws import Draws

LABEL = "Linear decay"
OPTIONS = {"decay_from": 0, "decay_until": 100000}
#: Options of which 0 means the end of the run, as `replication.plan.recipes.of_length` has it.
UNTIL_THE_END = ["decay_until"]


class Technique(_base.Technique):
    """Both learning rates times max(0, 1 - (t - a) / (b - a)) from generator step t = a on.

    Every optimiser here moves weights by its rate times a step that the rate has no part in. So a smaller rate is
    the same as going that share of the way from the weights before the step to those after it.

    Args:
        decay_from: a, in generator steps.
        decay_until: b, from where on nothing moves (100,000 for Gulrajani et al., 50,000 in the code of Miyato et al.);
            in params.yaml 0 is the end of the run.
    """

    def __init__(self, decay_from: int, decay_until: int) -> None:
        self.start, self.end = decay_from, decay_until
        self.share = 1.0

    def wrap_critic(self, critic: nn.Module, draws: Draws) -> nn.Module:
        """Remember which critic."""
        self.critic = Copies(critic, "linear_decay")
        return critic

    def wrap_generator(self, generator: nn.Module, draws: Draws) -> nn.Module:
        """Remember which generator."""
        self.generator = Copies(generator, "linear_decay")
        return generator

    def critic_steps(self, step: int, n_critic: int) -> int:
        """As many as before; both players' share at this generator step."""
        passed = (step - self.start) / max(1, self.end - self.start)
        self.share = min(1.0, max(0.0, 1 - passed))
        return n_critic

    def critic_loss(self, loss: Tensor, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """The same loss; the critic's weights before its step are kept."""
        self.critic.keep()
        return loss

    def generator_loss(self, loss: Tensor, players: Players, batch: Batch, fake: Judged) -> Tensor:
        """The same loss; the generator's weights before its step are kept."""
        self.generator.keep()
        return loss

    def after_critic_step(self, critic: nn.Module) -> None:
        """Shorten the critic's step."""
        self._shorten(self.critic, critic)

    def after_generator_step(self, generator: nn.Module) -> None:
        """Shorten the generator's step."""
        self._shorten(self.generator, generator)

    @torch.no_grad()
    def _shorten(self, before: Copies, whole: nn.Module) -> None:
        before.check(whole)
        if self.share < 1:
            for weight, held in zip(before.net.parameters(), before.held, strict=True):
                weight.copy_(torch.lerp(held, weight, self.share))
