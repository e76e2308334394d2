"""What trained critics say of two parallel lines, and what energies that were learned say of them.

Arjovsky et al. 2017, Example 1: data (0, y), generator (theta, y), y uniform on [0, 1]; W = |theta|, JS = log 2
off theta = 0. One critic per theta and seed, all trained at once: the leading axis holds theta x seed, and all
thetas of a seed share its starting weights and its draws.

- ``wgan_gp`` and ``wgan_clip``: the score gap at fresh points, and K.
- ``gan_minimax``: the discriminator's estimate of JS.
- ``ebgan``: the generator's energy above that of the data, under a learned energy (Arjovsky et al. 2017,
  appendix D: against the best energy it is m TV).
- ``table``: a learned energy for the walk of Zhao et al. 2017, Theorems 1 and 2, on 12 places: its value against
  m (1 - TV).

Deviations:
1. Neither paper trains anything here; the estimators are ours: two hidden layers of 32 leaky rectified units, batches
   of 32 points a side, and Adam 1e-3, but RMSProp 5e-5 and clip 0.01, as in Arjovsky et al., for the clipped
   critic. 1,000 steps for the two critics, 1,500 for the discriminator, 2,000 for the energies.
2. On the lines the energy is a small autoencoder's reconstruction error, non-negative by construction and what
   EBGAN trains: y is continuous, and in a table two lines would be apart by definition, however near.
3. On 12 places it is a table, the absolute value of one number per place (Adam 0.02 from m/2, batch 64,
   2,000 steps): the theorems let each place have its own energy. Its value is a sum over the places, not an estimate.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from replication.experiments import _base
from replication.losses import energy, minimax, wasserstein
from replication.methods._base import Method
from replication.nets import points
from replication.nets._layers import initialise
from replication.plan.config import Experiments, Recipe
from replication.techniques import clipping, gradient_penalty
from replication.tensors.draws import Draws
from replication.transport import divergences

THETAS = (-1.0, -0.7, -0.4, -0.2, 0.0, 0.2, 0.4, 0.7, 1.0)
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
MARGIN, PLACES = 10.0, 12
#: Seeds for each of the budget: the range of a learned energy is near its threshold.
FACTOR = 3

ADAM = _base.recipe(critic_lr=1e-3, batch=32)
EBGAN = Method(energy.Loss(MARGIN))
CLIPPED = _base.recipe(critic_lr=5e-5, optimiser="rmsprop", batch=32)


def measure(budget: Experiments) -> pd.DataFrame:
    """One row per number: method, quantity, seed, x (theta or share of the walk), place (0 if none), value."""
    budget = budget.times(FACTOR)
    draws = Draws([seed for _ in THETAS for seed in budget.numbers])
    nets = [_base.critic(draws, [2, 32, 32], "leaky_relu", "fan_in") for _ in range(3)]
    methods: dict[str, tuple[Method, nn.Module, Recipe, int]] = {
        "wgan_gp": (
            Method(wasserstein.Loss(), gradient_penalty.Technique(10.0)),
            nets[0],
            ADAM,
            1000,
        ),
        "wgan_clip": (Method(wasserstein.Loss(), clipping.Technique(0.01)), nets[1], CLIPPED, 1000),
        "gan_minimax": (Method(minimax.Loss()), nets[2], ADAM, 1500),
        "ebgan": (EBGAN, autoencoder(draws), ADAM, 2000),
    }
    real, fake = line(torch.zeros(len(draws.seeds))), line(_leading(THETAS, budget.seeds))
    n, tables = min(1024, budget.steps(1024)), []
    for name, (method, net, recipe, steps) in methods.items():
        trial = _base.Trial(method, net, recipe, real, fake, draws)
        trial.train(budget.steps(steps))
        for quantity, values in (("estimate", trial.estimate(n)), ("K", trial.lipschitz(n))):
            found = values.numpy().reshape(len(THETAS), -1)
            tables.append(_rows(name, quantity, THETAS, found))
    return pd.concat([*tables, *_walk(budget)], ignore_index=True)


def line(thetas: Tensor) -> _base.Sampler:
    """Sampler of (theta, y), y uniform on [0, 1], with a theta per leading index: thetas [leading]."""

    def sample(draws: Draws, stream: str, index: int, n: int) -> Tensor:
        y = draws.uniform(stream, index, (n,))
        return torch.stack([thetas[:, None].expand_as(y), y], 2)

    return sample


def autoencoder(draws: Draws) -> nn.Module:
    """A small autoencoder per leading index: points [leading, batch, 2] to energies [leading, batch]."""
    settings = {"critic": [32, 32], "activation": "relu"}
    net = points.autoencoder(len(draws.seeds), (2,), settings, "none")
    initialise(net, "fan_in", "critic", draws)
    return net


class Table(nn.Module):
    """An energy per place: numbers of places [leading, batch, 1] to energies [leading, batch], from m/2."""

    def __init__(self, leading: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((leading, PLACES), MARGIN / 2))

    def forward(self, places: Tensor, labels: Tensor | None = None) -> Tensor:
        """Look up."""
        return self.weight.abs().gather(1, places[..., 0].long())


def stage(share: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Data and generator [12] after `share` of the generator's way onto the data."""
    x = np.arange(PLACES, dtype=float)
    p = divergences.gaussian(x, 7.0, 1.6) + divergences.gaussian(x, 10.0, 0.8)
    q = divergences.gaussian(x, 2.5, 1.7)
    p, q = p / p.sum(), q / q.sum()
    return p, (1 - share) * q + share * p


def places(masses: NDArray[np.float64]) -> _base.Sampler:
    """Sampler of numbers of places, [leading, n, 1], from masses [leading, places]."""
    edges = torch.as_tensor(masses.cumsum(1)[:, :-1], dtype=torch.float32)
    return lambda draws, stream, index, n: torch.searchsorted(
        edges, draws.uniform(stream, index, (n,)), right=True
    )[..., None].float()


def value(p: NDArray[np.float64], q: NDArray[np.float64], energies: NDArray[np.float64]) -> float:
    """E_p D + E_q max(0, m - D), Zhao et al. 2017, Eq. 1."""
    return float(p @ energies + q @ np.maximum(0, MARGIN - energies))


def _walk(budget: Experiments) -> list[pd.DataFrame]:
    """The learned table's energies and value at every stage of the walk."""
    draws = Draws([seed for _ in SHARES for seed in budget.numbers])
    stages = [stage(share) for share in SHARES]
    real, fake = (
        places(np.repeat([s[side] for s in stages], budget.seeds, axis=0)) for side in (0, 1)
    )
    trial = _base.Trial(
        EBGAN, Table(len(draws.seeds)), _base.recipe(critic_lr=0.02, batch=64), real, fake, draws
    )
    trial.train(budget.steps(2000))
    learned = trial.scores(torch.arange(PLACES)[:, None]).numpy().astype(np.float64)
    learned = learned.reshape(len(SHARES), budget.seeds, PLACES)
    values = [[value(*s, own) for own in rows] for s, rows in zip(stages, learned, strict=True)]
    return [
        _rows("table", "value", SHARES, np.asarray(values)),
        *(_rows("table", "energy", SHARES, learned[..., i], i + 1) for i in range(PLACES)),
    ]


def _leading(values: tuple[float, ...], seeds: int) -> Tensor:
    return torch.tensor(values).repeat_interleave(seeds)


def _rows(
    method: str, quantity: str, x: tuple[float, ...], values: NDArray[np.float64], place: int = 0
) -> pd.DataFrame:
    """Values [x, seeds] as rows."""
    seeds = values.shape[1]
    return pd.DataFrame(
        {
            "method": method,
            "quantity": quantity,
            "seed": np.tile(np.arange(seeds), len(x)),
            "x": np.repeat(x, seeds),
            "place": place,
            "value": values.astype(float).ravel(),
        }
    )
