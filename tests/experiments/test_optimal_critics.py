"""The experiment of critics on a line: its references are exact, and its critics reach the optima that are known."""

import numpy as np
import pytest
import torch
from scipy.special import logit
from torch.nn.functional import binary_cross_entropy_with_logits

from replication.experiments import _base, optimal_critics
from replication.experiments.optimal_critics import LABELS
from replication.losses import minimax, wasserstein
from replication.methods._base import Method
from replication.plan.config import Experiments
from replication.techniques import gradient_penalty, label_smoothing
from replication.tensors.draws import Draws
from replication.transport import divergences


def softened(labels, real, fake):
    """The critic's loss under label smoothing, of scores [seeds, batch]."""
    hard = minimax.Loss().critic_loss(real, fake)
    return label_smoothing.Technique(*labels).critic_loss(hard, real, fake)


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_soft_labels_are_the_cross_entropy_to_those_labels(labels):
    real, fake = torch.randn(2, 3, 50, generator=torch.Generator().manual_seed(0))
    expected = [
        sum(
            binary_cross_entropy_with_logits(s, torch.full_like(s, label))
            for s, label in zip(pair, labels, strict=True)
        )
        for pair in zip(real, fake, strict=True)
    ]
    torch.testing.assert_close(softened(labels, real, fake), torch.stack(expected))


@pytest.mark.parametrize("labels", [LABELS["one-sided"], LABELS["two-sided"]])
def test_soft_labels_are_least_at_the_closed_form(labels):
    p, q = 0.3, 0.7  # at one place; the losses below are weighted by drawing 30 and 70 times
    best = (labels[0] * p + labels[1] * q) / (p + q)
    score = torch.tensor([[logit(best)]], dtype=torch.float64, requires_grad=True)

    def loss(shift: float = 0.0) -> torch.Tensor:
        none = torch.zeros(1, 1, dtype=torch.float64)
        still = softened(labels, none, none)
        real = softened(labels, score + shift, none) - still
        fake = softened(labels, none, score + shift) - still
        return (p * real + q * fake).sum()

    loss().backward()
    assert abs(float(score.grad)) < 1e-12
    assert loss(0.1).item() > loss().item()
    assert loss(-0.1).item() > loss().item()


def test_straightness_is_one_of_a_line_and_nothing_of_a_parabola():
    x = np.linspace(-6, 6, 121)
    rows = np.stack([3 - 0.001 * x, x**2, np.ones_like(x), x + x**2])
    found = optimal_critics.straightness(x, rows)
    assert found[:2] == pytest.approx([1, 0], abs=1e-12)
    assert np.isnan(found[2])
    assert found[3] == pytest.approx(np.var(x) / (np.var(x) + np.var(x**2)))


def test_the_value_is_that_of_the_theorem_at_the_best_logit_and_less_elsewhere():
    x = divergences.line(12, 2401)
    p, q = divergences.masses(x), divergences.masses(x, optimal_critics.SHIFT)
    best = optimal_critics.SHIFT**2 / 2 - optimal_critics.SHIFT * x
    values = optimal_critics._value(x, np.stack([best, best + 0.05, 1.02 * best]))
    assert values[0] == pytest.approx(2 * divergences.js(p, q) - np.log(4), abs=1e-12)
    assert (values[1:] < values[0] - 1e-5).all()


def test_the_far_mode_is_drawn_as_its_density_says():
    drawn = optimal_critics.far_mode(Draws([0, 1]), "fake", 0, 40_000).numpy()[..., 0]
    x = divergences.line(30, 60_001)
    density = optimal_critics.mixture(x) * (x[1] - x[0])
    for power in (0, 1, 2):
        exact = float((density * x**power).sum())
        assert (drawn**power).mean(1) == pytest.approx([exact, exact], rel=0.02)
    assert ((drawn > 4).mean(1)) == pytest.approx([0.4, 0.4], abs=0.01)


def _two_points(distance, one_sided):
    """Gaps before and after training a critic with penalty 10 on two points, seeds 0 to 5."""
    draws = Draws(range(6))
    method = Method(wasserstein.Loss(), gradient_penalty.Technique(10.0, one_sided))
    sides = _base.pool([[0.0]]), _base.pool([[distance]])
    net = _base.critic(draws, [1, 16], init="fan_in")
    trial = _base.Trial(method, net, _base.recipe(critic_lr=5e-3, batch=32), *sides, draws)
    before = trial.estimate(8).numpy()
    trial.train(300)
    return before, trial.estimate(8).numpy()


@pytest.mark.parametrize("distance", [0.5, 2.0])
def test_a_critic_with_penalty_on_two_points_has_slope_one_and_w_over_two_lambda(distance):
    """max over slopes s of s d - lambda (s - 1)^2 is at s = 1 + d / (2 lambda)."""
    _, after = _two_points(distance, one_sided=True)
    assert after == pytest.approx(distance * (1 + distance / 20), rel=0.02)


def test_on_a_line_the_two_sided_penalty_keeps_a_critic_that_starts_the_wrong_way():
    """Why its penalty is one-sided: s d - lambda (|s| - 1)^2 has a second maximum at -1 + d / (2 lambda)."""
    before, after = _two_points(2.0, one_sided=False)
    right, wrong = 2.0 * (1 + 0.1), -2.0 * (1 - 0.1)
    assert after == pytest.approx(np.where(before > 0, right, wrong), rel=0.02)
    assert (before < 0).any()
    assert (before > 0).any()


def test_only_the_critic_without_constraint_leaves_its_bounds():
    table = optimal_critics._unconstrained(Experiments(seeds=2, effort=0.2), Draws([0, 1]))
    gap = table[table["quantity"] == "gap"].set_index(["critic", "x", "seed"])["value"]
    steps = np.sort(table["x"].unique())
    last = gap.xs(steps[-1], level="x").groupby("critic").min()
    earlier = (
        gap.xs(steps[np.searchsorted(steps, steps[-1] / 2)], level="x").groupby("critic").max()
    )
    assert last["none"] > 5
    assert last["none"] > 2 * earlier["none"], "it still grows, faster than in proportion"
    assert last["wgan_gp"] == pytest.approx(1.05, abs=0.15)
    assert gap["wgan_clip"].max() <= 0.01**3 * 32 * 32 * 1.5, (
        "the largest slope that the clip allows"
    )
