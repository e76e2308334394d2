"""The two players of a run and the two steps that they take."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from replication.config import Run
from replication.methods._base import Method, build
from replication.nets._build import build_critic, build_generator
from replication.nets._layers import batch_dependent, differentiated_twice
from replication.training.optimisers import Optimiser, optimiser


@dataclass
class Game:
    """Nets, optimisers and method of a run.

    `last` holds what the latest steps computed, [seeds] each, still on the device: nothing here waits
    for it.
    """

    method: Method
    generator: nn.Module
    critic: nn.Module
    generator_optimiser: Optimiser
    critic_optimiser: Optimiser
    last: dict[str, Tensor]

    @classmethod
    def set_up(cls, run: Run, shape: tuple[int, ...], device: torch.device) -> Game:
        """The players of a run before the first step, for images (C, H, W) or points (d,)."""
        method = build(run.method, run.recipe)
        generator = build_generator(run, shape).to(device)
        critic = build_critic(run, shape, method).to(device)
        if run.compile:
            compile_passes(generator)
            compile_passes(critic)
        recipe = run.recipe
        return cls(
            method,
            generator,
            critic,
            optimiser(recipe, generator.parameters(), recipe.generator_lr),
            optimiser(recipe, critic.parameters(), recipe.critic_lr),
            {},
        )

    def critic_step(self, real: Tensor, z: Tensor, epsilon: Tensor) -> None:
        """One step of the critic on images [seeds, batch, ...], z [seeds, batch, z_dim], epsilon [seeds, batch]."""
        with torch.no_grad():
            fake = self.generator(z)
        self.last |= critic_step(
            self.method, self.critic, self.critic_optimiser, real, fake, epsilon
        )

    def pretrain_step(self, real: Tensor) -> None:
        """One step of the critic on real images alone."""
        descend(self.critic_optimiser, self.method.pretrain_loss(self.critic(real)))

    def generator_step(self, z: Tensor) -> None:
        """One step of the generator on z [seeds, batch, z_dim]; the critic's weights get no gradient."""
        self.critic.requires_grad_(False)
        loss = self.method.generator_objective(self.critic, self.generator(z))
        descend(self.generator_optimiser, loss)
        self.critic.requires_grad_(True)
        self.last["generator_loss"] = loss.detach()


def critic_step(
    method: Method,
    critic: nn.Module,
    optimiser: Optimiser,
    real: Tensor,
    fake: Tensor,
    epsilon: Tensor,
) -> dict[str, Tensor]:
    """One step of a critic on real and generated batches [seeds, batch, ...]; epsilon is [seeds, batch].

    Returns:
        ``critic_loss`` and ``penalty``, [seeds] each.
    """
    real_scores, fake_scores = scores(critic, real, fake)
    loss = method.critic_loss(real_scores, fake_scores)
    penalty = method.penalty(critic, real, fake, epsilon)
    descend(optimiser, loss if penalty is None else loss + penalty)
    method.constrain(critic)
    none = torch.zeros_like(loss)
    return {
        "critic_loss": loss.detach(),
        "penalty": none if penalty is None else penalty.detach(),
    }


def scores(critic: nn.Module, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """Scores [seeds, batch] of real and of generated images, in one pass where batches do not mix."""
    if batch_dependent(critic):
        return critic(real), critic(fake)
    both = critic(torch.cat([real, fake], 1))
    return both[:, : real.shape[1]], both[:, real.shape[1] :]


def descend(optimiser: Optimiser, loss: Tensor) -> None:
    """One optimiser step on a loss [seeds]; the sum over seeds keeps each seed's gradient its own."""
    optimiser.zero_grad()
    loss.sum().backward()
    optimiser.step()


def compile_passes(net: nn.Module) -> None:
    """Let a net's passes go through torch's compiler, in place; the names of its weights stay.

    A net that a penalty differentiates twice stays as it is, since compiled passes have no second derivative.
    No graph is captured: scores and gradients are read after later passes, which would write over them.
    """
    if not differentiated_twice(net):
        # One program for each shape, mode and set of wanted gradients, of both nets: more than the usual 8.
        torch._dynamo.config.recompile_limit = 64
        net.compile(dynamic=False)


def gradient_norm(net: nn.Module) -> Tensor:
    """Euclidean norm of the gradient that the latest step used, per seed: [seeds]."""
    squares = [p.grad.flatten(1).square().sum(1) for p in net.parameters() if p.grad is not None]
    return torch.stack(squares).sum(0).sqrt()
