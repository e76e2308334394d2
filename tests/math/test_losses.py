"""Losses, techniques and estimates against formulas written out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.spatial.distance import jensenshannon
from torch import Tensor

from replication.losses._base import Loss
from replication.plan import registry
from replication.techniques._base import Technique, Together
from replication.techniques._batch import Batch, Blocks, Noise
from replication.techniques._slopes import input_gradient_norm, interpolate
from replication.techniques.gradient_penalty import slope_penalty
from replication.techniques.pulling_away import pulling_away
from replication.tensors.draws import Draws

LOG3 = math.log(3)


LOSSES = registry.ids("losses")


def loss(name: str, **options: object) -> Loss:
    """A loss with its options' defaults, some replaced."""
    return registry.load("losses", name).Loss(**default("losses", name) | options)


def technique(name: str, **options: object) -> Technique:
    """Likewise a technique."""
    return registry.load("techniques", name).Technique(**default("techniques", name) | options)


def default(kind: str, name: str) -> dict[str, object]:
    return registry.metadata(kind, name).get("OPTIONS", {})


def batch(real: Tensor, epsilon: Tensor) -> Batch:
    """A batch whose noise is the given numbers, whatever it is asked for."""

    class Given(Noise):
        def uniform(self, name: str, shape: tuple[int, ...]) -> Tensor:
            assert epsilon.shape[1:] == shape
            return epsilon

    return Batch(real, None, torch.empty(0), Given(Blocks(Draws([0]), real.device), 0), 0)


def two_points(p: tuple[float, float] = (0.75, 0.25), q: tuple[float, float] = (0.25, 0.75)):
    """Batches of 4 whose shares of points A and B are exactly p and q, given the score of each point."""
    real = [0] * round(4 * p[0]) + [1] * round(4 * p[1])
    fake = [0] * round(4 * q[0]) + [1] * round(4 * q[1])

    def batches(score_a: float, score_b: float) -> tuple[Tensor, Tensor]:
        score = torch.tensor([score_a, score_b], dtype=torch.float64)
        return score[real][None], score[fake][None]

    return np.array(p), np.array(q), batches


def test_cross_entropy_by_hand():
    # D = 1/2, 3/4 on real images and 1/2, 1/4 on generated ones.
    real, fake = torch.tensor([[0.0, LOG3]]), torch.tensor([[0.0, -LOG3]])
    expected = -(math.log(0.5) + math.log(0.75)) / 2 - (math.log(0.5) + math.log(0.75)) / 2
    for name in ("minimax", "non_saturating"):
        assert loss(name).critic_loss(real, fake).item() == pytest.approx(expected, rel=1e-6)
    minimax = loss("minimax").generator_loss(fake).item()
    assert minimax == pytest.approx((math.log(0.5) + math.log(0.75)) / 2, rel=1e-6)
    non_saturating = loss("non_saturating").generator_loss(fake).item()
    assert non_saturating == pytest.approx(-(math.log(0.5) + math.log(0.25)) / 2, rel=1e-6)


def test_minimax_saturates_where_non_saturating_does_not():
    # d log(1 - D) / ds = -D and d(-log D) / ds = D - 1; their ratio is D / (1 - D) = exp(s).
    slopes = {}
    for name in ("minimax", "non_saturating"):
        score = torch.tensor([[-12.0]], dtype=torch.float64, requires_grad=True)
        (slopes[name],) = torch.autograd.grad(loss(name).generator_loss(score).sum(), score)
    assert slopes["non_saturating"].item() == pytest.approx(-1 / (1 + math.exp(-12)), rel=1e-9)
    ratio = (slopes["minimax"] / slopes["non_saturating"]).item()
    assert ratio == pytest.approx(math.exp(-12), rel=1e-9)


def test_losses_stay_finite_at_extreme_scores():
    real, fake = torch.tensor([[-1e4, 1e4]]), torch.tensor([[1e4, -1e4]])
    for name in LOSSES:
        tested = loss(name)
        for value in (
            tested.critic_loss(real, fake),
            tested.generator_loss(fake, real),
            tested.estimate(real, fake),
        ):
            assert torch.isfinite(value).all(), name


@pytest.mark.parametrize("name", ["minimax", "non_saturating"])
def test_js_estimate_is_js_at_the_optimal_discriminator_and_less_elsewhere(name: str):
    p, q, batches = two_points()
    exact = jensenshannon(p, q) ** 2  # nats
    optimal = batches(math.log(p[0] / q[0]), math.log(p[1] / q[1]))
    assert loss(name).estimate(*optimal).item() == pytest.approx(exact, rel=1e-12)
    for a, b in [(0.0, 0.0), (2.0, -1.0), (-1.0, 1.0)]:
        assert loss(name).estimate(*batches(a, b)).item() < exact


def test_a_score_that_sees_its_batch_can_lift_the_js_estimate_above_js():
    """Points 0 and 1, drawn with odds of 3 to 1 and 1 to 3: the mean of 400 nearly always tells which."""
    draws = torch.rand(2, 400, generator=torch.Generator().manual_seed(0))
    real, fake = (draws[:1] < 0.75).double(), (draws[1:] < 0.25).double()
    js = jensenshannon([0.25, 0.75], [0.75, 0.25]) ** 2
    estimate = loss("non_saturating").estimate
    alone, among = (
        estimate(f(real), f(fake)).item()
        for f in (
            lambda x: math.log(3) * (2 * x - 1),  # the logit of D* = p / (p + q)
            lambda x: (100 * (x.mean(1, keepdim=True) - 0.5)).expand_as(x),
        )
    )
    assert alone == pytest.approx(js, abs=0.04)
    assert among > js + 0.5


@pytest.mark.parametrize("coding", [[0.0, 1.0, 1.0], [-1.0, 1.0, 0.0]])
def test_lsgan_estimate_is_pearson_chi2_at_the_optimal_discriminator(coding: list[float]):
    p, q, batches = two_points()
    exact = float((((p + q) - 2 * q) ** 2 / (p + q)).sum())
    a, b, _ = coding
    optimal = (b * p + a * q) / (p + q)
    lsgan = loss("least_squares", coding=coding)
    assert lsgan.estimate(*batches(*optimal)).item() == pytest.approx(exact, rel=1e-12)
    assert lsgan.estimate(*batches(*(optimal + np.array([0.1, 0.0])))).item() < exact


@pytest.mark.parametrize(
    ("coding", "critic", "generator"),
    [
        ([0.0, 1.0, 1.0], (1 + 4) / 4 + (4 + 9) / 4, (1 + 4) / 4),
        ([-1.0, 1.0, 0.0], (1 + 4) / 4 + (9 + 16) / 4, (4 + 9) / 4),
    ],
)
def test_lsgan_by_hand(coding: list[float], critic: float, generator: float):
    real, fake = torch.tensor([[2.0, 3.0]]), torch.tensor([[2.0, 3.0]])
    lsgan = loss("least_squares", coding=coding)
    assert lsgan.critic_loss(real, fake).item() == pytest.approx(critic)
    assert lsgan.generator_loss(fake).item() == pytest.approx(generator)


def test_sngan_hinge_by_hand_and_its_estimate_is_total_variation_at_the_optimum():
    real, fake = torch.tensor([[0.5, 3.0]]), torch.tensor([[-2.0, 0.5]])
    hinge = loss("hinge")
    assert hinge.critic_loss(real, fake).item() == pytest.approx(0.5 / 2 + 1.5 / 2)
    assert hinge.generator_loss(fake).item() == pytest.approx(0.75)
    p, q, batches = two_points()
    assert hinge.estimate(*batches(1.0, -1.0)).item() == pytest.approx(abs(p - q).sum() / 2)
    assert hinge.estimate(*batches(0.5, -1.0)).item() < abs(p - q).sum() / 2


def test_the_wasserstein_loss_has_no_sigmoid_and_no_log():
    real, fake = torch.tensor([[1.0, 5.0]]), torch.tensor([[-4.0, 2.0]])
    wgan = loss("wasserstein")
    assert wgan.critic_loss(real, fake).item() == -1 - 3
    assert wgan.generator_loss(fake).item() == 1
    assert wgan.estimate(real, fake).item() == 4


def test_every_seed_has_a_loss_of_its_own():
    real, fake = torch.randn(3, 8), torch.randn(3, 8)
    for name in LOSSES:
        tested = loss(name)
        for value in (
            tested.critic_loss(real, fake),
            tested.generator_loss(fake, real),
            tested.estimate(real, fake),
        ):
            assert value.shape == (3,), name
        alone = tested.critic_loss(real[1:2], fake[1:2])
        assert torch.allclose(tested.critic_loss(real, fake)[1:2], alone), name


def test_ebgan_margin_is_per_sample():
    # On the batch mean the hinge would be max(0, 10 - 15) = 0.
    ebgan = loss("energy", margin=10.0)
    real, fake = torch.tensor([[1.0, 3.0]]), torch.tensor([[0.0, 30.0]])
    assert ebgan.critic_loss(real, fake).item() == pytest.approx(2 + 10 / 2)
    assert ebgan.generator_loss(fake).item() == pytest.approx(15)
    assert ebgan.estimate(real, fake).item() == pytest.approx(13)
    assert ebgan.orientation == -1


@pytest.mark.parametrize(("n", "features"), [(6, 3), (4, 10)])
def test_pulling_away_term_is_the_papers_double_sum(n: int, features: int):
    codes = torch.randn(2, n, features, dtype=torch.float64)
    for seed in range(2):
        total = 0.0
        for i in range(n):
            for j in range(n):
                if i != j:
                    a, b = codes[seed, i].numpy(), codes[seed, j].numpy()
                    total += (a @ b / (np.linalg.norm(a) * np.linalg.norm(b))) ** 2
        expected = total / (n * (n - 1))
        assert pulling_away(codes)[seed].item() == pytest.approx(expected, rel=1e-12)


def test_pulling_away_term_at_its_extremes():
    assert pulling_away(torch.eye(5)[None]).item() == pytest.approx(0, abs=1e-6)
    assert pulling_away(torch.ones(1, 5, 3)).item() == pytest.approx(1)


def test_gradient_penalty_of_a_linear_critic():
    slope = torch.tensor([3.0, 4.0], dtype=torch.float64)  # norm 5
    real, fake = (
        torch.randn(1, 6, 2, dtype=torch.float64),
        torch.randn(1, 6, 2, dtype=torch.float64),
    )
    epsilon = torch.rand(1, 6, dtype=torch.float64)
    gp, given = technique("gradient_penalty", lambda_gp=10.0), batch(real, epsilon)
    assert gp.penalty(lambda x: x @ slope, given, fake).item() == pytest.approx(160)
    unit = gp.penalty(lambda x: x @ (slope / 5), given, fake)
    assert unit.item() == pytest.approx(0, abs=1e-12)


def test_gradient_penalty_takes_one_epsilon_and_one_norm_per_sample():
    # f(x) = |x|^2 / 2 has gradient x, so the norms are those of the interpolates themselves.
    real = torch.tensor([[[3.0, 0.0], [0.0, 8.0]]], dtype=torch.float64)
    fake = torch.zeros_like(real)
    epsilon = torch.tensor([[1.0, 0.25]], dtype=torch.float64)
    critic = lambda x: x.square().sum(2) / 2
    norms = np.array([3.0, 2.0])
    gp = technique("gradient_penalty", lambda_gp=10.0)
    two_sided = gp.penalty(critic, batch(real, epsilon), fake)
    assert two_sided.item() == pytest.approx(10 * ((norms - 1) ** 2).mean())


def test_one_sided_penalty_forgives_gentle_slopes():
    norms = torch.tensor([[0.2, 1.0, 3.0]])
    assert slope_penalty(norms, one_sided=True).item() == pytest.approx(4 / 3)
    assert slope_penalty(norms, one_sided=False).item() == pytest.approx((0.64 + 4) / 3)


def test_gradient_penalty_reaches_the_critics_weights():
    torch.manual_seed(0)
    weight = torch.randn(2, 5, dtype=torch.float64, requires_grad=True)
    head = torch.randn(5, dtype=torch.float64)
    real, fake = (
        torch.randn(1, 4, 2, dtype=torch.float64),
        torch.randn(1, 4, 2, dtype=torch.float64),
    )
    epsilon = torch.rand(1, 4, dtype=torch.float64)

    def penalty(w: Tensor) -> Tensor:
        gp, given = technique("gradient_penalty"), batch(real, epsilon)
        return gp.penalty(lambda x: torch.tanh(x @ w) @ head, given, fake).sum()

    assert torch.autograd.gradcheck(penalty, weight)


def test_penalty_leaves_no_gradient_on_the_generator():
    generated = torch.randn(1, 4, 2, requires_grad=True)
    points = interpolate(torch.randn(1, 4, 2), generated, torch.rand(1, 4))
    norms = input_gradient_norm(points.square().sum(2), points)
    assert norms.shape == (1, 4)
    assert points.is_leaf


def test_clipping_touches_every_parameter():
    critic = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.BatchNorm1d(4))
    technique("clipping", clip=0.01).after_critic_step(critic)
    for weight in critic.parameters():
        assert weight.abs().max() <= 0.01
    assert critic[1].weight.max().item() == pytest.approx(0.01)  # the scale of batch norm too


def test_clipping_of_weights_alone_leaves_biases_and_norms_free():
    critic = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.BatchNorm1d(4))
    with torch.no_grad():
        critic[0].bias.fill_(1.0)
    technique("clipping", clip=0.01, biases=False).after_critic_step(critic)
    assert critic[0].weight.abs().max() <= 0.01
    assert critic[0].bias.min() == critic[1].weight.min() == 1


def test_the_warm_up_is_that_of_the_authors_code():
    warm = technique("warm_up")
    assert [warm.critic_steps(s, 5) for s in (0, 24, 25, 499, 500)] == [100, 100, 5, 5, 100]


def test_techniques_together_are_one_after_the_other():
    class Named(Technique):
        def __init__(self, name: str) -> None:
            self.name, self.held = name, torch.zeros(1)

        def critic_shape(self, shape):
            return (*shape, self.name)

        def wrap_critic(self, critic, draws):
            return (self.name, critic)

        def inputs(self, images, noise):
            return f"{images}{self.name}"

        def critic_steps(self, step, n_critic):
            return 10 * n_critic + int(self.name)

        def penalty(self, critic, batch, fake):
            return torch.tensor([float(self.name)]) if self.name != "2" else None

        def state(self):
            return {"held": self.held}

    both = Together([Named("1"), Named("2"), Named("3")])
    assert both.wrap_critic("net", Draws([0])) == ("3", ("2", ("1", "net")))
    assert both.critic_shape(()) == ("3", "2", "1"), "the outermost sees images first"
    assert both.inputs("", None) == "123"
    assert both.critic_steps(0, 0) == 123
    assert both.penalty(None, None, None).item() == 4
    assert Together([Named("2")]).penalty(None, None, None) is None
    assert list(both.state()) == ["0/held", "1/held", "2/held"]
    assert not both.wants_features
    assert not both.differentiates_twice
