"""What the experiments share: samplers, nets, and the steps of a critic against an opponent that stands still."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from replication.methods._base import Method
from replication.nets import points
from replication.nets._layers import initialise
from replication.plan.config import Recipe
from replication.techniques._batch import Batch, Blocks, Noise
from replication.techniques._slopes import interpolate
from replication.tensors.draws import Draws
from replication.training.game import Game, critic_step
from replication.training.optimisers import optimiser

#: (draws, stream, index, n) to n points per seed, [seeds, n, d]: as `Draws`, a pure function of its arguments.
Sampler = Callable[[Draws, str, int, int], Tensor]

#: Steps whose batches are drawn at once; part of what a seed means.
BLOCK = 32


def gaussian(mean: ArrayLike, sd: float) -> Sampler:
    """N(mean, sd^2 I); mean [d]."""
    centre = torch.as_tensor(mean, dtype=torch.float32)
    return lambda draws, stream, index, n: (
        centre + sd * draws.normal(stream, index, (n, len(centre)))
    )


def pool(points: ArrayLike) -> Sampler:
    """Independent draws, with replacement, from given points [N, d]."""
    held = torch.as_tensor(points, dtype=torch.float32)
    return lambda draws, stream, index, n: held[
        (draws.uniform(stream, index, (n,)) * len(held)).long()
    ]


class Feed:
    """Batches of a sampler by index, [seeds, batch, d]; drawn a block of steps at a time."""

    def __init__(self, sampler: Sampler, draws: Draws, stream: str, batch: int) -> None:
        self.sampler, self.draws, self.stream, self.batch = sampler, draws, stream, batch
        self._held: tuple[int, Tensor] = (-1, torch.empty(0))

    def __call__(self, index: int) -> Tensor:
        """The batch of a step."""
        block, position = divmod(index, BLOCK)
        if self._held[0] != block:
            drawn = self.sampler(self.draws, self.stream, block, BLOCK * self.batch)
            self._held = block, drawn.unflatten(1, (BLOCK, self.batch))
        return self._held[1][:, position]


def recipe(**settings: Any) -> Recipe:
    """A recipe for an experiment: Adam 1e-3 with betas 0.5 and 0.999, batch 64, and what is given."""
    rates = {"critic_lr": 1e-3, "generator_lr": 1e-3}
    return Recipe(source="ours: the experiment's file", **rates | settings)


def critic(
    draws: Draws,
    widths: Sequence[int],
    activation: str = "relu",
    init: str = "he",
    role: str = "critic",
) -> nn.Module:
    """A perceptron from points [seeds, batch, widths[0]] to scores [seeds, batch], a net per seed.

    Args:
        draws: for the initial weights, and for how many seeds there are.
        widths: of the input and of every hidden layer.
        activation: relu, leaky_relu or tanh.
        init: see `replication.nets._layers.Weighted.initialise`.
        role: names the stream of the initial weights; give two critics of one experiment two roles.
    """
    settings = {"critic": list(widths[1:]), "activation": activation}
    net = points.critic(len(draws.seeds), (widths[0],), settings, "none")
    initialise(net, init, role, draws)
    return net


def generator(
    draws: Draws, widths: Sequence[int], activation: str = "relu", init: str = "he"
) -> nn.Module:
    """A perceptron from z [seeds, batch, widths[0]] to points [seeds, batch, widths[-1]], linear at its end."""
    settings = {"z_dim": widths[0], "generator": list(widths[1:-1]), "activation": activation}
    net = points.generator(len(draws.seeds), (widths[-1],), settings, "none")
    initialise(net, init, "generator", draws)
    return net


class Trial:
    """A critic and the two samplers that it learns to tell apart; they never change.

    Args:
        method: its loss, and what of its techniques concerns a critic.
        net: the critic, as `critic` builds it.
        recipe: for optimiser, critic rate and batch.
        real: sampler of the data.
        fake: sampler of the generated points.
        draws: the seeds' random numbers.
    """

    def __init__(
        self,
        method: Method,
        net: nn.Module,
        recipe: Recipe,
        real: Sampler,
        fake: Sampler,
        draws: Draws,
    ) -> None:
        self.method, self.net, self.draws = method, method.technique.wrap_critic(net, draws), draws
        self.samplers = real, fake
        self.optimiser = optimiser(recipe, self.net.parameters(), recipe.critic_lr)
        self.real = Feed(real, draws, "real", recipe.batch)
        self.fake = Feed(fake, draws, "fake", recipe.batch)
        self.noise = Blocks(draws, torch.device("cpu"))
        self.step = 0

    def train(self, steps: int) -> None:
        """Take so many more critic steps."""
        for i in range(self.step, self.step + steps):
            batch = Batch(self.real(i), None, torch.empty(0), Noise(self.noise, i), i)
            critic_step(self.method, self.net, self.optimiser, batch, self.fake(i))
        self.step += steps

    def fresh(self, n: int, index: int = 0) -> tuple[Tensor, Tensor]:
        """n real and n generated points that training never draws: [seeds, n, d] each."""
        real, fake = self.samplers
        return real(self.draws, "fresh/real", index, n), fake(self.draws, "fresh/fake", index, n)

    @torch.no_grad()
    def scores(self, points: Tensor) -> Tensor:
        """Scores [seeds, n] of points [seeds, n, d], or of [n, d] for every seed; the critic stays as it is."""
        points = points if points.dim() == 3 else points.expand(len(self.draws.seeds), -1, -1)
        self.net.eval()
        values: Tensor = self.net(points)
        self.net.train()
        return values

    def slopes(self, points: Tensor) -> Tensor:
        """Norm of the critic's gradient at points [seeds, n, d]: [seeds, n]."""
        return self.gradients(points).norm(dim=2)

    def gradients(self, points: Tensor) -> Tensor:
        """The critic's gradient at points [seeds, n, d], of the same shape."""
        leaf = points.detach().clone().requires_grad_()
        self.net.eval()
        (gradient,) = torch.autograd.grad(self.net(leaf).sum(), leaf)
        self.net.train()
        return gradient

    def estimate(self, n: int) -> Tensor:
        """The method's estimate on n fresh points a side, [seeds]."""
        real, fake = self.fresh(n)
        return self.method.loss.estimate(self.scores(real), self.scores(fake))

    def lipschitz(self, n: int) -> Tensor:
        """K, [seeds]: the steepest slope at n fresh points a side and n points between them."""
        real, fake = self.fresh(n)
        between = interpolate(real, fake, self.draws.uniform("fresh/epsilon", 0, (n,)))
        return torch.cat([self.slopes(p) for p in (real, fake, between)], 1).amax(1)


def game(
    method: Method, recipe: Recipe, generator: nn.Module, critic: nn.Module, draws: Draws
) -> Game:
    """A game between two given nets, with the method's techniques around them."""
    generator = method.technique.wrap_generator(generator, draws)
    critic = method.technique.wrap_critic(critic, draws)
    return Game(
        method,
        generator,
        critic,
        optimiser(recipe, generator.parameters(), recipe.generator_lr),
        optimiser(recipe, critic.parameters(), recipe.critic_lr),
        {},
    )


class Play:
    """Algorithm 1 on a sampler, a few steps at a time."""

    def __init__(self, game: Game, recipe: Recipe, real: Sampler, draws: Draws, z_dim: int) -> None:
        self.game, self.n_critic = game, recipe.n_critic
        z = gaussian([0.0] * z_dim, 1.0)
        self.real = Feed(real, draws, "real", recipe.batch)
        self.z = Feed(z, draws, "z/critic", recipe.batch)
        self.z_generator = Feed(z, draws, "z/generator", recipe.batch)
        self.noise = Blocks(draws, torch.device("cpu"))
        self.step = self.critic_steps = 0

    def train(self, steps: int) -> None:
        """Take so many more generator steps, each after as many critic steps as the technique says of `n_critic`."""
        technique = self.game.method.technique
        for step in range(self.step, self.step + steps):
            for i in range(technique.critic_steps(step, self.n_critic)):
                last = self.critic_steps + i
                self.game.critic_step(self._batch(self.real(last), self.z(last), last))
            self.critic_steps = last + 1
            self.game.generator_step(
                self._batch(self.real(last), self.z_generator(step), step, "generator/")
            )
        self.step += steps

    def _batch(self, real: Tensor, z: Tensor, step: int, streams: str = "") -> Batch:
        return Batch(real, None, z, Noise(self.noise, step, streams), step)
