"""The two players of a run and the two steps that they take."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from replication.methods._base import Method, build
from replication.nets._layers import batch_dependent, differentiated_twice
from replication.nets._per_seed import gradients
from replication.plan.config import Run
from replication.techniques._base import Judged
from replication.techniques._batch import Batch
from replication.tensors.draws import Draws
from replication.training.build import build_critic, build_generator
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
        method, recipe, draws = build(run), run.recipe, Draws(run.seeds)
        technique = method.technique
        generator = technique.wrap_generator(build_generator(run, shape).to(device), draws)
        critic = build_critic(run, technique.critic_shape(shape)).to(device)
        # Once more: a technique's own layers begin on the CPU.
        generator, critic = generator.to(device), technique.wrap_critic(critic, draws).to(device)
        if run.compile:
            compile_passes(generator)
            compile_passes(critic)
        return cls(
            method,
            generator,
            critic,
            optimiser(recipe, generator.parameters(), recipe.generator_lr),
            optimiser(recipe, critic.parameters(), recipe.critic_lr),
            {},
        )

    def critic_step(self, batch: Batch) -> None:
        """One step of the critic."""
        with torch.no_grad():
            fake = self.generator(batch.z, batch.labels)
        self.last |= critic_step(self.method, self.critic, self.critic_optimiser, batch, fake)

    def pretrain_step(self, batch: Batch) -> None:
        """One step of the critic on real images alone: their scores rise, or their energies fall."""
        scores = self.critic(batch.real, batch.labels)
        descend(self.critic_optimiser, -self.method.loss.orientation * scores.mean(1))

    def generator_step(self, batch: Batch) -> None:
        """One step of the generator; the critic's weights get no gradient."""
        method = self.method
        self.critic.requires_grad_(False)
        fake = self._judged(self.generator(batch.z, batch.labels), batch)
        real_scores = self._real_scores(batch) if method.loss.paired else None
        loss = method.loss.generator_loss(fake.scores, real_scores)
        loss = method.technique.generator_loss(loss, self, batch, fake)
        descend(self.generator_optimiser, loss)
        self.critic.requires_grad_(True)
        method.technique.after_generator_step(self.generator)
        self.last["generator_loss"] = loss.detach()

    def _judged(self, images: Tensor, batch: Batch) -> Judged:
        images = self.method.technique.inputs(images, batch.noise.of("fake"))
        if not self.method.technique.wants_features:
            return Judged(images, self.critic(images, batch.labels), None)
        # One pass for both.
        features = self.critic.features(images, batch.labels)  # type: ignore[operator]
        scores = self.critic.score(features, images, batch.labels)  # type: ignore[operator]
        return Judged(images, scores, features)

    def _real_scores(self, batch: Batch) -> Tensor:
        real = self.method.technique.inputs(batch.real, batch.noise.of("real"))
        scores: Tensor = self.critic(real, batch.labels)
        return scores


def critic_step(
    method: Method, critic: nn.Module, optimiser: Optimiser, batch: Batch, fake: Tensor
) -> dict[str, Tensor]:
    """One step of a critic on a batch and generated images [seeds, batch, ...].

    Returns:
        ``critic_loss`` and ``penalty``, [seeds] each.
    """
    technique, noise, labels = method.technique, batch.noise, batch.labels
    batch = replace(batch, real=technique.inputs(batch.real, noise.of("real")))
    fake = technique.inputs(fake, noise.of("fake"))
    both = scores(critic, batch.real, fake, labels, labels)
    loss = technique.critic_loss(method.loss.critic_loss(*both), *both)
    penalty = technique.penalty(lambda images: critic(images, labels), batch, fake)
    descend(optimiser, loss if penalty is None else loss + penalty)
    technique.after_critic_step(critic)
    none = torch.zeros_like(loss)
    return {
        "critic_loss": loss.detach(),
        "penalty": none if penalty is None else penalty.detach(),
    }


def scores(
    critic: nn.Module,
    real: Tensor,
    fake: Tensor,
    real_labels: Tensor | None = None,
    fake_labels: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Scores [seeds, batch] of real and of generated images, in one pass where batches do not mix."""
    if batch_dependent(critic):
        return critic(real, real_labels), critic(fake, fake_labels)
    given = real_labels is not None and fake_labels is not None
    labels = torch.cat([real_labels, fake_labels], 1) if given else None  # type: ignore[list-item]
    both = critic(torch.cat([real, fake], 1), labels)
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
    squares = [gradient.square().sum(1) for gradient in gradients(net)]
    return torch.stack(squares).sum(0).sqrt()
