"""The losses between a GAN and a WGAN, and the measures of samples, against what is known."""

from __future__ import annotations

import math

import pytest
import torch

from replication.experiments import _base, _quality, four_changes
from replication.losses import non_saturating
from replication.tensors.draws import Draws


def scores(*values: float) -> torch.Tensor:
    return torch.tensor([values], requires_grad=True)


def test_without_a_log_the_best_value_is_total_variation():
    """p = (0.7, 0.3), q = (0.2, 0.8) on two places: D = 1 on the first, 0 on the second gives TV = 0.5."""
    best = torch.tensor([40.0, -40.0])
    real = best[torch.tensor([[0] * 7 + [1] * 3])]
    fake = best[torch.tensor([[0] * 2 + [1] * 8])]
    assert four_changes.NoLog().estimate(real, fake).item() == pytest.approx(0.5)


def test_a_score_beyond_the_edge_gives_the_generator_no_gradient():
    """What leaving out the sigmoid alone does; with it the gradient is never zero."""
    (inside,) = torch.autograd.grad(
        four_changes.NoSigmoid().generator_loss(s := scores(-0.5, 0.5)).sum(), s
    )
    assert inside[0, 0] == 0
    assert inside[0, 1].item() == pytest.approx(-1 / 0.5 / 2)
    (gan,) = torch.autograd.grad(
        non_saturating.Loss().generator_loss(s := scores(-0.5, 0.5)).sum(), s
    )
    assert (gan < 0).all()


def test_inside_the_edges_no_sigmoid_is_the_gan_of_those_probabilities():
    d = torch.tensor([[0.2, 0.9]])
    logits = d.logit()
    ours, gan = four_changes.NoSigmoid(), non_saturating.Loss()
    assert torch.allclose(ours.critic_loss(d, d.flip(1)), gan.critic_loss(logits, logits.flip(1)))
    assert torch.allclose(ours.generator_loss(d), gan.generator_loss(logits))
    half = torch.full((1, 3), 0.5)
    assert ours.estimate(half, half).item() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("arm", "bounded"), [
    ("clipped", True), ("wgan", True), ("only_clipped", True), ("no_log_no_sigmoid", False),
])  # fmt: skip
def test_only_the_clipped_arms_have_bounded_weights(arm: str, bounded: bool):
    draws = Draws((0,))
    method, optimiser = four_changes.ARMS[arm]
    critic = _base.critic(draws, [2, 8])
    recipe = _base.recipe(optimiser=optimiser)
    game = _base.game(method, recipe, _base.generator(draws, [2, 8, 2]), critic, draws)
    _base.Play(game, recipe, _base.gaussian([1.0, 0.0], 0.1), draws, 2).train(3)
    largest = max(p.abs().max().item() for p in critic.parameters())
    assert (largest <= four_changes.CLIP + 1e-7) == bounded


def test_w1_of_points_moved_by_a_vector_is_its_length():
    points = torch.randn(2, 50, 2)
    moved = points + torch.tensor([[[3.0, 4.0]], [[0.0, 0.0]]])
    assert _quality.wasserstein(points, moved) == pytest.approx([5, 0], abs=1e-5)
    moved[1, 0, 0] = math.nan
    assert math.isnan(_quality.wasserstein(points, moved)[1])


def test_modes_are_centres_with_a_point_near_them():
    made = torch.tensor([[[1.41, 0.01], [0.0, 1.3]], [[1.41, 0.01], [0.01, 1.41]]])
    assert _quality.modes(made, four_changes.CENTRES, four_changes.NEAR) == [1, 2]
