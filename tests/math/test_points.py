"""Points in the plane: the data sets' formulas, the metrics of modes, and what techniques do to a critic."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from replication.losses import wasserstein
from replication.methods._base import Method
from replication.metrics import high_quality, modes, reverse_kl, w1
from replication.metrics._base import Batch, Protocol
from replication.nets import _layers as layers
from replication.nets import points
from replication.nets._critic import Chain, Critic
from replication.plan import registry, study
from replication.plan.config import Evaluation
from replication.techniques import minibatch_discrimination, packing
from replication.techniques._batch import Blocks, Noise
from replication.tensors.draws import Draws
from replication.training.game import Game
from replication.training.recorder import Shown, measure

NONE = torch.empty(0)
POINT_SETS = [name for name in registry.ids("data") if study.kind(name) == "points"]
PROTOCOL = Protocol.of(Evaluation(samples=400, transport_samples=200), heldout=400)


def batch(samples: torch.Tensor, labels: torch.Tensor | None = None) -> Batch:
    return Batch(samples.float(), NONE, NONE, labels)


@pytest.fixture
def real() -> Batch:
    """Two modes, at (0, 0) and (10, 0), each of four points at distance 1 along the axes: sd = sqrt(1/2)."""
    cross = torch.tensor([[1.0, 0], [-1, 0], [0, 1], [0, -1]])
    return batch(torch.cat([cross, cross + torch.tensor([10.0, 0])]), torch.arange(8) // 4)


#: Three standard deviations of a mode of `real`.
REACH = 3 * math.sqrt(0.5)


def test_a_mode_counts_from_one_sample_within_three_deviations(real: Batch) -> None:
    inside, outside = 10 + 0.999 * REACH, 10 + 1.001 * REACH
    assert modes.compute(real, batch(torch.tensor([[0.0, 0], [inside, 0]])), PROTOCOL) == 2
    assert modes.compute(real, batch(torch.tensor([[0.0, 0], [outside, 0]])), PROTOCOL) == 1


def test_high_quality_is_the_share_of_such_samples(real: Batch) -> None:
    samples = torch.tensor([[0.0, 0], [10, 1], [5, 0], [0, 0.999 * REACH]])
    assert high_quality.compute(real, batch(samples), PROTOCOL) == 0.75


def test_reverse_kl_of_the_modes(real: Batch) -> None:
    """All samples of one of two even modes: KL = log 2; three to one: 3/4 log 3/2 + 1/4 log 1/2."""
    one = torch.zeros(4, 2)
    three = torch.tensor([[0.0, 0], [0, 0], [0, 0], [9, 0]])
    assert reverse_kl.compute(real, batch(one), PROTOCOL) == pytest.approx(math.log(2))
    expected = 0.75 * math.log(1.5) + 0.25 * math.log(0.5)
    assert reverse_kl.compute(real, batch(three), PROTOCOL) == pytest.approx(expected)
    assert reverse_kl.compute(real, real, PROTOCOL) == pytest.approx(0)


def test_w1_of_a_shift_is_its_length() -> None:
    cloud = torch.randn(200, 2, generator=torch.Generator().manual_seed(0))
    moved = cloud + torch.tensor([3.0, 4.0])
    assert w1.compute(batch(cloud), batch(moved), PROTOCOL) == pytest.approx(5, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "count", "reach", "sd"),
    [("ring", 8, 1.0, 0.01), ("gaussians8", 8, 2 / 1.414, 0.02 / 1.414),
     ("grid", 25, 4 * math.sqrt(2), 0.05), ("gaussians25", 25, 4 * math.sqrt(2) / 2.828, 0.05 / 2.828)],
)  # fmt: skip
def test_mixtures_have_their_constants(name: str, count: int, reach: float, sd: float) -> None:
    cloud, labels = registry.load("data", name).draw(np.random.default_rng(0), 20_000)
    assert cloud.dtype == np.float32
    assert sorted(set(labels)) == list(range(count))
    centres = np.stack([cloud[labels == mode].mean(0) for mode in range(count)])
    assert np.linalg.norm(centres, axis=1).max() == pytest.approx(reach, rel=0.01)
    spread = (cloud - centres[labels]).std()
    assert spread == pytest.approx(sd, rel=0.03)


@pytest.mark.parametrize("name", POINT_SETS)
def test_parts_of_points_repeat_and_differ(name: str, tmp_path) -> None:
    train, heldout = registry.load("data", name).read(tmp_path)
    again, _ = registry.load("data", name).read(tmp_path)
    assert np.array_equal(train.images, again.images)
    assert train.images.shape[1:] == tuple(registry.metadata("data", name)["SHAPE"])
    both = np.concatenate([train.images, heldout.images])
    assert len(np.unique(both, axis=0)) > 0.999 * len(both)


def critic(seeds: int = 2, inputs: int = 2) -> torch.nn.Module:
    net = points.critic(seeds, (inputs,), points.SETTINGS, "none")
    layers.initialise(net, "he", "critic", Draws(range(seeds)))
    return net


def test_a_packed_critic_sees_neighbours_side_by_side() -> None:
    technique = packing.Technique(pack=2)
    assert technique.critic_shape((2,)) == (4,)
    assert technique.critic_shape((1, 28, 28)) == (2, 28, 28)
    plain = critic(inputs=4)
    packed = technique.wrap_critic(plain, Draws(range(2)))
    samples = torch.randn(2, 6, 2)
    by_hand = torch.stack([torch.cat([samples[:, i], samples[:, i + 1]], 1) for i in (0, 2, 4)], 1)
    assert torch.equal(packed(samples), plain(by_hand))
    assert packed(samples[:, :5]).shape == (2, 2)
    assert layers.batch_dependent(packed)


@pytest.mark.parametrize("pack", [1, 2, 3])
def test_the_bound_on_w1_does_not_grow_with_the_pack(pack: int) -> None:
    """f(x_1 .. x_m) = the sum of first coordinates is the best critic of points moved by 1 along them: W1 = 1."""
    linear = Critic([layers.Linear(2, 2 * pack, 1)], [points.Score()], 1)
    with torch.no_grad():
        linear[0].weight[:] = torch.tensor([1.0, 0.0]).repeat(pack)[:, None]
    critic = packing.Technique(pack).wrap_critic(linear, Draws(range(2)))
    none: Any = None
    game = Game(Method(wasserstein.Loss()), Chain(), critic, none, none, {})
    real = torch.randn(2, 12, 2)
    fake = real - torch.tensor([1.0, 0.0])
    noise = Noise(Blocks(Draws(range(2)), torch.device("cpu")), 0)
    # The generator hands on its z.
    found = measure(game, Shown(real, real, None, None, fake, noise))
    torch.testing.assert_close(found["score_gap"], torch.full((2,), float(pack)))
    torch.testing.assert_close(found["lipschitz"], torch.ones(2))
    torch.testing.assert_close(found["w_bound"], torch.ones(2))


def test_similarities_against_the_formula() -> None:
    rows = torch.randn(2, 5, 3, 4, dtype=torch.float64)
    expected = torch.zeros(2, 5, 3, dtype=torch.float64)
    for s in range(2):
        for i in range(5):
            for j in set(range(5)) - {i}:
                expected[s, i] += torch.exp(-(rows[s, i] - rows[s, j]).abs().sum(1))
    torch.testing.assert_close(minibatch_discrimination.similarities(rows), expected)


def test_minibatch_discrimination_enters_the_last_layer() -> None:
    """It leaves the features' own part of a score as it was, tells equal samples from distant ones, and trains."""
    net = critic()
    samples = torch.randn(2, 8, 2)
    before = net(samples)
    dressed = minibatch_discrimination.Technique(4, 3).wrap_critic(net, Draws(range(2)))
    with torch.no_grad():
        for weight in dressed.similar.parameters():
            weight.zero_()
    torch.testing.assert_close(dressed(samples), before)
    torch.nn.init.ones_(dressed.similar.weight)
    alike = samples[:, :1].expand(-1, 8, -1)
    similar = dressed(alike) - before[:, :1]
    torch.testing.assert_close(
        similar, torch.full((2, 8), 4.0 * 7)
    )  # B kernels, 7 equal neighbours
    assert layers.batch_dependent(dressed)
    dressed(samples).sum().backward()
    assert dressed.rows.weight.grad is not None


def test_initial_weights_have_the_stated_spread() -> None:
    for init, variance in (("he", 2 / 64), ("orthogonal_1.4", 1.4**2 / 256)):
        layer = layers.Linear(1, 64, 256)
        layer.initialise(init, "test", Draws([0]))
        assert float(layer.weight.detach().var()) == pytest.approx(variance, rel=0.05)
