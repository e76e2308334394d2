"""What happens to gradients and weights of a deep critic under clipping and under the penalty.

A game on the Swiss roll between two perceptrons of 12 hidden layers of rectifiers without batch normalisation,
with clips 0.001, 0.01 and 0.1 and with the gradient penalty. Asked: the norm of the gradient of the critic's
loss by the activations of each layer, and where the weights are. From Gulrajani et al. 2017, figure 1b; the
rest of the scheme is that of the authors' 2-D code (Adam 1e-4 with 0.5 and 0.9, penalty weight 0.1; clipping
RMSProp 5e-5; 5 critic steps; He; batch 256; 512 units; 100,000 steps).

Deviations, each for time:
1. 64 units a layer, batch 64, 250 generator steps, and so learning rates ten times theirs;
2. the loss whose gradient is shown is E f(G(z)) - E f(x), without the penalty term, so that all arms show the
   same quantity.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from replication.data import swiss_roll
from replication.experiments._base import Play, critic, game, generator, pool, recipe
from replication.losses import wasserstein
from replication.methods._base import Method
from replication.nets._layers import Linear
from replication.nets._rectifier import Rectifier
from replication.plan.config import Experiments, Recipe
from replication.techniques import _base, clipping, gradient_penalty
from replication.tensors.draws import Draws

STEPS, CHECKS, DEPTH, WIDTH, Z_DIM = 250, 10, 12, 64, 2
POOL, FRESH, BINS = 50_000, 256, 41

CLIPPED = recipe(optimiser="rmsprop", critic_lr=5e-4, generator_lr=5e-4, n_critic=5)
PENALISED = recipe(critic_lr=1e-3, generator_lr=1e-3, betas=(0.5, 0.9), n_critic=5)
#: Technique, recipe, and where the histogram of weights ends (larger weights count in its last bins).
ARMS: dict[str, tuple[Callable[[], _base.Technique], Recipe, float]] = {
    "clip_0.001": (partial(clipping.Technique, 0.001), CLIPPED, 0.002),
    "clip_0.01": (partial(clipping.Technique, 0.01), CLIPPED, 0.02),
    "clip_0.1": (partial(clipping.Technique, 0.1), CLIPPED, 0.2),
    "gp": (partial(gradient_penalty.Technique, 0.1), PENALISED, 0.5),
}


def measure(budget: Experiments) -> pd.DataFrame:
    """Long table: arm, what, seed, step, layer, at, value.

    `what` is gradient (log10 of the norm, by step and layer; layer 13 is the score itself), extreme (share of
    weights above 95 % of the largest, at step 0 after the first clip and at the end) or histogram (share of
    weights in the bin about `at`).
    """
    return pd.concat([_arm(budget, arm) for arm in ARMS], ignore_index=True)


def layer_gradients(net: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    """log10 norm of the gradient of E f(fake) - E f(real) by each layer's activations.

    In double precision, so that a small norm is not lost. Points [seeds, n, d]; returns [seeds, layers + 1],
    the layer next to the input first and the score last. NaN where no unit of a layer passes anything on.
    """
    assert isinstance(net, nn.Sequential)
    x, held = torch.cat([real, fake], 1).double().requires_grad_(), []
    for layer in copy.deepcopy(net).double():
        x = layer(x)
        if isinstance(layer, Rectifier):
            held.append(x)
    n = real.shape[1]
    loss = x[:, n:].mean(1) - x[:, :n].mean(1)
    gradients = torch.autograd.grad(loss.sum(), [*held, x])
    norms = torch.stack([g.flatten(1).norm(dim=1) for g in gradients], 1)
    return torch.where(norms > 0, norms.log10(), torch.nan)


def weights(net: nn.Module) -> Tensor:
    """All weights, without biases, [seeds, how many]."""
    found = [
        layer.weight.detach().flatten(1) for layer in net.modules() if isinstance(layer, Linear)
    ]
    return torch.cat(found, 1)


def extreme_share(values: Tensor) -> Tensor:
    """Share of values [seeds, n] whose size is above 95 % of the largest of their seed: [seeds]."""
    size = values.abs()
    return (size > 0.95 * size.amax(1, keepdim=True)).double().mean(1)


def _arm(budget: Experiments, arm: str) -> pd.DataFrame:
    technique, settings, reach = ARMS[arm]
    draws = Draws(budget.numbers)
    hidden = [WIDTH] * DEPTH
    nets = generator(draws, [Z_DIM, *hidden, 2]), critic(draws, [2, *hidden])
    players = game(Method(wasserstein.Loss(), technique()), settings, *nets, draws)
    points, _ = swiss_roll.draw(np.random.default_rng(0), POOL)
    play = Play(players, settings, pool(points), draws, Z_DIM)
    clipped = copy.deepcopy(players.critic)
    players.method.technique.after_critic_step(clipped)
    tables = [_frame(extreme_share(weights(clipped)), what="extreme", step=0)]
    for end in np.unique(np.linspace(1, budget.steps(STEPS), CHECKS).astype(int)):
        play.train(end - play.step)
        tables += _gradients(play, draws, points)
    tables.append(_frame(extreme_share(weights(players.critic)), what="extreme", step=play.step))
    tables += _histogram(weights(players.critic), reach)
    return pd.concat(tables, ignore_index=True).assign(arm=arm)


def _gradients(play: Play, draws: Draws, points: np.ndarray) -> Iterator[pd.DataFrame]:
    """The gradient norms of now, on a batch that training never draws."""
    real = pool(points)(draws, "fresh/real", 0, FRESH)
    with torch.no_grad():
        fake = play.game.generator(draws.normal("fresh/z", 0, (FRESH, Z_DIM)))
    for layer, values in enumerate(layer_gradients(play.game.critic, real, fake).T, 1):
        yield _frame(values, what="gradient", step=play.step, layer=layer)


def _histogram(values: Tensor, reach: float) -> Iterator[pd.DataFrame]:
    edges = np.linspace(-reach, reach, BINS + 1)
    inside = values.clamp(-reach, reach).numpy()
    counts = np.stack([np.histogram(v, edges)[0] for v in inside]) / inside.shape[1]
    for at, share in zip((edges[1:] + edges[:-1]) / 2, counts.T, strict=True):
        yield _frame(torch.from_numpy(share), what="histogram", at=at)


def _frame(values: Tensor, **columns: object) -> pd.DataFrame:
    """A value per seed."""
    seeds = np.arange(len(values))
    return pd.DataFrame({"seed": seeds, "value": values.double().numpy()}).assign(**columns)
