"""GAN on a line: the exact distance of samples, and a discriminator with nothing, or something, to find."""

from __future__ import annotations

import pytest
import torch
from scipy.stats import wasserstein_distance

from replication.experiments import fig1_line as experiment
from replication.experiments._base import Trial, critic, gaussian, recipe
from replication.losses import non_saturating
from replication.methods._base import Method
from replication.tensors.draws import Draws

DRAWS = Draws(range(2))


def test_w1_is_scipys():
    x, y = DRAWS.normal("x", 0, (50, 1)), 2 * DRAWS.normal("y", 0, (50, 1)) + 1
    expected = [wasserstein_distance(a[:, 0], b[:, 0]) for a, b in zip(x, y, strict=True)]
    assert experiment.w1(x, y).tolist() == pytest.approx(expected, rel=1e-5)
    assert experiment.w1(x, x.flip(1) + 3).tolist() == pytest.approx([3, 3], rel=1e-5)


def test_w1_of_two_normals_in_closed_form():
    """Equal means, sd 1 and 3: the plan is monotone, so W1 = 2 E|N(0, 1)| = 2 sqrt(2 / pi)."""
    x, y = (sd * DRAWS.normal(f"n{sd}", 0, (40_000, 1)) for sd in (1, 3))
    assert experiment.w1(x, y).tolist() == pytest.approx([2 * (2 / torch.pi) ** 0.5] * 2, rel=0.03)


@pytest.mark.parametrize(("mean", "apart"), [(experiment.MEAN, False), (experiment.MEAN + 1, True)])
def test_d_is_one_half_only_where_samples_are_data(mean, apart):
    net = critic(DRAWS, [1, *experiment.WIDTHS], "tanh", "glorot")
    ends = gaussian([experiment.MEAN], experiment.SD), gaussian([mean], experiment.SD)
    trial = Trial(Method(non_saturating.Loss()), net, recipe(batch=128), *ends, DRAWS)
    trial.train(300)
    half = (torch.sigmoid(trial.scores(torch.cat(trial.fresh(1_000), 1))) - 0.5).abs().mean(1)
    assert (half > 0.2).all() if apart else (half < 0.06).all()


def test_distance_from_the_best_discriminator_in_closed_form():
    """Of D = 1/2 it is TV / 2; N(2, .5^2) and N(3, .5^2) have TV = 2 Phi(1) - 1. Of D* it is 0."""
    samples = 3 + 0.5 * DRAWS.normal("samples", 0, (40_000, 1))
    half = experiment.from_best(lambda x: torch.zeros(x.shape[:2]), samples)
    assert half.tolist() == pytest.approx([0.6827 / 2] * 2, abs=0.01)
    # log p / q of two normals of one variance: (2 (2 - 3) x - 4 + 9) / (2 * .25)
    best = experiment.from_best(lambda x: (10 - 4 * x)[..., 0], samples)
    assert (best < 0.02).all()
