"""The vanishing gradient: norms and their ratio where D is known, and what single precision would have said."""

from __future__ import annotations

import math

import pandas as pd
import pytest
import torch
from torch import nn

from replication.experiments import vanishing as experiment
from replication.experiments._base import generator
from replication.losses import minimax, non_saturating
from replication.papers.arjovsky_bottou2017 import vanishing as panel
from replication.papers.goodfellow2014 import early_gradients
from replication.tensors.draws import Draws

DRAWS = Draws(range(2))


class Flat(nn.Module):
    """Logit b + 1e-3 x: D is nearly the same everywhere."""

    def __init__(self, b: float) -> None:
        super().__init__()
        self.b = b

    def forward(self, x):
        return self.b + 1e-3 * x[..., 0]


def pulls(b: float, dtype=torch.float64):
    net = generator(DRAWS, [1, 8, 2]).to(dtype)
    z = DRAWS.normal("z", 0, (64, 1)).to(dtype)
    none = torch.zeros(2, 64, 2, dtype=dtype)
    norms = [experiment.pull(m.Loss(), net, Flat(b), z, none) for m in (minimax, non_saturating)]
    return [n.tolist() for n in norms]


@pytest.mark.parametrize("b", [-300.0, -30.0, 0.0, 5.0])
def test_ratio_of_the_two_losses_is_one_minus_d_over_d(b):
    ratios = [math.log(n / m) for m, n in zip(*pulls(b), strict=True)]
    assert ratios == pytest.approx([-b] * 2, abs=0.02)


def test_single_precision_would_lose_the_gradient():
    assert min(pulls(-200.0)[0]) > 0
    assert max(pulls(-200.0, torch.float32)[0]) == 0


def test_noise_moves_where_the_discriminator_looks():
    net, z = generator(DRAWS, [1, 8, 2]).double(), DRAWS.normal("z", 0, (64, 1)).double()
    fall = lambda x: -x[..., 0] * 4
    near, far = (
        experiment.pull(minimax.Loss(), net, fall, z, torch.full((2, 64, 2), by))
        for by in (0.0, 5.0)
    )
    assert (far < 1e-3 * near).all()


def test_ring():
    points = experiment.narrow_ring(DRAWS, "s", 0, 8_000)
    radius = points.norm(dim=2)
    assert radius.mean().item() == pytest.approx(experiment.RADIUS, abs=1e-3)
    assert radius.std().item() == pytest.approx(experiment.SD, rel=0.05)
    modes = (torch.atan2(points[..., 1], points[..., 0]) / (math.pi / 4)).round() % 8
    assert torch.bincount(modes.flatten().long()).min() > 0.9 * 2_000


def norms(fall: float, noise: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"age": 100, "noise": noise, "seed": 0, "step": [0, 10, 20], "accuracy": 0.9,
         "minimax": [1.0, 10 ** (-fall / 2), 10**-fall], "non_saturating": 1.0}
    )  # fmt: skip


def test_orders_lost():
    evidence = panel.evidence(pd.concat([norms(6, 0.0), norms(1, 0.2)], ignore_index=True))
    assert evidence["AB17-C2a"] == pytest.approx([6])
    assert evidence["AB17-C5b"] == pytest.approx([5])


def test_first_rejection_counts_and_never_is_not_a_number():
    table = pd.DataFrame(
        {"seed": [0, 0, 0, 1], "step": [0, 1, 2, 0], "mean_d": [0.5, 0.04, 0.01, 0.5],
         "ratio": [1.0, 24.0, 99.0, 1.0]}
    )  # fmt: skip
    first, never = early_gradients.evidence(table)["GAN14-C3"]
    assert first == 24
    assert math.isnan(never)
