"""Nets with a seeds axis against plain torch, one seed at a time."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from replication.nets import _layers as layers
from replication.nets._convolutions import Conv2d, Upsample2x, fold, unfold
from replication.nets._spectral import LargestSingularValue, spectrally_normalise
from replication.plan import registry
from replication.tensors.draws import Draws

SHAPES = {"images": (1, 28, 28), "points": (2,)}
SMALL = {"width": 4, "generator_width": 4, "critic_width": 4, "pieces": 2, "blocks": 1}
NETS = registry.ids("nets")


def settings(name: str) -> dict:
    full = registry.metadata("nets", name)["SETTINGS"]
    return full | {key: value for key, value in SMALL.items() if key in full}


def takes(name: str) -> list[str]:
    return registry.metadata("nets", name)["TAKES"]


def roles(names: Iterable[str] = NETS) -> list[tuple[str, str]]:
    """Every net with everything that it can be."""
    return [(name, role) for name in names for role in registry.metadata("nets", name)["ROLES"]]


def shapes(name: str) -> list[tuple[int, ...]]:
    """Of images that a net takes, in one colour and in three."""
    sides = registry.metadata("nets", name).get("SIDES", [28, 32, 64])
    return [(colours, side, side) for side in sides for colours in (1, 3)]


def net(name: str, role: str, seeds: tuple[int, ...], norm: str, shape=None) -> nn.Module:
    shape = shape or SHAPES[takes(name)[0]]
    module = getattr(registry.load("nets", name), role)(len(seeds), shape, settings(name), norm)
    layers.initialise(module, registry.load("nets", name).INIT, role, Draws(seeds))
    return module.double()


def inputs(name: str, role: str, seeds: int, shape=None) -> torch.Tensor:
    shape = shape or SHAPES[takes(name)[0]]
    torch.manual_seed(1)
    size = (settings(name)["z_dim"],) if role == "generator" else shape
    return torch.randn(seeds, 6, *size, dtype=torch.float64)


@pytest.mark.parametrize("norm", ["none", "batch", "layer"])
@pytest.mark.parametrize(("name", "role"), roles())
def test_a_seed_is_the_same_net_alone_and_among_others(name: str, role: str, norm: str):
    together, alone = net(name, role, (0, 1, 2), norm), net(name, role, (1,), norm)
    x = inputs(name, role, 3)
    out, single = together(x), alone(x[1:2])
    assert torch.allclose(out[1:2], single, rtol=1e-9, atol=1e-12)
    out.square().sum().backward()
    single.square().sum().backward()
    for (label, many), one in zip(together.named_parameters(), alone.parameters(), strict=True):
        assert torch.allclose(many.grad[1:2], one.grad, rtol=1e-7, atol=1e-9), label


@pytest.mark.parametrize(("name", "role"), roles(n for n in NETS if "images" in takes(n)))
def test_shapes(name: str, role: str):
    for shape in shapes(name):
        out = net(name, role, (0, 1), "none", shape)(inputs(name, role, 2, shape))
        assert out.shape == ((2, 6, *shape) if role == "generator" else (2, 6))
        if role == "generator":
            assert out.abs().max() <= 1


@pytest.mark.parametrize(("name", "role"), roles(n for n in NETS if "points" in takes(n)))
def test_shapes_of_points(name: str, role: str):
    out = net(name, role, (0, 1), "none", (3,))(inputs(name, role, 2, (3,)))
    assert out.shape == ((2, 6, 3) if role == "generator" else (2, 6))


def test_convolution_is_torchs_one_seed_at_a_time():
    conv = Conv2d(2, 3, 5, kernel=4, stride=2).double()
    layers.initialise(conv, "glorot", "test", Draws((0, 1)))
    images = torch.randn(2, 4, 3, 8, 8, dtype=torch.float64)
    out = unfold(conv(fold(images)), 2)
    for s in range(2):
        expected = F.conv2d(images[s], conv.weight[s], conv.bias[s], stride=2, padding=1)
        assert torch.allclose(out[s], expected)


@pytest.mark.parametrize("seeds", [1, 2])
def test_plain_products_are_batched_ones(seeds: int):
    """Values, gradients, and gradients of a penalty: those in the weight's own layout."""
    x = torch.randn(seeds, 9, 7, dtype=torch.float64, requires_grad=True)
    layer = layers.Linear(seeds, 7, 5).double()
    layer.initialise("fan_in", "layer", Draws(range(seeds)))
    found = []
    for plain in (False, True):
        if plain:
            layers.expect_second_derivatives(layer)
        y = layer(x).tanh()
        (slope,) = torch.autograd.grad(y.square().sum(), x, create_graph=True)
        second = torch.autograd.grad(slope.square().sum(), [layer.weight, layer.bias, x])
        found.append([y, slope, *second])
    assert layer.plain
    for batched, own in zip(*found, strict=True):
        torch.testing.assert_close(own, batched, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("outputs", [1, 3, 8])
def test_upsampling_is_the_transposed_convolution(outputs: int):
    up = Upsample2x(2, 5, outputs).double()
    layers.initialise(up, "glorot", "test", Draws((0, 1)))
    with torch.no_grad():
        up.bias.normal_()
    assert up.as_convolution == (outputs < 8)
    images = torch.randn(2, 3, 5, 7, 7, dtype=torch.float64, requires_grad=True)
    out = unfold(up(fold(images)), 2)
    expected = torch.stack(
        [
            F.conv_transpose2d(images[s], up.weight[s], up.bias[s], stride=2, padding=1)
            for s in range(2)
        ]
    )
    assert torch.allclose(out, expected, rtol=1e-12, atol=1e-12)
    weights = torch.randn_like(expected)
    ours = torch.autograd.grad((out * weights).sum(), [images, up.weight])
    theirs = torch.autograd.grad((expected * weights).sum(), [images, up.weight])
    for a, b in zip(ours, theirs, strict=True):
        assert torch.allclose(a, b, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("channels", [1, 3, 5])
@pytest.mark.parametrize("wanted", [False, True])
def test_a_convolution_is_torchs_whether_or_not_images_want_a_gradient(channels: int, wanted: bool):
    """Values, gradients, and the gradients of a gradient, which a penalty takes."""
    layer = Conv2d(2, channels, 6, kernel=4, stride=2).double()
    layers.initialise(layer, "glorot", "test", Draws((0, 1)))
    with torch.no_grad():
        layer.bias.normal_()
    images = torch.randn(2, 3, channels, 8, 8, dtype=torch.float64, requires_grad=wanted)
    out = unfold(layer(fold(images)), 2)
    expected = torch.stack(
        [F.conv2d(images[s], layer.weight[s], layer.bias[s], stride=2, padding=1) for s in range(2)]
    )
    found = []
    for own in (out, expected):
        leaves = [layer.weight, layer.bias, *([images] if wanted else [])]
        first = torch.autograd.grad(own.sin().sum(), leaves, create_graph=wanted)
        second = torch.autograd.grad(first[-1].sin().sum(), layer.weight) if wanted else ()
        found.append([own, *first, *second])
    for a, b in zip(*found, strict=True):
        assert torch.allclose(a, b, rtol=1e-11, atol=1e-11)


def test_batch_norm_keeps_running_means_only_where_asked():
    x = torch.randn(1, 64, 3) * 2 + 5
    generator, critic = layers.BatchNorm(1, 3, running=True), layers.BatchNorm(1, 3, running=False)
    for bn in (generator, critic):
        assert torch.allclose(bn(x).mean((0, 1)), torch.zeros(3), atol=1e-5)
        bn.eval()
    assert generator(x).mean() > 0.5  # one update of 10 % towards a mean of 5
    assert torch.allclose(critic(x).mean((0, 1)), torch.zeros(3), atol=1e-5)
    assert layers.batch_dependent(nn.Sequential(critic))
    assert not layers.batch_dependent(nn.Sequential(nn.ReLU()))


def test_initial_weights_follow_their_law():
    for init, check in {
        "fan_in": lambda w: (w.abs().max() <= 1 / 20, w.std().item(), 1 / 20 / 3**0.5),
        "normal_0.02": lambda w: (True, w.std().item(), 0.02),
        "glorot": lambda w: (w.abs().max() <= (6 / 700) ** 0.5, w.std().item(), (2 / 700) ** 0.5),
    }.items():
        layer = layers.Linear(1, 400, 300)
        layers.initialise(layer, init, "critic", Draws((0,)))
        bounded, std, expected = check(layer.weight)
        assert bounded, init
        assert std == pytest.approx(expected, rel=0.02), init


@pytest.mark.parametrize("init", ["fan_in", "glorot", "he"])
@pytest.mark.parametrize(
    "layer",
    [
        lambda: layers.Linear(40, 24, 10),
        lambda: Conv2d(40, 6, 10, kernel=4, stride=2),
        lambda: Upsample2x(40, 6, 10),
        lambda: Upsample2x(40, 6, 2),
    ],
)
def test_fans_say_how_variance_passes_through_a_layer(layer, init: str):
    """Inputs of variance 1 leave with fan_in Var w, gradients of variance 1 with fan_out Var w, off the edges."""
    layer = layer()
    layers.initialise(layer, init, "test", Draws(range(40)))
    dense = isinstance(layer, layers.Linear)
    images = torch.randn(40, 32, 24) if dense else torch.randn(40, 8, 6, 16, 16)
    images.requires_grad_()
    out = layer(images) if dense else unfold(layer(fold(images)), 40)
    out = out - (layer.bias[:, None] if dense else layer.bias[:, None, :, None, None])
    (back,) = torch.autograd.grad(out, images, torch.randn_like(out))
    a, b = layer.fan_in, layer.fan_out
    variance = {"fan_in": 1 / 3 / a, "glorot": 2 / (a + b), "he": 2 / a}[init]
    inner = (...,) if dense else (..., slice(2, -2), slice(2, -2))
    assert out[inner].var().item() == pytest.approx(a * variance, rel=0.05)
    assert back[inner].var().item() == pytest.approx(b * variance, rel=0.05)


@pytest.mark.parametrize("inputs", [40, 20])
def test_orthogonal_weights_are_orthogonal(inputs: int):
    layer = layers.Linear(2, inputs, 30)
    layers.initialise(layer, "orthogonal", "critic", Draws((0, 1)))
    weight = layer.weight[1] if inputs > 30 else layer.weight[1].T
    assert torch.allclose(weight.T @ weight, torch.eye(min(inputs, 30)), atol=1e-5)


def test_orthogonal_weights_are_uniform():
    """Of O(1): both signs alike. Of O(4): the trace has mean 0 and variance 1 (Diaconis and Shahshahani 1994)."""
    seeds = 2000
    sign, square = layers.Linear(seeds, 1, 1), layers.Linear(seeds, 4, 4)
    for layer in (sign, square):
        layers.initialise(layer, "orthogonal", "critic", Draws(range(seeds)))
    assert abs(sign.weight.mean().item()) < 4 / seeds**0.5
    trace = square.weight.diagonal(dim1=1, dim2=2).sum(1)
    assert abs(trace.mean().item()) < 4 / seeds**0.5
    assert trace.var().item() == pytest.approx(1, rel=0.15)


@pytest.mark.parametrize(("name", "role"), roles())
def test_no_bias_is_trained_that_batch_normalisation_takes_away(name: str, role: str):
    """Every bias that is there moves the output, and those missing would not: one number for each shift."""
    plain, normed = net(name, role, (0, 1), "none"), net(name, role, (0, 1), "batch")
    counts = [sum(p[0].numel() for p in n.parameters()) for n in (plain, normed)]
    norms = [m for m in normed.modules() if isinstance(m, layers.BatchNorm)]
    fixed = [m for m in normed.modules() if isinstance(m, layers.Weighted) and not trained(m)]
    assert fixed
    lost = sum(m.bias[0].numel() for m in fixed)
    assert counts[1] - counts[0] == sum(2 * m.weight[0].numel() for m in norms) - lost
    x = inputs(name, role, 2)
    before = normed(x)
    for layer in normed.modules():
        if not isinstance(layer, layers.Weighted):
            continue
        with torch.no_grad():
            layer.bias[:, 0] += 1
            assert torch.allclose(normed(x), before, rtol=1e-6, atol=1e-9) != trained(layer)
            layer.bias[:, 0] -= 1


def trained(layer: layers.Weighted) -> bool:
    return isinstance(layer.bias, nn.Parameter)


def test_arms_that_share_a_seed_share_initial_weights():
    critic, other = net("mlp", "critic", (3,), "none"), net("mlp", "critic", (3, 4), "batch")
    assert torch.equal(critic[1].weight[0], other[1].weight[0])
    assert not torch.equal(other[1].weight[0], other[1].weight[1])


@pytest.mark.parametrize("name", NETS)
def test_spectral_norm_of_every_wrapped_layer_is_one(name: str):
    critic = net(name, "critic", (0, 1), "none")
    spectrally_normalise(critic, iterations=1)
    x = inputs(name, "critic", 2)
    for _ in range(300):
        critic(x)
    critic.eval()
    wrapped = [m for m in critic.modules() if isinstance(m, layers.Weighted)]
    assert len(wrapped) >= 3
    for layer in wrapped:
        matrix = layer.weight.detach().flatten(2)
        normalised = matrix / layer.sigma(matrix).detach()[:, None, None]
        largest = torch.linalg.svdvals(normalised)[:, 0]
        assert torch.allclose(largest, torch.ones(2, dtype=torch.float64), atol=1e-3)


@pytest.mark.parametrize("name", NETS)
def test_scaling_the_output_or_the_kernel_is_dividing_the_weight(name: str):
    """Value and gradient against torch's own parametrisation idea: W / (u^T W v) formed explicitly."""
    critic = net(name, "critic", (0,), "none")
    with torch.no_grad():
        for layer in critic.modules():
            if isinstance(layer, layers.Weighted):
                layer.bias.normal_()
    plain = net(name, "critic", (0,), "none")
    plain.load_state_dict(critic.state_dict())
    spectrally_normalise(critic, iterations=1)
    critic.eval()
    x = inputs(name, "critic", 1)
    normalised = {}
    for label, layer in critic.named_modules():
        if isinstance(layer, layers.Weighted):
            original = dict(plain.named_parameters())[f"{label}.weight"]
            sigma = layer.sigma(original)
            normalised[f"{label}.weight"] = original / sigma.reshape(
                -1, *[1] * (original.dim() - 1)
            )
    expected = torch.func.functional_call(plain, normalised, x)
    out = critic(x)
    assert torch.allclose(out, expected, rtol=1e-10)
    out.sin().sum().backward()
    expected.sin().sum().backward()
    for label, weight in plain.named_parameters():
        own, largest = dict(critic.named_parameters())[label].grad, weight.grad.abs().max().item()
        assert torch.allclose(own, weight.grad, rtol=1e-8, atol=1e-10 * largest), label


def test_power_iteration_stands_still_in_eval_mode():
    weight = torch.randn(2, 5, 4)
    sigma = LargestSingularValue(weight, iterations=3)
    before = sigma.u.clone()
    sigma.eval()(weight)
    assert torch.equal(sigma.u, before)
    sigma.train()(weight)
    assert not torch.equal(sigma.u, before)


def test_autoencoder_energy_is_the_euclidean_norm():
    autoencoder = net("mlp", "autoencoder", (0,), "none")
    x = inputs("mlp", "autoencoder", 1)
    codes = autoencoder.features(x)
    assert codes.shape == (1, 6, settings("mlp")["critic"][-1])
    expected = (autoencoder.decoder(codes) - x).flatten(2).norm(dim=2)
    assert torch.allclose(autoencoder(x), expected)
