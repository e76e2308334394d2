"""Weight normalisation against its definition, as torch computes it, one seed at a time."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from replication.nets import _layers as layers
from replication.nets._convolutions import Conv2d, fold, unfold
from replication.nets._weight_norm import unit_norms, weight_normalise
from replication.tensors.draws import Draws

SEEDS = 2


def dense() -> layers.Linear:
    return layers.Linear(SEEDS, 7, 5).double()


def kernel() -> Conv2d:
    return Conv2d(SEEDS, 3, 5, kernel=4, stride=2).double()


def prepared(layer: layers.Weighted) -> layers.Weighted:
    layers.initialise(layer, "he", "test", Draws(range(SEEDS)))
    with torch.no_grad():
        layer.bias.normal_()
    weight_normalise(layer)
    return layer


def by_definition(layer: layers.Weighted, x: torch.Tensor, seed: int) -> torch.Tensor:
    """g v / |v| with g = 1 (Salimans & Kingma 2016, Eq. 2), formed by torch's own function."""
    v = layer.weight[seed].T if isinstance(layer, layers.Linear) else layer.weight[seed]
    w = torch._weight_norm(v, torch.ones(5, *[1] * (v.dim() - 1), dtype=v.dtype), 0)
    if isinstance(layer, layers.Linear):
        return F.linear(x, w, layer.bias[seed])
    return F.conv2d(x, w, layer.bias[seed], stride=2, padding=1)


@pytest.mark.parametrize("make", [dense, kernel])
def test_values_and_gradients_are_those_of_the_definition(make):
    layer = prepared(make())
    torch.manual_seed(0)
    folded = make is kernel
    x = torch.randn(SEEDS, 4, *((3, 8, 8) if folded else (7,)), dtype=torch.float64)
    out = unfold(layer(fold(x)), SEEDS) if folded else layer(x)
    expected = torch.stack([by_definition(layer, x[s], s) for s in range(SEEDS)])
    assert torch.allclose(out, expected, rtol=1e-12, atol=1e-12)
    weights = torch.randn_like(out)
    for ours, theirs in zip(
        torch.autograd.grad((out * weights).sum(), [layer.weight, layer.bias]),
        torch.autograd.grad((expected * weights).sum(), [layer.weight, layer.bias]),
        strict=True,
    ):
        assert torch.allclose(ours, theirs, rtol=1e-10, atol=1e-12)


def test_squared_singular_values_add_up_to_the_number_of_units():
    """Miyato et al. 2018, section 3: so a weight whose units all look alike has one value, of sqrt(outputs)."""
    layer = prepared(dense())
    w = layer.weight / unit_norms(layer.weight)[:, None]
    assert torch.linalg.svdvals(w).square().sum(1).tolist() == pytest.approx([5.0] * SEEDS)
    alike = layer.weight[:, :, :1].expand(-1, -1, 5)
    largest = torch.linalg.svdvals(alike / unit_norms(alike)[:, None])[:, 0]
    assert largest.tolist() == pytest.approx([5**0.5] * SEEDS)


def test_the_length_of_a_units_weights_does_not_matter():
    layer = prepared(dense())
    x = torch.randn(SEEDS, 4, 7, dtype=torch.float64)
    before = layer(x)
    with torch.no_grad():
        layer.weight *= torch.tensor([0.1, 1.0, 3.0, 7.0, 50.0])
    assert torch.allclose(layer(x), before, rtol=1e-10)
