"""From GAN to WGAN in four single changes, one after the other, and each of them alone.

Lecture notes on Arjovsky et al. 2017 sum the WGAN up as four changes of a GAN's code: no sigmoid in the last
layer, no log in the loss, weights clipped, an optimiser without momentum. What does each of them do? The
game on 8 Gaussians; nets of three hidden layers of 64; both players at rate 1e-3, batch 64, 3 critic steps
per generator step, all of which no change touches.

Deviations:
1. The notes name the sigmoid before the log. A log of scores without a sigmoid is not defined where they are
   negative, so here the log goes first, then the sigmoid.
2. For the same reason "no sigmoid" alone keeps scores inside [0.001, 0.999] before the log: what code has to
   do that merely leaves the sigmoid out. A score outside has no gradient.
3. 3 critic steps throughout: the number that a WGAN needs (5) and a GAN uses (1) is not one of the four.
4. The rate is 1e-3 (WGAN: 5e-5), since the games are short; clipped to 0.01, as there.
5. "No momentum" is RMSProp in PyTorch's form (decay 0.99), in both players; Adam's betas are 0.5 and 0.999.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from replication.data import _points, gaussians8
from replication.experiments import _base, _quality
from replication.losses import non_saturating, wasserstein
from replication.losses._base import Loss, score_gap
from replication.methods._base import Method
from replication.plan.config import Experiments
from replication.techniques import clipping
from replication.techniques._slopes import input_gradient_norm, interpolate
from replication.tensors.draws import Draws
from replication.training.game import Game, gradient_norm

#: Generator steps, and critic steps before each of them.
STEPS, CRITIC_STEPS = 550, 3

#: Bound of clipped weights.
CLIP = 0.01

#: Times at which a game is looked at, points a side in W1, points that modes are counted on, points shown.
LOOKS, POINTS, COUNTED, SHOWN = 12, 400, 2500, 150

#: Eight centres, and what counts as on them: 3 standard deviations.
CENTRES, NEAR = _points.ring(2 / 1.414), 3 * 0.02 / 1.414

Z_DIM, HIDDEN = 2, (64, 64, 64)


class NoLog(Loss):
    """D = sigmoid(score), and E D(x) - E D(G(z)) for both players."""

    def critic_loss(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """E D(G(z)) - E D(x)."""
        return -self.estimate(real_scores, fake_scores)

    def generator_loss(self, fake_scores: Tensor, real_scores: Tensor | None = None) -> Tensor:
        """-E D(G(z))."""
        return -fake_scores.sigmoid().mean(1)

    def estimate(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """At most the total variation: D lies between 0 and 1."""
        return score_gap(real_scores.sigmoid(), fake_scores.sigmoid())


class NoSigmoid(Loss):
    """A GAN whose D is the score itself, kept inside [`EDGE`, 1 - `EDGE`] for the logs."""

    EDGE = 1e-3

    def kept(self, scores: Tensor) -> Tensor:
        """Scores where a log of them and of 1 - them is defined."""
        return scores.clamp(self.EDGE, 1 - self.EDGE)

    def critic_loss(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """-(E log D(x) + E log(1 - D(G(z))))."""
        real, fake = self.kept(real_scores), self.kept(fake_scores)
        return -real.log().mean(1) - (1 - fake).log().mean(1)

    def generator_loss(self, fake_scores: Tensor, real_scores: Tensor | None = None) -> Tensor:
        """-E log D(G(z))."""
        return -self.kept(fake_scores).log().mean(1)

    def estimate(self, real_scores: Tensor, fake_scores: Tensor) -> Tensor:
        """JS in nats, as of a GAN."""
        return math.log(2) - self.critic_loss(real_scores, fake_scores) / 2


GAN, WGAN, CLIPPED = non_saturating.Loss(), wasserstein.Loss(), clipping.Technique(CLIP)

#: Method and optimiser of every arm. The first five follow from each other; the others change a GAN once.
ARMS: dict[str, tuple[Method, str]] = {
    "gan": (Method(GAN), "adam"),
    "no_log": (Method(NoLog()), "adam"),
    "no_log_no_sigmoid": (Method(WGAN), "adam"),
    "clipped": (Method(WGAN, CLIPPED), "adam"),
    "wgan": (Method(WGAN, CLIPPED), "rmsprop"),
    "only_no_sigmoid": (Method(NoSigmoid()), "adam"),
    "only_clipped": (Method(GAN, CLIPPED), "adam"),
    "only_no_momentum": (Method(GAN), "rmsprop"),
}


def measure(budget: Experiments) -> pd.DataFrame:
    """Columns ``seed``, ``arm``, ``what``, ``at`` and ``value``.

    After `at` generator steps: ``w1`` (exact, held-out points), ``estimate`` (the method's own, in its own
    unit), ``steepest`` (K: largest slope of the score at real and generated points and between them) and
    ``gradient`` (norm of the generator's last gradient). ``modes`` at the end; ``x`` and ``y`` of point `at`
    of seed 0 at the end.
    """
    return pd.concat([_played(arm, budget) for arm in ARMS], ignore_index=True)


def _played(arm: str, budget: Experiments) -> pd.DataFrame:
    """One game from its start to its end, all seeds at once."""
    draws, (method, optimiser) = Draws(budget.numbers), ARMS[arm]
    recipe = _base.recipe(n_critic=CRITIC_STEPS, optimiser=optimiser)
    critic = _base.critic(draws, [2, *HIDDEN])
    generator = _base.generator(draws, [Z_DIM, *HIDDEN, 2])
    game = _base.game(method, recipe, generator, critic, draws)
    train, heldout = (gaussians8.draw(np.random.default_rng(k), 20_000)[0] for k in (0, 1))
    play = _base.Play(game, recipe, _base.pool(train), draws, Z_DIM)
    real = _base.pool(heldout)(draws, "fresh/real", 0, budget.steps(POINTS))
    parts = []
    for until in np.unique(np.linspace(1, budget.steps(STEPS), LOOKS).astype(int)).tolist():
        play.train(until - play.step)
        for what, values in _state(game, draws, real).items():
            parts.append(_rows(values, seed=draws.seeds, what=what, at=until))
    made = _quality.samples(game, draws, Z_DIM, budget.steps(COUNTED))
    counted = _quality.modes(made, CENTRES, NEAR)
    parts.append(_rows(counted, seed=draws.seeds, what="modes", at=play.step))
    for what, values in zip("xy", made[0, :SHOWN].T.tolist(), strict=True):
        parts.append(_rows(values, seed=0, what=what, at=range(len(values))))
    return pd.concat(parts, ignore_index=True).assign(arm=arm)


def _rows(values: Any, **rest: Any) -> pd.DataFrame:
    return pd.DataFrame({"value": values} | rest)


def _state(game: Game, draws: Draws, real: Tensor) -> dict[str, Any]:
    """What is asked after a step, one number per seed."""
    made = _quality.samples(game, draws, Z_DIM, real.shape[1])
    with torch.no_grad():
        estimate = game.method.loss.estimate(game.critic(real), game.critic(made))
    between = interpolate(real, made, draws.uniform("fresh/epsilon", 0, real.shape[1:2]))
    points = torch.cat([real, made, between.detach()], 1).requires_grad_()
    return {
        "w1": _quality.wasserstein(real, made),
        "estimate": estimate.tolist(),
        "steepest": input_gradient_norm(game.critic(points), points).amax(1).tolist(),
        "gradient": gradient_norm(game.generator).tolist(),
    }
