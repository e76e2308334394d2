"""Techniques of the papers against formulas written out by hand, and against torch's own optimisers."""

from __future__ import annotations

import copy
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from scipy.stats import kstest
from torch import Tensor, nn

from replication.nets import _layers as layers
from replication.nets._convolutions import Conv2d, fold, unfold
from replication.nets._critic import Chain
from replication.nets._per_seed import PerSeed
from replication.plan import registry
from replication.plan.config import ConfigError, Recipe
from replication.techniques._base import Judged, Technique, Together
from replication.techniques._batch import Batch, Blocks, Noise
from replication.techniques._weights import matrices, seed_sums
from replication.techniques.orthonormal import orthonormality
from replication.techniques.virtual_batch_norm import VirtualBatchNorm
from replication.tensors.draws import Draws
from replication.training.optimisers import optimiser
from replication.transport import games

SEEDS = (0, 1)


def technique(name: str, **options: object) -> Any:
    """A technique with its options' defaults, some replaced."""
    head = registry.metadata("techniques", name)
    return registry.load("techniques", name).Technique(**head.get("OPTIONS", {}) | options)


def noise(step: int = 0, kind: str = "") -> Noise:
    found = Noise(Blocks(Draws(SEEDS), torch.device("cpu")), step)
    return found.of(kind) if kind else found


def batch(real: Tensor, z: Tensor | None = None, step: int = 0) -> Batch:
    return Batch(real, None, torch.empty(0) if z is None else z, noise(step), step)


def dense(inputs: int = 3, outputs: int = 2) -> layers.Linear:
    layer = layers.Linear(len(SEEDS), inputs, outputs)
    layer.initialise("fan_in", "test", Draws(SEEDS))
    return layer.double()


def rows(*shape: int, seed: int = 0) -> Tensor:
    draw = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=draw, dtype=torch.float64)


# Feature matching.


class Looking(nn.Module):
    """A critic whose features are the images themselves."""

    def features(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        return images


def matched(real: Tensor, features: Tensor, *others: Technique) -> tuple[Tensor, Tensor]:
    """The loss of feature matching, and the real images as the other techniques show them."""
    together = Together([*others, technique("feature_matching")])
    given = batch(real)
    game = SimpleNamespace(method=SimpleNamespace(technique=together), critic=Looking())
    judged = Judged(torch.empty(0), torch.empty(0), features)
    loss = together.generator_loss(torch.full((2,), 99.0), game, given, judged)
    return loss, together.inputs(real, given.noise.of("real"))


def test_feature_matching_by_hand() -> None:
    # Means (2, 0) and (1, 1) of real images, (0, 0) and (1, 4) of generated ones.
    real = torch.tensor([[[1.0, 0.0], [3.0, 0.0]], [[1.0, 1.0], [1.0, 1.0]]])
    fake = torch.tensor([[[0.0, -1.0], [0.0, 1.0]], [[0.0, 4.0], [2.0, 4.0]]], requires_grad=True)
    loss, _ = matched(real, fake)
    assert loss.tolist() == [4.0, 9.0]
    loss.sum().backward()
    # d |m|^2 / d x_i = 2 m / n.
    assert fake.grad[0].tolist() == [[-2.0, 0.0], [-2.0, 0.0]]


def test_feature_matching_sees_real_images_as_the_critic_does() -> None:
    real = torch.zeros(2, 4, 3)
    loss, shown = matched(real, torch.zeros(2, 4, 3), technique("instance_noise", noise_sd=2.0))
    assert loss.tolist() == pytest.approx(shown.mean(1).square().sum(1).tolist())
    assert loss.min() > 0


# Historical averaging.


def test_historical_averaging_is_the_distance_from_the_mean_of_the_past() -> None:
    critic, generator = dense(1, 1), dense(1, 1)
    averaging = technique("historical_averaging", historical=3.0)
    averaging.wrap_critic(critic, Draws(SEEDS))
    averaging.wrap_generator(generator, Draws(SEEDS))
    past = []
    for step in range(5):
        past.append(torch.stack([critic.weight.flatten(), critic.bias.flatten()]).detach().clone())
        expected = 3.0 * (past[-1] - torch.stack(past).mean(0)).square().sum(0)
        found = averaging.penalty(critic, batch(rows(2, 1, 1)), rows(2, 1, 1))
        assert torch.allclose(found, expected, atol=1e-12)
        assert step == 0 or found.min() > 0
        with torch.no_grad():
            critic.weight += step + 1
            critic.bias -= 2.0
        averaging.after_critic_step(critic)
    with torch.no_grad():
        generator.weight[1] += 4.0  # the mean of its past is still where it began
    loss = averaging.generator_loss(torch.zeros(2), None, batch(rows(2, 1, 1)), None)
    assert loss.tolist() == pytest.approx([0.0, 48.0])
    (gradient,) = torch.autograd.grad(loss.sum(), generator.weight)
    assert gradient.flatten().tolist() == pytest.approx([0.0, 24.0])


def test_historical_averaging_plays_the_papers_game() -> None:
    """(f(x) - 1)(y - 1), whose paths are computed without this technique; two seeds are two starts."""
    starts = np.array([[0.5, 0.5], [-1.0, 2.0]])
    _, expected = games.historical(starts, 0.05, 60, 1.5, every=60)
    x, y = dense(1, 1), dense(1, 1)
    for player, start in zip((x, y), starts.T, strict=True):
        player.weight.data.flatten().copy_(torch.tensor(start))
    averaging = technique("historical_averaging", historical=1.5)
    averaging.wrap_generator(x, Draws(SEEDS))
    averaging.wrap_critic(y, Draws(SEEDS))
    for _ in range(60):
        f = torch.where(x.weight < 0, x.weight, x.weight.square()).flatten()
        value = (f - 1) * (y.weight.flatten() - 1)
        down = averaging.generator_loss(value, None, None, None).sum()
        up = (averaging.penalty(None, None, None) - value).sum()
        slopes = [
            torch.autograd.grad(own, p.weight, retain_graph=True)[0]
            for own, p in ((down, x), (up, y))
        ]
        for player, slope in zip((x, y), slopes, strict=True):
            player.weight.data -= 0.05 * slope
        averaging.after_generator_step(x)
        averaging.after_critic_step(y)
    found = torch.stack([p.weight.flatten() for p in (x, y)], 1).detach().numpy()
    np.testing.assert_allclose(found, expected[-1], rtol=1e-9)


def test_sums_by_seed_are_the_same_with_an_axis_and_with_a_net_per_seed() -> None:
    with_axis = dense()
    copies = [nn.Linear(3, 2).double() for _ in SEEDS]
    for i, own in enumerate(copies):
        own.weight.data, own.bias.data = with_axis.weight.data[i].T, with_axis.bias.data[i]
    stacked = PerSeed(copies, labelled=False)
    found = [seed_sums(net, [w.square() for w in net.parameters()]) for net in (with_axis, stacked)]
    assert torch.allclose(*found)
    weight, bias = with_axis.weight.detach().numpy(), with_axis.bias.detach().numpy()
    expected = (weight**2).sum((1, 2)) + (bias**2).sum(1)
    assert found[0].detach().numpy() == pytest.approx(expected)
    (axis,), (plain,) = (list(matrices(net)) for net in (with_axis, stacked))
    assert torch.equal(axis, plain.transpose(1, 2))


# Linear decay.


@pytest.mark.parametrize("kind", ["adam", "rmsprop", "sgd"])
def test_linear_decay_is_the_optimiser_with_a_falling_rate(kind: str) -> None:
    """Against torch's optimiser whose rate is set before every step, with three critic steps a generator step."""
    recipe = Recipe(
        source="a test", optimiser=kind, critic_lr=0.1, generator_lr=0.1, betas=(0.5, 0.9)
    )
    ours, theirs = dense(), dense()
    torchs = {
        "adam": lambda w: torch.optim.Adam(w, 0.1, (0.5, 0.9)),
        "rmsprop": lambda w: torch.optim.RMSprop(w, 0.1, recipe.alpha),
        "sgd": lambda w: torch.optim.SGD(w, 0.1),
    }[kind](theirs.parameters())
    decay = technique("linear_decay", decay_from=2, decay_until=6)
    assert decay.wrap_critic(ours, Draws(SEEDS)) is ours
    own, x = optimiser(recipe, ours.parameters(), 0.1), rows(2, 5, 3)
    for step in range(8):
        assert decay.critic_steps(step, 3) == 3
        rate = 0.1 * [1, 1, 1, 0.75, 0.5, 0.25, 0, 0][step]
        for i in range(3):
            own.zero_grad()
            loss = (ours(x) - i).square().mean((1, 2))
            assert decay.critic_loss(loss, x, x) is loss
            loss.sum().backward()
            own.step()
            decay.after_critic_step(ours)
            torchs.param_groups[0]["lr"] = rate
            torchs.zero_grad()
            (theirs(x) - i).square().mean((1, 2)).sum().backward()
            torchs.step()
    for mine, expected in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.allclose(mine, expected, rtol=1e-6, atol=1e-9)


def test_linear_decay_shortens_the_generators_step_and_begins_from_clipped_weights() -> None:
    decay, clipping = technique("linear_decay", decay_until=2), technique("clipping", clip=0.5)
    generator, critic = dense(), dense()
    together = Together([decay, clipping])
    together.wrap_generator(generator, Draws(SEEDS))
    together.wrap_critic(critic, Draws(SEEDS))
    together.critic_steps(1, 1)
    before = generator.weight.detach().clone()
    together.generator_loss(torch.zeros(2), None, None, None)
    generator.weight.data += 1
    together.after_generator_step(generator)
    assert torch.allclose(generator.weight, before + 0.5)
    for expected in (0.5, 0.4):
        critic.weight.data.fill_(9.0 if expected == 0.5 else 0.5)
        together.critic_loss(torch.zeros(2), None, None)
        critic.weight.data.fill_(9.0 if expected == 0.5 else 0.3)
        together.after_critic_step(critic)
        assert critic.weight.flatten().tolist() == pytest.approx([expected] * 12)


@pytest.mark.parametrize("name", ["linear_decay", "historical_averaging"])
def test_weights_that_come_later_are_refused(name: str) -> None:
    critic, late = dense(), technique(name)
    late.wrap_critic(critic, Draws(SEEDS))
    with pytest.raises(ConfigError, match=f"name {name} last"):
        late.after_critic_step(nn.Sequential(critic, nn.Linear(1, 1)))


# What the critic sees.


def test_instance_noise_has_its_size_and_spares_the_gradient() -> None:
    images = torch.zeros(2, 400, 1, 8, 8, requires_grad=True)
    real, fake = (
        technique("instance_noise", noise_sd=0.3).inputs(images, noise(kind=kind))
        for kind in ("real", "fake")
    )
    for seed in range(2):
        assert kstest((real[seed] / 0.3).detach().flatten().numpy(), "norm").pvalue > 1e-3
    assert not torch.equal(real[0], real[1])
    assert abs(np.corrcoef(real.detach().flatten(), fake.detach().flatten())[0, 1]) < 0.02
    (gradient,) = torch.autograd.grad(real.sum(), images)
    assert torch.equal(gradient, torch.ones_like(images))


def test_instance_noise_falls_with_generator_steps_for_both_players() -> None:
    falling, constant = (
        technique("instance_noise", noise_sd=0.8, anneal=4),
        technique("instance_noise"),
    )
    images = torch.zeros(2, 50, 3)
    unit = technique("instance_noise", noise_sd=1.0).inputs(images, noise(7, "real"))
    for step, size in enumerate([0.8, 0.6, 0.4, 0.2, 0.0, 0.0]):
        assert falling.critic_steps(step, 5) == constant.critic_steps(step, 5) == 5
        # Its own count of steps is the critic's, 7, whatever the generator's.
        assert torch.allclose(falling.inputs(images, noise(7, "real")), size * unit)
        assert torch.allclose(constant.inputs(images, noise(7, "real")), 0.1 * unit)


def test_dequantisation_fills_the_intervals_of_the_levels() -> None:
    """Level k of 4 covers [k / 2 - 1, (k + 1) / 2 - 1), uniformly, so that all levels together are U(-1, 1)."""
    levels = torch.arange(4).repeat(2, 500, 1, 1, 1)
    for kind in ("real", "train", "heldout"):
        found = technique("dequantisation", levels=4).inputs(levels * 2 / 3 - 1, noise(kind=kind))
        assert torch.equal(((found + 1) * 2).floor().long(), levels)
        assert kstest(found.flatten().numpy(), "uniform", (-1, 2)).pvalue > 1e-3


def test_dequantisation_leaves_generated_images_and_points() -> None:
    images, points = torch.rand(2, 3, 1, 4, 4), torch.rand(2, 3, 2)
    plain = technique("dequantisation")
    assert torch.equal(plain.inputs(images, noise(kind="fake")), images)
    assert torch.equal(plain.inputs(points, noise(kind="real")), points)
    # 256 levels move by less than one of them: 2 / 255.
    moved = plain.inputs(images, noise(kind="real")) - images
    assert 0 < moved.abs().max() < 2 / 255


# The generator that is sampled.


def test_moving_average_is_the_geometric_sum_of_past_weights() -> None:
    generator = nn.Sequential(dense(), layers.BatchNorm(2, 2, running=True).double())
    average = technique("moving_average", average_decay=0.7)
    assert average.wrap_generator(generator, Draws(SEEDS)) is generator
    first = generator[0].weight.detach().clone()
    expected = first.clone()
    for step in range(1, 4):
        with torch.no_grad():
            generator[0].weight.copy_(first * (step + 1))
            generator[1].running_mean.fill_(step)
        average.after_generator_step(generator)
        expected = 0.7 * expected + 0.3 * first * (step + 1)
    sampled = average.sampling_generator(generator)
    assert sampled is not generator
    assert torch.allclose(sampled[0].weight, expected)
    assert torch.equal(sampled[1].running_mean, generator[1].running_mean)
    assert torch.equal(generator[0].weight, first * 4)
    assert set(average.state()) == set(generator.state_dict())


def test_the_average_of_a_virtually_normalised_generator_has_its_reference() -> None:
    generator = Chain(dense(3, 4), layers.BatchNorm(2, 4, running=True)).double()
    virtual, average = technique("virtual_batch_norm", reference=5), technique("moving_average")
    both, z = Together([virtual, average]), rows(2, 5, 3)
    wrapped = both.wrap_generator(generator, Draws(SEEDS))
    both.before_training(None, lambda i: batch(z, z))
    both.after_generator_step(wrapped)
    assert torch.equal(both.sampling_generator(wrapped).reference, z)
    assert torch.equal(both.sampling_generator(wrapped)(z), wrapped(z))


# Virtual batch normalisation.


def test_virtual_batch_norm_is_the_moments_of_the_reference_and_of_the_sample() -> None:
    norm = layers.BatchNorm(2, 3, running=True).double()
    norm.weight.data, norm.bias.data = rows(2, 3), rows(2, 3, seed=1)
    n, images = 4, 5 + 2 * rows(2, 6, 3, 2, 2, seed=2)
    virtual = VirtualBatchNorm(norm, n)
    found = unfold(virtual(fold(images)), 2)
    for s in range(2):
        for c in range(3):
            of_channel = images[s, :, c].numpy()
            reference = of_channel[:n]
            for i, image in enumerate(of_channel):
                share = 1 / (n + 1) if i >= n else 0.0
                mean = (1 - share) * reference.mean() + share * image.mean()
                square = (1 - share) * (reference**2).mean() + share * (image**2).mean()
                expected = (image - mean) / np.sqrt(square - mean**2 + 1e-5)
                expected = norm.weight[s, c].item() * expected + norm.bias[s, c].item()
                assert found[s, i, c].detach().numpy() == pytest.approx(expected, rel=1e-9)
    pixel = virtual(images[..., 0, 0])
    assert torch.allclose(pixel, unfold(virtual(fold(images[..., :1, :1])), 2)[..., 0, 0])


def test_virtual_batch_norm_frees_samples_of_their_batch() -> None:
    generator = Chain(
        dense(3, 4), layers.BatchNorm(2, 4, running=True), nn.ReLU(), dense(4, 2)
    ).double()
    z, reference = rows(2, 5, 3), rows(2, 7, 3, seed=1)
    plain = copy.deepcopy(generator)
    virtual = technique("virtual_batch_norm", reference=7)
    wrapped = virtual.wrap_generator(generator, Draws(SEEDS))
    # Batches of 4, so that the reference spans two.
    parts = [reference[:, :4], torch.cat([reference[:, 4:], z[:, :1]], 1)]
    virtual.before_training(None, lambda i: batch(z, parts[i]))
    assert torch.equal(wrapped.reference, reference)
    assert wrapped(z).shape == (2, 5, 2)
    assert torch.allclose(wrapped(z)[:, 2:3], wrapped(z[:, 2:3]))
    assert not torch.allclose(plain(z)[:, 2:3], plain(torch.cat([z[:, 2:3], z[:, :1]], 1))[:, :1])
    # A large reference that holds the sample is its batch.
    many = technique("virtual_batch_norm", reference=5000)
    large = many.wrap_generator(copy.deepcopy(plain), Draws(SEEDS))
    large.reference.copy_(rows(2, 5000, 3, seed=3))
    assert torch.allclose(large(z), plain(torch.cat([large.reference, z], 1))[:, 5000:], atol=1e-2)


def test_virtual_batch_norm_leaves_a_net_without_batch_norm() -> None:
    generator = Chain(dense())
    virtual = technique("virtual_batch_norm")
    assert virtual.wrap_generator(generator, Draws(SEEDS)) is generator
    virtual.before_training(None, None)


# Penalties.


def quadratic(x: Tensor) -> Tensor:
    """|x|^2 / 2, whose gradient is x."""
    return x.flatten(2).square().sum(2) / 2


def test_r1_and_r2_of_a_quadratic_critic() -> None:
    real, fake = rows(2, 4, 3), rows(2, 4, 3, seed=1)
    r1, r2 = technique("r1", gamma_r1=3.0), technique("r2", gamma_r2=5.0)
    squares = [own.square().sum(2).mean(1) for own in (real, fake)]
    assert torch.allclose(r1.penalty(quadratic, batch(real), fake), 1.5 * squares[0])
    assert torch.allclose(r2.penalty(quadratic, batch(real), fake), 2.5 * squares[1])
    both = Together([r1, r2])
    assert both.differentiates_twice
    assert torch.allclose(
        both.penalty(quadratic, batch(real), fake), 1.5 * squares[0] + 2.5 * squares[1]
    )


def test_dragan_is_the_penalty_on_the_way_to_a_noisy_copy() -> None:
    real = rows(2, 6, 1, 3, 3).float()
    given = batch(real)
    u = given.noise.uniform("dragan", (6, 1, 3, 3)).numpy()
    share = given.noise.uniform("epsilon", (6,)).numpy()
    expected = []
    for s in range(2):
        images = real[s].numpy()
        points = images + share[s][:, None, None, None] * (0.5 * images.std() * u[s])
        norms = np.sqrt((points**2).sum((1, 2, 3)))
        expected.append(10 * ((norms - 1) ** 2).mean())
    found = technique("dragan").penalty(quadratic, given, torch.zeros_like(real))
    assert found.tolist() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("columns", [3, 5, 8])
def test_orthonormality_has_the_gradient_of_the_papers_norm(columns: int) -> None:
    matrix = rows(2, 5, columns).requires_grad_()
    theirs = (matrix.transpose(1, 2) @ matrix - torch.eye(columns)).square().sum((1, 2))
    found = orthonormality(matrix)
    assert torch.allclose(found, theirs - max(0, columns - 5))
    slopes = [torch.autograd.grad(own.sum(), matrix)[0] for own in (found, theirs)]
    assert torch.allclose(*slopes)
    orthogonal = torch.linalg.qr(rows(2, 8, 3))[0]
    assert orthonormality(orthogonal).abs().max() < 1e-12


def test_orthonormal_regularisation_adds_up_the_layers() -> None:
    critic = nn.Sequential(dense(3, 2), dense(2, 1))
    regularised = technique("orthonormal", orthonormal=0.5)
    assert regularised.wrap_critic(critic, Draws(SEEDS)) is critic
    found = regularised.penalty(critic, batch(rows(2, 1, 3)), rows(2, 1, 3))
    expected = [
        0.5 * sum(orthonormality(layer.weight[[s]]).item() for layer in critic) for s in range(2)
    ]
    assert found.tolist() == pytest.approx(expected)
    (slope,) = torch.autograd.grad(found[0], critic[0].weight)
    assert slope[0].abs().min() > 0
    assert slope[1].abs().max() == 0


# R3GAN's loss.


def test_relativistic_loss_compares_pairs() -> None:
    loss = registry.load("losses", "relativistic").Loss()
    real, fake = torch.tensor([[1.0, 0.0], [2.0, 2.0]]), torch.tensor([[0.0, 3.0], [2.0, 2.0]])

    def cost(*gaps: float) -> float:
        return float(np.mean(np.log1p(np.exp(gaps))))

    log2 = float(np.log(2))
    assert loss.critic_loss(real, fake).tolist() == pytest.approx([cost(-1, 3), log2])
    assert loss.generator_loss(fake, real).tolist() == pytest.approx([cost(1, -3), log2])
    assert loss.estimate(real, fake).tolist() == pytest.approx([log2 - cost(-1, 3), 0.0], abs=1e-6)
    # A constant added to all scores says nothing.
    assert torch.allclose(loss.critic_loss(real + 7, fake + 7), loss.critic_loss(real, fake))


# Dropout.


def dropped(x: Tensor, critic: nn.Module, step: int, **options: float) -> tuple[Tensor, Any]:
    """What a critic makes of x in a training step."""
    dropout = technique("dropout", **options)
    assert dropout.wrap_critic(critic, Draws(SEEDS)) is critic
    assert dropout.inputs(x, noise(step)) is x
    return critic(x), dropout


def test_dropout_zeroes_its_share_and_keeps_the_mean() -> None:
    first, second = dense(400, 300), dense(300, 1)
    with torch.no_grad():
        first.weight.fill_(1.0)
        first.bias.zero_()
    seen: list[Tensor] = []
    x, options = (
        torch.ones(2, 50, 400, dtype=torch.float64),
        {"drop_inputs": 0.2, "drop_hidden": 0.5},
    )
    critic = nn.Sequential(first, second)
    dropout = technique("dropout", **options)
    dropout.wrap_critic(critic, Draws(SEEDS))
    for layer in critic:
        layer.register_forward_pre_hook(lambda layer, given: seen.append(given[0]))
    dropout.inputs(x, noise(3))
    critic(x)
    inputs, hidden = seen
    assert set(inputs.unique().tolist()) == {0.0, 1.25}
    assert (inputs == 0).double().mean().item() == pytest.approx(0.2, abs=0.01)
    own = inputs.sum(2, keepdim=True).expand_as(hidden)
    kept = hidden != 0
    assert kept.double().mean().item() == pytest.approx(0.5, abs=0.01)
    assert torch.allclose(hidden[kept], 2 * own[kept])
    assert not torch.equal(inputs[0], inputs[1]), "each seed has a mask of its own"


def test_dropout_is_a_function_of_the_step_and_rests_in_records() -> None:
    x, critic = rows(2, 6, 8), nn.Sequential(dense(8, 9), nn.ReLU(), dense(9, 1))
    plain = critic(x)
    one, dropout = dropped(x, critic, 1)
    assert torch.equal(critic(x), one)
    dropout.inputs(x, noise(2))
    assert not torch.equal(critic(x), one)
    dropout.inputs(x, noise(1))
    assert torch.equal(critic(x), one)
    copied_critic, _ = copy.deepcopy((critic, dropout))
    assert torch.equal(copied_critic(x), one)
    critic.eval()
    assert torch.equal(critic(x), plain)


def test_dropout_of_images_is_each_seeds_own() -> None:
    conv = Conv2d(2, 3, 4, 3, 1)
    nn.init.dirac_(conv.weight.data[0])
    nn.init.dirac_(conv.weight.data[1])
    images = torch.ones(2, 5, 3, 6, 6)
    dropout = technique("dropout", drop_inputs=0.5)
    dropout.wrap_critic(nn.Sequential(conv), Draws(SEEDS))
    dropout.inputs(images, noise(4))
    shown = unfold(conv(fold(images)), 2)[:, :, :3]
    drawn = noise(4).uniform("dropout/0/5", (5, 3, 6, 6))
    assert torch.equal(shown, 2.0 * (drawn >= 0.5))
