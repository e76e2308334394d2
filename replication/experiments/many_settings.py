"""Does the estimate at the end tell a good run from a failed one? Many settings at equal generator steps.

Every method with five learning rates and two nets on the ring of 8 Gaussians, 300 generator steps each. The
learning rates span two orders of magnitude, so that some settings learn nothing and some blow up: what
Arjovsky et al. 2017 say of a failed run, that its estimate stays high, is tested here on purpose.

Deviations: see `_objectives`. Three seeds at most, since settings are what is compared.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from torch import Tensor

from replication.data import ring
from replication.experiments import _base, _quality
from replication.experiments._objectives import OBJECTIVES, Z_DIM, Played, read
from replication.plan.config import Experiments
from replication.tensors.draws import Draws

FIRST, SEEDS = 100, 3

RATES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2)
NETS: dict[str, tuple[int, ...]] = {"3 x 64": (64, 64, 64), "2 x 16": (16, 16)}

#: Generator steps; points a side in W1; points that the critic is asked on.
STEPS, POINTS, ASKED = 300, 500, 1000


def measure(budget: Experiments) -> pd.DataFrame:
    """One row per run: ``seed``, ``method``, ``rate``, ``net``, ``estimate``, ``over_k``, ``w1`` and ``w1_before``.

    The last is W1 of the untrained generator; the others are taken before the last generator step.
    """
    draws = Draws(range(FIRST, FIRST + min(SEEDS, budget.seeds)))
    settings = [(name, net, rate) for name in OBJECTIVES for net in NETS for rate in RATES]
    parts = [_run(name, net, rate, draws, budget) for name, net, rate in settings]
    return pd.concat(parts, ignore_index=True)


def _run(name: str, net: str, rate: float, draws: Draws, budget: Experiments) -> pd.DataFrame:
    """One setting, all seeds at once."""
    train, heldout = (
        _base.pool(ring.draw(np.random.default_rng(part), 20_000)[0]) for part in (0, 1)
    )
    objective = OBJECTIVES[name]
    recipe = objective.recipe(critic_lr=rate, generator_lr=rate)
    play = Played.in_the_plane(objective, recipe, NETS[net], train, draws)
    real = heldout(draws, "asked", 0, ASKED)
    steps, n = budget.steps(STEPS), min(ASKED, budget.steps(POINTS))
    about = {"seed": draws.seeds, "method": name, "net": net, "rate": rate}
    found: dict[str, Any] = {"w1_before": _w1(play, draws, real[:, :n])}

    def look(at: int) -> None:
        made = _quality.samples(play.game, draws, Z_DIM, ASKED)
        estimate, over = read(play.game.method, play.game.critic, real, made, draws)
        found.update(
            estimate=estimate.numpy(), over_k=over.numpy(), w1=_w1(play, draws, real[:, :n])
        )

    play.until(steps, (steps - 1,), look)
    return pd.DataFrame(about | found)


def _w1(play: Played, draws: Draws, real: Tensor) -> list[float]:
    made = _quality.samples(play.game, draws, Z_DIM, ASKED)
    return _quality.wasserstein(real, made[:, : real.shape[1]])
