"""How good the points of a generator are: exact W1, and modes covered."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from replication.tensors.draws import Draws
from replication.training.game import Game
from replication.transport import plans


@torch.no_grad()
def samples(game: Game, draws: Draws, z_dim: int, n: int) -> Tensor:
    """n points per seed from z that training never draws, the same at every call: [seeds, n, d]."""
    game.generator.eval()
    made: Tensor = game.generator(draws.normal("fresh/z", 0, (n, z_dim)))
    game.generator.train()
    return made


def wasserstein(real: Tensor, made: Tensor) -> list[float]:
    """Exact W1 between n real and n generated points of every seed, [seeds, n, d] each; NaN where not finite."""
    return [_one(x, y) for x, y in zip(real.double().numpy(), made.double().numpy(), strict=True)]


def _one(x: np.ndarray, y: np.ndarray) -> float:
    if not np.isfinite(y).all():
        return float("nan")
    even = np.full(len(x), 1 / len(x))
    return plans.wasserstein(even, even, plans.distances(x, y))


def modes(made: Tensor, centres: ArrayLike, radius: float) -> list[int]:
    """How many centres [m, d] have a generated point [seeds, n, d] within `radius`, by seed."""
    places = torch.as_tensor(np.asarray(centres), dtype=made.dtype).expand(len(made), -1, -1)
    return (torch.cdist(made, places).amin(1) <= radius).sum(1).tolist()
