"""Value surfaces: what is measured is W1, a Lipschitz bound and a quadratic's share, in cases solved by hand."""

from __future__ import annotations

import pytest
import torch

from replication.experiments import value_surfaces as experiment
from replication.experiments._base import Trial, critic, gaussian, recipe
from replication.losses import wasserstein
from replication.methods._base import Method
from replication.techniques import clipping, gradient_penalty
from replication.tensors.draws import Draws

DRAWS = Draws(range(2))


def test_exact_of_moved_points_is_the_way_they_moved():
    points = DRAWS.normal("points", 0, (40, 2))
    moved = points + torch.tensor([3.0, 4.0])
    assert experiment.exact(points, moved[:, torch.randperm(40)]) == pytest.approx(
        [5.0, 5.0], rel=1e-5
    )


def test_a_quadratic_explains_itself_and_no_fast_wave():
    points = DRAWS.normal("points", 1, (2_000, 2))
    x, y = points[..., 0], points[..., 1]
    bowl = 3 - x + x * y - 2 * y**2
    assert experiment.quadratic_share(points, bowl).tolist() == pytest.approx([1, 1], abs=1e-6)
    assert experiment.quadratic_share(points, torch.sin(20 * x)).max() < 0.02
    both = experiment.quadratic_share(points, x + torch.sin(20 * x))  # variances 1 and 1/2
    assert both.tolist() == pytest.approx([2 / 3, 2 / 3], abs=0.04)


def test_blur_adds_a_unit_gaussian():
    still = experiment.blurred(gaussian([1.0, -2.0], 0.0))(DRAWS, "s", 0, 20_000)
    assert still.mean(1)[0].tolist() == pytest.approx([1, -2], abs=0.03)
    assert still.std(1)[0].tolist() == pytest.approx([1, 1], abs=0.03)


def trained(technique, steps=300, **settings):
    """Two narrow clouds, 2 apart: the best critic falls with slope 1 between them."""
    settings = recipe(betas=(0.5, 0.9), critic_lr=3e-3) if not settings else recipe(**settings)
    ends = gaussian([0.0, 0.0], 0.05), gaussian([2.0, 0.0], 0.05)
    trial = Trial(
        Method(wasserstein.Loss(), technique), critic(DRAWS, [2, 24, 24]), settings, *ends, DRAWS
    )
    trial.train(steps)
    return trial


def found(trial, n=128):
    w1 = torch.tensor(experiment.exact(*trial.fresh(n)))
    return {t["what"].iloc[0]: t["value"].to_numpy() for t in experiment._ends(trial, w1, n, n)}


@pytest.mark.parametrize("weight", [10.0, 2.0])
def test_a_penalised_critic_is_steeper_than_one_by_half_the_way_over_the_weight(weight):
    """A slope g on a way of length 2 gains 2 g - weight (g - 1)^2, which is most at g = 1 + 1 / weight."""
    ends = found(trained(gradient_penalty.Technique(weight)))
    assert ends["w1"] == pytest.approx([2, 2], abs=0.02)
    assert ends["slope"] == pytest.approx([1 + 1 / weight] * 2, rel=0.05)
    assert ends["share"].min() > 0.7


def test_no_critic_finds_more_than_w1():
    """Estimate <= K W1 on the points themselves, for any critic whatever."""
    for technique in (gradient_penalty.Technique(0.1), clipping.Technique(0.3)):
        assert found(trained(technique, 40))["share"].max() <= 1.001
