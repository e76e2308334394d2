"""The methods as the experiments on readable losses train them: one net, data set and learning rate for all.

Deviations from the methods' recipes, in the plane: both players at one learning rate, 1e-3 unless an experiment
changes it; weights are clipped to 0.1, since layers of 64 units clipped at 0.01 shrink every signal; EBGAN's margin is
1, the distance of the data from their centre. Optimisers, betas and critic steps are the methods' own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from replication.experiments import _base
from replication.losses import energy, hinge, least_squares, minimax, non_saturating, wasserstein
from replication.methods._base import Method
from replication.nets import points
from replication.nets._layers import initialise
from replication.plan.config import Recipe
from replication.techniques import clipping, gradient_penalty, pulling_away, spectral_norm
from replication.techniques._slopes import input_gradient_norm, interpolate
from replication.tensors.draws import Draws

Z_DIM = 2
CLIP, PENALTY, MARGIN, PULLING_AWAY = 0.1, 10.0, 1.0, 0.1


@dataclass(frozen=True)
class Objective:
    """What critic and generator are trained with.

    Attributes:
        method: makes its loss and techniques; every game has its own.
        settings: of its recipe.
        role: of its critic: the function of a net's file that makes one.
    """

    method: Callable[[], Method]
    settings: Mapping[str, Any] = field(default_factory=dict)
    role: str = "critic"

    def recipe(self, **changes: Any) -> Recipe:
        """Its recipe, with changes."""
        return _base.recipe(**(dict(self.settings) | changes))

    def critic(
        self,
        draws: Draws,
        hidden: Sequence[int],
        shape: tuple[int, ...] = (2,),
        nets: ModuleType = points,
    ) -> nn.Module:
        """A critic of points (d,) or images (C, H, W), a net per seed; equal seeds start alike."""
        settings = {"critic": list(hidden), "activation": "leaky_relu"}
        net: nn.Module = getattr(nets, self.role)(len(draws.seeds), shape, settings, "none")
        initialise(net, nets.INIT, "critic", draws)
        return net


#: By the ids of the methods.
OBJECTIVES: dict[str, Objective] = {
    "gan_minimax": Objective(lambda: Method(minimax.Loss())),
    "gan_ns": Objective(lambda: Method(non_saturating.Loss())),
    "ebgan": Objective(
        lambda: Method(energy.Loss(MARGIN), pulling_away.Technique(PULLING_AWAY)),
        role="autoencoder",
    ),
    "lsgan": Objective(lambda: Method(least_squares.Loss([0.0, 1.0, 1.0]))),
    "wgan_clip": Objective(
        lambda: Method(wasserstein.Loss(), clipping.Technique(CLIP)),
        {"optimiser": "rmsprop", "n_critic": 5},
    ),
    "wgan_gp": Objective(
        lambda: Method(wasserstein.Loss(), gradient_penalty.Technique(PENALTY)),
        {"betas": (0.0, 0.9), "n_critic": 5},
    ),
    "sngan": Objective(lambda: Method(hinge.Loss(), spectral_norm.Technique())),
}

#: Those whose critics differ: both GANs train the same discriminator.
CRITICS = tuple(name for name in OBJECTIVES if name != "gan_minimax")


class Played(_base.Play):
    """A game that is looked at as papers log it: after the critic's steps, before the generator's.

    Args:
        objective: its method.
        recipe: of the objective, perhaps changed.
        generator: z [seeds, batch, z_dim] to samples.
        critic: of the objective.
        real: sampler of the data.
        draws: the seeds' random numbers.
        z_dim: size of z.
    """

    def __init__(
        self,
        objective: Objective,
        recipe: Recipe,
        generator: nn.Module,
        critic: nn.Module,
        real: _base.Sampler,
        draws: Draws,
        z_dim: int = Z_DIM,
    ) -> None:
        game = _base.game(objective.method(), recipe, generator, critic, draws)
        super().__init__(game, recipe, real, draws, z_dim)

    @classmethod
    def in_the_plane(
        cls,
        objective: Objective,
        recipe: Recipe,
        hidden: Sequence[int],
        real: _base.Sampler,
        draws: Draws,
    ) -> Played:
        """A game on points between two perceptrons with the same hidden layers."""
        generator = _base.generator(draws, [Z_DIM, *hidden, 2])
        return cls(objective, recipe, generator, objective.critic(draws, hidden), real, draws)

    def until(
        self, step: int, looks: Collection[int] = (), look: Callable[[int], None] = lambda at: None
    ) -> None:
        """Play on until so many generator steps are taken; `look` is called before those in `looks`."""
        for at in range(self.step, step):
            for i in range(at * self.n_critic, (at + 1) * self.n_critic):
                self.game.critic_step(self._batch(self.real(i), self.z(i), i))
            if at in looks:
                look(at)
            self.game.generator_step(
                self._batch(self.real(i), self.z_generator(at), at, "generator/")
            )
            self.step = at + 1


def read(
    method: Method, critic: nn.Module, real: Tensor, made: Tensor, draws: Draws
) -> tuple[Tensor, Tensor]:
    """The critic's estimate on samples that training never draws, and its score gap over K, [seeds] each.

    Args:
        method: its own.
        critic: which is not changed.
        real: [seeds, n, ...].
        made: as many generated ones.
        draws: for the points between them at which slopes are looked at too.
    """
    critic.eval()
    with torch.no_grad():
        scores = critic(real), critic(made)
    between = interpolate(real, made, draws.uniform("fresh/epsilon", 0, real.shape[1:2]))
    slope = torch.zeros(len(real))
    for samples in (real, made, between):
        at = samples.detach().requires_grad_()
        slope = torch.maximum(slope, input_gradient_norm(critic(at), at).amax(1).detach())
    critic.train()
    gap = method.loss.orientation * (scores[0].mean(1) - scores[1].mean(1))
    over = torch.where(slope > 0, gap / slope, torch.zeros_like(gap))
    return method.loss.estimate(*scores).detach(), over.detach()
