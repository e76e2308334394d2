"""What a run asks of a technique: ``OPTIONS`` at the head of its file where it has any, and a class `Technique`.

``NEEDS`` at the head names what the net or the loss must offer: `replication.plan.fits` checks it when planning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Protocol

from torch import Tensor, nn

from replication.nets._layers import expect_second_derivatives
from replication.plan import registry
from replication.plan.config import Recipe
from replication.techniques._batch import Batch, Noise
from replication.tensors.draws import Draws

Critic = Callable[[Tensor], Tensor]


class Players(Protocol):
    """What a technique may use of a game."""

    #: z [seeds, batch, z_dim] and labels or None to images.
    generator: nn.Module
    #: Images and labels or None to scores [seeds, batch]; `features`, where its net offers them, to rows.
    critic: Any

    def pretrain_step(self, batch: Batch) -> None:
        """One step of the critic on real images alone."""


@dataclass(frozen=True, eq=False)
class Judged:
    """Generated images in the generator's step, and what the critic makes of them.

    Attributes:
        images: as the critic sees them, [seeds, batch, ...].
        scores: [seeds, batch].
        features: the critic's last hidden layer [seeds, batch, n], where a technique wants them; else None.
    """

    images: Tensor
    scores: Tensor
    features: Tensor | None


class Technique:
    """No add-on. Hooks that a technique does not need keep these defaults; each is called in the recipe's order."""

    #: Whether its generator's loss is given the critic's features.
    wants_features: bool = False

    #: Whether its penalty differentiates the critic twice.
    differentiates_twice: bool = False

    def critic_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of what the critic's net is given, for images (C, H, W) or points (d,)."""
        return shape

    def wrap_critic(self, critic: nn.Module, draws: Draws) -> nn.Module:
        """The critic with the add-on, its new weights initialised: once, after the net is built."""
        return critic

    def wrap_generator(self, generator: nn.Module, draws: Draws) -> nn.Module:
        """Likewise the generator; a sampler calls this too."""
        return generator

    def before_training(self, players: Players, batches: Callable[[int], Batch]) -> None:
        """Called before the first step of a run that starts anew; `batches` gives the critic's batch by index."""

    def critic_steps(self, step: int, n_critic: int) -> int:
        """Critic steps before generator step `step` (counted from 0)."""
        return n_critic

    def inputs(self, images: Tensor, noise: Noise) -> Tensor:
        """What the critic sees of images [seeds, batch, ...], real or generated, in every step and every record."""
        return images

    def critic_loss(self, loss: Tensor, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """The critic's loss [seeds] for the one so far; scores [seeds, batch]."""
        return loss

    def penalty(self, critic: Critic, batch: Batch, fake: Tensor) -> Tensor | None:
        """Added to the critic's loss, or None.

        Args:
            critic: images to scores.
            batch: its real images are as the critic sees them.
            fake: generated images, likewise, of the same shape, detached from the generator.

        Returns:
            [seeds], or None where there is no penalty.
        """
        return None

    def generator_loss(self, loss: Tensor, players: Players, batch: Batch, fake: Judged) -> Tensor:
        """The generator's loss [seeds] for the one so far; the critic's weights take no gradient here."""
        return loss

    def after_critic_step(self, critic: nn.Module) -> None:
        """Called after every critic step (weight clipping)."""

    def after_generator_step(self, generator: nn.Module) -> None:
        """Called after every generator step."""

    def sampling_generator(self, generator: nn.Module) -> nn.Module:
        """The generator that checkpoints keep and samples come from, of the same form as `generator`."""
        return generator

    def state(self) -> Mapping[str, Tensor]:
        """The tensors that it carries from step to step; a resumed run copies what was saved into them."""
        return {}


class Together(Technique):
    """Techniques in order, as one."""

    def __init__(self, techniques: Sequence[Technique] = ()) -> None:
        self.techniques = tuple(techniques)
        self.wants_features = any(t.wants_features for t in techniques)
        self.differentiates_twice = any(t.differentiates_twice for t in techniques)

    def critic_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The last wrapper is the outermost, which sees images first."""
        for technique in reversed(self.techniques):
            shape = technique.critic_shape(shape)
        return shape

    def wrap_critic(self, critic: nn.Module, draws: Draws) -> nn.Module:
        """One around the other, and in the end fit for a penalty."""
        for technique in self.techniques:
            critic = technique.wrap_critic(critic, draws)
        if self.differentiates_twice:
            expect_second_derivatives(critic)
        return critic

    def wrap_generator(self, generator: nn.Module, draws: Draws) -> nn.Module:
        """One around the other."""
        for technique in self.techniques:
            generator = technique.wrap_generator(generator, draws)
        return generator

    def before_training(self, players: Players, batches: Callable[[int], Batch]) -> None:
        """One after the other."""
        for technique in self.techniques:
            technique.before_training(players, batches)

    def critic_steps(self, step: int, n_critic: int) -> int:
        """Each changes the number of the one before."""
        for technique in self.techniques:
            n_critic = technique.critic_steps(step, n_critic)
        return n_critic

    def inputs(self, images: Tensor, noise: Noise) -> Tensor:
        """Each sees what the one before made."""
        for technique in self.techniques:
            images = technique.inputs(images, noise)
        return images

    def critic_loss(self, loss: Tensor, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """Each changes the loss of the one before."""
        for technique in self.techniques:
            loss = technique.critic_loss(loss, real_scores, fake_scores)
        return loss

    def penalty(self, critic: Critic, batch: Batch, fake: Tensor) -> Tensor | None:
        """The sum of those that have one."""
        found = [technique.penalty(critic, batch, fake) for technique in self.techniques]
        penalties = [penalty for penalty in found if penalty is not None]
        return reduce(Tensor.add, penalties) if penalties else None

    def generator_loss(self, loss: Tensor, players: Players, batch: Batch, fake: Judged) -> Tensor:
        """Each changes the loss of the one before."""
        for technique in self.techniques:
            loss = technique.generator_loss(loss, players, batch, fake)
        return loss

    def after_critic_step(self, critic: nn.Module) -> None:
        """One after the other."""
        for technique in self.techniques:
            technique.after_critic_step(critic)

    def after_generator_step(self, generator: nn.Module) -> None:
        """One after the other."""
        for technique in self.techniques:
            technique.after_generator_step(generator)

    def sampling_generator(self, generator: nn.Module) -> nn.Module:
        """Each is given that of the one before."""
        for technique in self.techniques:
            generator = technique.sampling_generator(generator)
        return generator

    def state(self) -> Mapping[str, Tensor]:
        """All, under the place of their technique."""
        return {
            f"{place}/{name}": tensor
            for place, technique in enumerate(self.techniques)
            for name, tensor in technique.state().items()
        }


def build(recipe: Recipe) -> list[Technique]:
    """The techniques of a resolved recipe, in its order."""
    return [
        registry.load("techniques", name).Technique(**options)
        for name, options in recipe.techniques.items()
    ]
