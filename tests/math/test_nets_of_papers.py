"""The papers' nets, layer by layer, against their tables and the authors' code, and against plain torch."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from replication.nets import _glorot, architectures
from replication.nets import _layers as layers
from replication.nets._convolutions import Conv2d, Upsample2x, fold, unfold
from replication.nets._glorot import Deconv2d
from replication.nets._layers import Weighted
from replication.nets._residual import Sum
from replication.plan import registry
from replication.tensors.draws import Draws

#: A layer: inputs, outputs, side of its kernel, and what it does to the side of an image.
Layer = tuple[int, int, int, str]


def build(
    name: str, role: str, shape: tuple[int, int, int], norm: str, **change: object
) -> nn.Module:
    """A net of one seed at its paper's settings, with its own initial weights."""
    head = registry.metadata("nets", name)
    settings = head["SETTINGS"] | change
    net = getattr(registry.load("nets", name), role)(1, shape, settings, norm)
    layers.initialise(net, head["INIT"], role, Draws((0,)))
    return net


def layer(module: Weighted) -> Layer:
    """What a layer of ours is."""
    a, b, *kernel = module.weight.shape[1:]
    if isinstance(module, Upsample2x | Deconv2d):
        return a, b, kernel[0], "up"
    if isinstance(module, Conv2d):
        return b, a, kernel[0], "down" if module.stride == 2 else "same"
    return a, b, 1, "dense"


def listed(net: nn.Module) -> list[Layer]:
    return [layer(module) for module in net.modules() if isinstance(module, Weighted)]


def numbers(net: nn.Module) -> int:
    return sum(weight.numel() for weight in net.parameters())


def dense(a: int, b: int) -> Layer:
    return a, b, 1, "dense"


def counted(table: list[Layer]) -> int:
    """Weights and biases of a table."""
    return sum(a * b * kernel**2 + b for a, b, kernel, _ in table)


def through(a: int, b: int) -> list[Layer]:
    """A residual block with a learned shortcut: two kernels of 3 and one of 1 (Gulrajani et al., appendix F)."""
    return [(a, b, 3, "same"), (b, b, 3, "same"), (a, b, 1, "same")]


def narrow(n: int) -> list[Layer]:
    """A bottleneck block that keeps the side."""
    return [(n, n // 2, 1, "same"), (n // 2, n // 2, 3, "same"), (n // 2, n, 1, "same")]


def shrunk(n: int) -> list[Layer]:
    """One that halves the side and doubles the channels."""
    return [
        (n, n // 2, 1, "same"),
        (n // 2, n, 3, "down"),
        (n, 2 * n, 1, "same"),
        (n, 2 * n, 1, "down"),
    ]


#: Net, role, colours and side, the paper's or code's table, settings where they are not the defaults.
TABLES: dict[str, tuple[str, str, tuple[int, int], list[Layer], dict[str, object]]] = {
    "Goodfellow et al. 2014, code, MNIST: generator": (
        "maxout", "generator", (1, 28), [dense(100, 1200), dense(1200, 1200), dense(1200, 784)], {},
    ),
    "Goodfellow et al. 2014, code, MNIST: maxout of 240 units with 5 pieces": (
        "maxout", "critic", (1, 28), [dense(784, 1200), dense(240, 1200), dense(240, 1)], {},
    ),
    "Radford et al. 2015, figure 1, with kernels of 4: generator": (
        "dcgan", "generator", (3, 64),
        [dense(100, 1024 * 16), (1024, 512, 4, "up"), (512, 256, 4, "up"), (256, 128, 4, "up"), (128, 3, 4, "up")],
        {"width": 128},
    ),
    "Arjovsky et al. 2017, code: generator": (
        "dcgan", "generator", (3, 64),
        [dense(100, 512 * 16), (512, 256, 4, "up"), (256, 128, 4, "up"), (128, 64, 4, "up"), (64, 3, 4, "up")],
        {"width": 64},
    ),
    "Arjovsky et al. 2017, code: critic": (
        "dcgan", "critic", (3, 64),
        [(3, 64, 4, "down"), (64, 128, 4, "down"), (128, 256, 4, "down"), (256, 512, 4, "down"), dense(8192, 1)],
        {"width": 64},
    ),
    "Arjovsky et al. 2017, figure 6: constant filters": (
        "dcgan_constant", "generator", (3, 64),
        [dense(100, 1024), *[(64, 64, 4, "up")] * 3, (64, 3, 4, "up")], {},
    ),
    "Arjovsky et al. 2017, figure 7: perceptron": (
        "dcgan_mlp", "generator", (3, 64),
        [dense(100, 512), *[dense(512, 512)] * 3, dense(512, 3 * 64 * 64)], {},
    ),
    "Zhao et al. 2017, figure 9: nLayerG 5, sizeG 1600": (
        "mlp", "generator", (1, 28), [dense(64, 1600), *[dense(1600, 1600)] * 3, dense(1600, 784)],
        {"generator": [1600] * 4},
    ),
    "Zhao et al. 2017, figure 9: nLayerD 2, sizeD 1024, of which one decodes": (
        "mlp", "autoencoder", (1, 28), [dense(784, 1024), dense(1024, 784)], {"critic": [1024]},
    ),
    "Gulrajani et al. 2017, gan_mnist: generator": (
        "wgan_gp_cnn", "generator", (1, 28),
        [dense(128, 4096), (256, 128, 5, "up"), (128, 64, 5, "up"), (64, 1, 5, "up")], {"width": 64},
    ),
    "Gulrajani et al. 2017, gan_mnist: critic": (
        "wgan_gp_cnn", "critic", (1, 28),
        [(1, 64, 5, "down"), (64, 128, 5, "down"), (128, 256, 5, "down"), dense(4096, 1)], {"width": 64},
    ),
    "Gulrajani et al. 2017, gan_cifar: generator": (
        "wgan_gp_cnn", "generator", (3, 32),
        [dense(128, 8192), (512, 256, 5, "up"), (256, 128, 5, "up"), (128, 3, 5, "up")], {},
    ),
    "Gulrajani et al. 2017, gan_cifar: critic": (
        "wgan_gp_cnn", "critic", (3, 32),
        [(3, 128, 5, "down"), (128, 256, 5, "down"), (256, 512, 5, "down"), dense(8192, 1)], {},
    ),
    "Gulrajani et al. 2017, appendix F: generator": (
        "wgan_gp_resnet", "generator", (3, 32),
        [dense(128, 2048), *through(128, 128) * 3, (128, 3, 3, "same")], {},
    ),
    "Gulrajani et al. 2017, appendix F: critic": (
        "wgan_gp_resnet", "critic", (3, 32),
        [*through(3, 128), *through(128, 128), *[(128, 128, 3, "same")] * 4, dense(128, 1)],
        {},
    ),
    "Miyato et al. 2018, table 4: generator": (
        "sngan_resnet", "generator", (3, 32),
        [dense(128, 4096), *through(256, 256) * 3, (256, 3, 3, "same")], {},
    ),
    "Miyato et al. 2018, table 4: discriminator": (
        "sngan_resnet", "critic", (3, 32),
        [*through(3, 128), *through(128, 128), *[(128, 128, 3, "same")] * 4, dense(128, 1)],
        {},
    ),
    "Miyato et al. 2018, table 3: generator": (
        "sngan_cnn", "generator", (3, 32),
        [dense(128, 8192), (512, 256, 4, "up"), (256, 128, 4, "up"), (128, 64, 4, "up"), (64, 3, 3, "same")],
        {},
    ),
    "Miyato et al. 2018, table 3: discriminator": (
        "sngan_cnn", "critic", (3, 32),
        [(3, 64, 3, "same"), (64, 64, 4, "down"), (64, 128, 3, "same"), (128, 128, 4, "down"),
         (128, 256, 3, "same"), (256, 256, 4, "down"), (256, 512, 3, "same"), dense(8192, 1)],
        {},
    ),
    "Gulrajani et al. 2017, figure 2: critic of 101 layers, and its four shortcuts": (
        "wgan_gp_resnet101", "critic", (3, 64),
        [(3, 32, 1, "same"), *narrow(32) * 5, *shrunk(32), *narrow(64) * 6, *shrunk(64), *narrow(128) * 6,
         *shrunk(128), *narrow(256) * 6, *shrunk(256), *narrow(512) * 6, dense(8192, 1)], {},
    ),
    "Gulrajani et al. 2017, figure 2: gated generator": (
        "architectures", "generator", (3, 64),
        [dense(128, 16384), (512, 512, 5, "up"), (256, 256, 5, "up"), (128, 128, 5, "up"), (64, 3, 5, "up")],
        {"generator_activation": "gated"},
    ),
    "Gulrajani et al. 2017, figure 2: gated critic": (
        "architectures", "critic", (3, 64),
        [(3, 128, 5, "down"), (64, 256, 5, "down"), (128, 512, 5, "down"), (256, 1024, 5, "down"), dense(8192, 1)],
        {"critic_activation": "gated"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("source", TABLES)
def test_layers_are_those_of_the_table(source: str) -> None:
    name, role, (colours, side), table, change = TABLES[source]
    net = build(name, role, (colours, side, side), "none", **change)
    assert sorted(listed(net)) == sorted(table)
    assert numbers(net) == counted(table)


@pytest.mark.parametrize(
    ("name", "role", "shape", "expected"),
    [
        # Weights and biases layer by layer, added up by hand.
        ("maxout", "generator", (1, 28, 28), 100 * 1200 + 1200 + 1200**2 + 1200 + 1200 * 784 + 784),
        ("maxout", "critic", (1, 28, 28), 942_000 + 289_200 + 241),
        ("wgan_gp_resnet", "critic", (3, 32, 32), 3_584 + 147_584 + 512 + 311_680 + 590_336 + 129),
        ("sngan_resnet", "generator", (3, 32, 32), 528_384 + 3 * (2 * 590_080 + 65_792) + 6_915),
    ],
)
def test_numbers_of_weights(
    name: str, role: str, shape: tuple[int, int, int], expected: int
) -> None:
    assert numbers(build(name, role, shape, "none")) == expected


def sides(net: nn.Module, x: Tensor) -> list[tuple[int, int]]:
    """Channels and side of every folded image that a part of a Sequential makes of x, repeats left out."""
    seen: list[tuple[int, int]] = []
    for part in net:
        x = part(x)
        if x.dim() == 4 and (not seen or seen[-1] != tuple(x.shape[1:3])):
            seen.append(tuple(x.shape[1:3]))
    return seen


@pytest.mark.parametrize(
    ("name", "role", "side", "expected"),
    [
        ("wgan_gp_cnn", "generator", 28, [(512, 4), (256, 8), (256, 7), (128, 14), (1, 28)]),
        ("wgan_gp_cnn", "critic", 28, [(1, 28), (128, 14), (256, 7), (512, 4)]),
        ("wgan_gp_cnn", "critic", 32, [(1, 32), (128, 16), (256, 8), (512, 4)]),
        ("wgan_gp_resnet", "generator", 32, [(128, 4), (128, 8), (128, 16), (128, 32), (1, 32)]),
        ("wgan_gp_resnet", "critic", 32, [(1, 32), (128, 16), (128, 8)]),
        ("sngan_resnet", "critic", 28, [(1, 28), (128, 14), (128, 7)]),
        ("sngan_cnn", "critic", 48, [(1, 48), (64, 48), (64, 24), (128, 24), (128, 12), (256, 12), (256, 6), (512, 6)]),
        ("dcgan_constant", "generator", 64, [(64, 4), (64, 8), (64, 16), (64, 32), (1, 64)]),
    ],
)  # fmt: skip
def test_images_shrink_and_grow_as_in_the_table(
    name: str, role: str, side: int, expected: list[tuple[int, int]]
) -> None:
    net = build(name, role, (1, side, side), "none")
    z_dim = registry.metadata("nets", name)["SETTINGS"]["z_dim"]
    x = torch.randn(1, 2, z_dim) if role == "generator" else torch.randn(1, 2, 1, side, side)
    with torch.no_grad():
        assert sides(net, x) == expected


# The residual nets in plain torch, with the order of operations of the authors' code.


def conv(x: Tensor, own: Conv2d, seed: int) -> Tensor:
    return F.conv2d(x, own.weight[seed], own.bias[seed], padding=own.weight.shape[-1] // 2)


def block(x: Tensor, own: Sum, seed: int, resample: str) -> Tensor:
    """The shortcut is resampled first and then convolved where the side grows, the other way round where it shrinks."""
    one, two, *short = [m for m in own.modules() if isinstance(m, Conv2d)]
    grown = F.interpolate(x, scale_factor=2) if resample == "up" else x
    skip = conv(grown, short[0], seed) if short else grown
    y = F.relu(x)
    y = F.interpolate(y, scale_factor=2) if resample == "up" else y
    y = conv(F.relu(conv(y, one, seed)), two, seed)
    if resample == "down":
        skip, y = F.avg_pool2d(skip, 2), F.avg_pool2d(y, 2)
    return skip + y


@pytest.mark.parametrize("name", ["wgan_gp_resnet", "sngan_resnet"])
def test_a_residual_net_is_that_of_the_authors_code(name: str) -> None:
    settings = registry.metadata("nets", name)["SETTINGS"] | {"width": 5, "z_dim": 4}
    module, shape = registry.load("nets", name), (3, 32, 32)
    nets = [
        getattr(module, role)(2, shape, settings, "none").double()
        for role in ("generator", "critic")
    ]
    for net, role in zip(nets, ("generator", "critic"), strict=True):
        layers.initialise(net, "glorot", role, Draws((0, 1)))
        for own in net.modules():
            if isinstance(own, Weighted):
                nn.init.normal_(own.bias)
    generator, critic = nets
    z, images = torch.randn(2, 3, 4).double(), torch.randn(2, 3, *shape).double()
    made, scores = generator(z), critic(images)
    for seed in range(2):
        dense, *_, last, _ = generator
        x = (z[seed] @ dense.dense.weight[seed] + dense.dense.bias[seed]).unflatten(1, (-1, 4, 4))
        for own in generator:
            x = block(x, own, seed, "up") if isinstance(own, Sum) else x
        assert torch.allclose(made[seed], torch.tanh(conv(F.relu(x), last, seed)))

        first, *blocks = [own for own in critic if isinstance(own, Sum)]
        one, two, short = [m for m in first.modules() if isinstance(m, Conv2d)]
        y = F.avg_pool2d(conv(F.relu(conv(images[seed], one, seed)), two, seed), 2)
        y = y + conv(F.avg_pool2d(images[seed], 2), short, seed)
        for own, resample in zip(blocks, ["down", "", ""], strict=True):
            y = block(y, own, seed, resample)
        pooled = F.relu(y).mean((2, 3)) if name == "wgan_gp_resnet" else F.relu(y).sum((2, 3))
        assert torch.allclose(critic.features(images)[seed], pooled)
        head = critic[-1].dense
        assert torch.allclose(scores[seed], (pooled @ head.weight[seed] + head.bias[seed])[:, 0])


@pytest.mark.parametrize("kernel", [3, 5])
def test_deconvolution_is_torchs_one_seed_at_a_time(kernel: int) -> None:
    deconv = Deconv2d(2, 3, 4, kernel).double()
    deconv.initialise("fan_in", "test", Draws((0, 1)))
    images = torch.randn(2, 5, 3, 7, 7).double()
    out = unfold(deconv(fold(images)), 2)
    assert out.shape == (2, 5, 4, 14, 14)
    for seed in range(2):
        weight, bias = deconv.weight[seed], deconv.bias[seed]
        expected = F.conv_transpose2d(images[seed], weight, bias, 2, kernel // 2, output_padding=1)
        assert torch.allclose(out[seed], expected)


def test_initial_weights_of_rectified_layers_have_the_variance_of_the_authors_code() -> None:
    """4 / (fan_in + fan_out) before a rectifier and half of it elsewhere, uniform, with tflib's fans."""
    for layer, fans in [
        (_glorot.Conv2d(1, 20, 30, 5, 2), 20 * 25 + 30 * 25 / 4),
        (Deconv2d(1, 20, 30, 5), 20 * 25 / 4 + 30 * 25),
        (Conv2d(1, 40, 30, 3, 1), 2 * (40 * 9 + 30 * 9)),
    ]:
        layer.initialise("glorot", "test", Draws((0,)))
        assert layer.weight.var().item() == pytest.approx(4 / fans, rel=0.03)
        assert layer.weight.abs().max().item() <= 1.01 * math.sqrt(3 * 4 / fans)
        assert not layer.bias.any()


def test_maxout_is_the_largest_piece_and_its_weights_have_their_range() -> None:
    critic = build("maxout", "critic", (1, 28, 28), "none")
    images = torch.rand(1, 3, 1, 28, 28)
    expected = images.flatten(2)[0]
    for own in (critic[1], critic[3]):
        expected = expected @ own.weight[0] + own.bias[0]
        expected = torch.stack([expected[:, 5 * i : 5 * i + 5].amax(1) for i in range(240)], 1)
    assert torch.allclose(critic.features(images)[0], expected, atol=1e-6)
    generator = build("maxout", "generator", (1, 28, 28), "none")
    for net, reach in ((generator, 0.05), (critic, 0.005)):
        for own in net.modules():
            if isinstance(own, Weighted) and own.weight.numel() > 1000:
                assert own.weight.abs().max().item() == pytest.approx(reach, rel=0.01)
                assert own.weight.std().item() == pytest.approx(reach / math.sqrt(3), rel=0.01)


# Random architectures.


def test_drawn_architectures_are_even_over_table_1() -> None:
    for side in ("generator", "critic"):
        rows = [architectures.drawn(number, side) for number in range(600)]
        for key, values in architectures.TABLE.items():
            for value in values:
                share = sum(row[key] == value for row in rows) / len(rows)
                assert share == pytest.approx(1 / len(values), abs=4 * 0.5 / math.sqrt(600)), (
                    key,
                    value,
                )
        assert rows[7] == architectures.drawn(7, side)
    sides = [
        (architectures.drawn(n, "generator"), architectures.drawn(n, "critic")) for n in range(600)
    ]
    both = sum(a["norm"] and b["norm"] for a, b in sides) / 600
    assert both == pytest.approx(0.25, abs=0.08), "the sides are drawn apart"


@pytest.mark.parametrize("number", range(6))
def test_a_drawn_architecture_has_what_was_drawn(number: int) -> None:
    kinds = {"relu": "Rectifier", "leaky_relu": "Rectifier", "softplus": "Softplus", "tanh": "Tanh"}
    for role in ("generator", "critic"):
        own = architectures.drawn(number, role)
        # Other settings of depth and width do not matter then.
        change = {"drawn": number, "critic_width": 7, "generator_depth": 9}
        net = build("architectures", role, (3, 32, 32), "layer", **change)
        table = listed(net)
        assert len(table) == own["depth"]
        widths = {n for a, b, _, what in table if what != "dense" for n in (a, b)} - {3}
        assert widths == {own["width"], 2 * own["width"], 4 * own["width"]}
        names = [type(part).__name__ for part in net.modules()]
        assert names.count(kinds[own["activation"]]) == own["depth"] - 1
        norms = names.count("LayerNorm")
        assert norms == (0 if not own["norm"] else own["depth"] - (1 if role == "generator" else 2))


def test_further_layers_are_spread_evenly() -> None:
    assert [architectures.spread(depth - 4, 3) for depth in (4, 8, 12, 20)] == [
        [0, 0, 0], [2, 1, 1], [3, 3, 2], [6, 5, 5],
    ]  # fmt: skip


def test_activations_by_hand() -> None:
    x = torch.tensor([-3.0, 0.0, 1.0])
    softplus = [math.log1p(math.exp(2 * v + 2)) / 2 - 1 for v in x.tolist()]
    assert architectures.Softplus()(x).tolist() == pytest.approx(softplus, abs=1e-6)
    images = torch.randn(2, 3, 4, 2, 2)
    gated = unfold(architectures.Gated(2)(fold(images)), 2)
    assert torch.allclose(gated, torch.sigmoid(images[:, :, :2]) * torch.tanh(images[:, :, 2:]))


# The residual nets of 101 layers.


@pytest.mark.parametrize("role", ["generator", "critic"])
def test_there_are_101_layers_on_the_way(role: str) -> None:
    net = build("wgan_gp_resnet101", role, (3, 64, 64), "none", width=2)
    blocks = [part for part in net if isinstance(part, Sum)]
    shortcuts = sum(len(listed(own.shortcut)) for own in blocks)
    assert (len(blocks), shortcuts, len(listed(net)) - shortcuts) == (33, 4, 101)


def test_a_block_adds_three_tenths_and_a_net_ends_in_a_fifth() -> None:
    net = build("wgan_gp_resnet101", "critic", (1, 28, 28), "none", width=2, blocks=2)
    own = next(part for part in net if isinstance(part, Sum))
    x = torch.randn(3, 2, 28, 28)
    y = x
    for conv_ in (m for m in own.main if isinstance(m, Conv2d)):
        y = conv(F.relu(y), conv_, 0)
    assert torch.allclose(own(x), x + 0.3 * y, atol=1e-6)
    images = torch.randn(1, 3, 1, 28, 28)
    head = next(part for part in net if hasattr(part, "dense")).dense
    expected = (net.features(images) @ head.weight + head.bias[:, None]).squeeze(2) / 5
    assert torch.allclose(net(images), expected, atol=1e-6)
