"""The same objectives as popular tutorials write them: what a user would run instead.

Two optimisers, the generator's graph kept through the critic's step, one forward pass each for real and for
generated images, weight gradients of the critic also in the generator's step, contiguous images, noise drawn
step by step, `.item()` after every loss. Nets, batch and number of critic steps are those of our runs.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import spectral_norm

from replication.nets.dcgan import plan
from replication.plan.config import Run

Shape = tuple[int, ...]

#: Layers that have a weight to normalise.
NORMALISED = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)


class Textbook:
    """One objective, one iteration at a time, on images [N, C, H, W] that are held in memory."""

    def __init__(self, run: Run, images: Tensor) -> None:
        recipe, settings = run.recipe, run.net.settings
        self.run, self.images, self.z_dim = run, images, int(settings["z_dim"])  # type: ignore[arg-type]
        shape = tuple(images.shape[1:])
        build = convolutional if run.net.net == "dcgan" else dense
        normal = recipe.critic_norm == "net"
        self.generator, self.critic = build(run, shape, critic_norm=normal)
        self.energy = recipe.critic == "autoencoder"
        if run.method == "sngan":
            for layer in [m for m in self.critic.modules() if isinstance(m, NORMALISED)]:
                spectral_norm(layer)
        make: Any = torch.optim.RMSprop if recipe.optimiser == "rmsprop" else torch.optim.Adam
        more = {} if recipe.optimiser == "rmsprop" else {"betas": recipe.betas}
        nets = self.generator, self.critic
        self.optimisers = [make(n.parameters(), lr=recipe.critic_lr, **more) for n in nets]

    def iteration(self) -> None:
        """`n_critic` steps of the critic, then one of the generator."""
        batch = self.run.recipe.batch
        for _ in range(self.run.recipe.n_critic):
            real = self.images[torch.randint(len(self.images), (batch,))]
            fake = self.generator(torch.randn(batch, self.z_dim))
            self.optimisers[1].zero_grad()
            loss = self.critic_loss(real, fake)
            loss.backward(retain_graph=True)
            self.optimisers[1].step()
            if self.run.method == "wgan_clip":
                for p in self.critic.parameters():
                    p.data.clamp_(-0.01, 0.01)
            loss.item()
        self.optimisers[0].zero_grad()
        loss = self.generator_loss(self.generator(torch.randn(batch, self.z_dim)))
        loss.backward()
        self.optimisers[0].step()
        loss.item()

    def score(self, images: Tensor) -> Tensor:
        """Scores, or energies of an autoencoder."""
        out: Tensor = self.critic(images)
        return (out - images).flatten(1).norm(dim=1) if self.energy else out.flatten()

    def critic_loss(self, real: Tensor, fake: Tensor) -> Tensor:
        """By method; the penalty of WGAN-GP included."""
        on_real, on_fake = self.score(real), self.score(fake)
        match self.run.method:
            case "gan_minimax" | "gan_ns":
                ones, zeros = torch.ones_like(on_real), torch.zeros_like(on_fake)
                logits = F.binary_cross_entropy_with_logits
                return logits(on_real, ones) + logits(on_fake, zeros)
            case "lsgan":
                return ((on_real - 1) ** 2).mean() / 2 + (on_fake**2).mean() / 2
            case "sngan":
                return F.relu(1 - on_real).mean() + F.relu(1 + on_fake).mean()
            case "ebgan":
                return on_real.mean() + F.relu(10 - on_fake).mean()
            case "wgan_gp":
                return on_fake.mean() - on_real.mean() + 10 * self.penalty(real, fake)
        return on_fake.mean() - on_real.mean()

    def penalty(self, real: Tensor, fake: Tensor) -> Tensor:
        """(|grad f| - 1)^2 between real and generated images."""
        alpha = torch.rand(len(real), 1, 1, 1)
        between = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
        scores = self.score(between)
        (gradient,) = torch.autograd.grad(
            scores, between, torch.ones_like(scores), create_graph=True, retain_graph=True
        )
        return ((gradient.flatten(1).norm(2, dim=1) - 1) ** 2).mean()

    def generator_loss(self, fake: Tensor) -> Tensor:
        """By method; of EBGAN without the pulling-away term."""
        scores = self.score(fake)
        match self.run.method:
            case "gan_minimax":
                return -F.binary_cross_entropy_with_logits(scores, torch.zeros_like(scores))
            case "gan_ns":
                return F.binary_cross_entropy_with_logits(scores, torch.ones_like(scores))
            case "lsgan":
                return ((scores - 1) ** 2).mean() / 2
            case "ebgan":
                return scores.mean()
        return -scores.mean()


def dense(run: Run, shape: Shape, critic_norm: bool) -> tuple[nn.Module, nn.Module]:
    """The multilayer perceptrons of `replication.nets.mlp`, in torch's own layers."""
    settings, size = run.net.settings, int(torch.tensor(shape).prod())
    hidden: list[nn.Module] = []
    for a, b in pairwise([settings["z_dim"], *settings["generator"]]):  # type: ignore[misc]
        hidden += [nn.Linear(a, b), nn.BatchNorm1d(b), nn.ReLU()]
    last = settings["generator"][-1]  # type: ignore[index]
    generator = nn.Sequential(*hidden, nn.Linear(last, size), nn.Tanh(), nn.Unflatten(1, shape))
    body: list[nn.Module] = [nn.Flatten()]
    for a, b in pairwise([size, *settings["critic"]]):  # type: ignore[misc]
        body += [nn.Linear(a, b), nn.LeakyReLU(0.2)]
    width = settings["critic"][-1]  # type: ignore[index]
    if run.recipe.critic == "autoencoder":
        return generator, nn.Sequential(*body, nn.Linear(width, size), nn.Tanh(), nn.Unflatten(1, shape))  # fmt: skip
    return generator, nn.Sequential(*body, nn.Linear(width, 1))


def convolutional(run: Run, shape: Shape, critic_norm: bool) -> tuple[nn.Module, nn.Module]:
    """The nets of `replication.nets.dcgan`, in torch's own layers."""
    side, channels = plan(shape, run.net.settings["width"])  # type: ignore[arg-type]
    block, colours = (channels[0], side, side), shape[0]
    z_dim, size = run.net.settings["z_dim"], channels[0] * side**2
    grow = _grow(channels, colours)
    generator = nn.Sequential(
        nn.Linear(z_dim, size), nn.Unflatten(1, block), nn.BatchNorm2d(channels[0]), nn.ReLU(), *grow  # type: ignore[arg-type]
    )  # fmt: skip
    shrink: list[nn.Module] = []
    for i, (a, b) in enumerate(pairwise([colours, *reversed(channels)])):
        norm = [nn.BatchNorm2d(b)] if i and critic_norm else []
        shrink += [nn.Conv2d(a, b, 4, 2, 1), *norm, nn.LeakyReLU(0.2)]
    if run.recipe.critic == "autoencoder":
        return generator, nn.Sequential(*shrink, *_grow(channels, colours))
    return generator, nn.Sequential(*shrink, nn.Flatten(), nn.Linear(size, 1))


def _grow(channels: list[int], colours: int) -> list[nn.Module]:
    grow: list[nn.Module] = []
    for a, b in pairwise(channels):
        grow += [nn.ConvTranspose2d(a, b, 4, 2, 1), nn.BatchNorm2d(b), nn.ReLU()]
    return [*grow, nn.ConvTranspose2d(channels[-1], colours, 4, 2, 1), nn.Tanh()]
