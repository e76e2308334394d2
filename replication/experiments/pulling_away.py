"""EBGAN with and without its pulling-away term: are codes less alike, and samples more varied?

Zhao et al. 2017, section 2.4 and figures 12 to 14, in kind: their pictures of faces and rooms are a ring of
eight Gaussians here, and "more varied" is the number of Gaussians that samples reach.

Deviations:
1. Points in the plane and perceptrons of 64 units for pictures and convolutions.
2. The margin is 1, the distance of the data from their centre; the term's weight 0.1 is the paper's.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch
from torch import nn

from replication.data import ring
from replication.experiments import _base
from replication.losses import energy
from replication.methods._base import Method
from replication.metrics import _modes
from replication.metrics._base import Batch
from replication.nets import points
from replication.nets._layers import initialise
from replication.plan.config import Experiments
from replication.techniques import pulling_away
from replication.tensors.draws import Draws

STEPS, LOOKS, SAMPLES = 4000, 10, 2500
WEIGHTS = {"with": 0.1, "without": 0.0}
#: Seeds for each of the budget.
FACTOR = 2


def measure(budget: Experiments) -> pd.DataFrame:
    """Columns seed, term (with, without), step, cosine (mean squared, over pairs of codes), modes."""
    cloud = ring.draw(np.random.default_rng(0), 20_000)[0]
    held, held_labels = ring.draw(np.random.default_rng(1), 5_000)
    real = Batch(
        torch.from_numpy(held), torch.empty(0), torch.empty(0), torch.from_numpy(held_labels)
    )
    rows, draws = [], Draws(budget.times(FACTOR).numbers)
    for term, weight in WEIGHTS.items():
        play = _play(draws, weight, _base.pool(cloud))
        for _ in range(LOOKS):
            play.train(budget.steps(STEPS // LOOKS))
            rows += [(seed, term, play.step, *found) for seed, found in _look(play, draws, real)]
    return pd.DataFrame(rows, columns=["seed", "term", "step", "cosine", "modes"])


def _play(draws: Draws, weight: float, real: _base.Sampler) -> _base.Play:
    method = Method(energy.Loss(1.0), pulling_away.Technique(weight))
    settings = {"critic": [64, 64], "activation": "relu"}
    critic: nn.Module = points.autoencoder(len(draws.seeds), (2,), settings, "none")
    initialise(critic, "he", "critic", draws)
    recipe = _base.recipe()
    game = _base.game(method, recipe, _base.generator(draws, [2, 64, 64, 64, 2]), critic, draws)
    return _base.Play(game, recipe, real, draws, z_dim=2)


@torch.no_grad()
def _look(play: _base.Play, draws: Draws, real: Batch) -> list[tuple[int, tuple[float, float]]]:
    """Likeness of codes and modes reached, of the same noise at every look."""
    samples = play.game.generator(draws.normal("look", 0, (SAMPLES, 2)))
    cosines = pulling_away.pulling_away(play.game.critic.features(samples))  # type: ignore[operator]
    reached = [
        float((_modes.histogram(real, own, close=True) > 0).sum())
        if torch.isfinite(own).all() else float("nan")
        for own in samples
    ]  # fmt: skip
    return list(zip(draws.seeds, zip(cosines.tolist(), reached, strict=True), strict=True))
