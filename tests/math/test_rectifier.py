"""The rectifier against torch's own, to the second derivative."""

import pytest
import torch
from torch import nn

from replication.nets._layers import expect_second_derivatives
from replication.nets._rectifier import Rectifier
from replication.techniques._slopes import input_gradient_norm
from replication.techniques.gradient_penalty import slope_penalty


def critic(activation: nn.Module) -> nn.Module:
    torch.manual_seed(0)
    layers = [nn.Linear(3, 8), activation, nn.Linear(8, 8), activation, nn.Linear(8, 1)]
    net = nn.Sequential(*layers).double()
    expect_second_derivatives(net)
    return net


def penalty(net: nn.Module, points: torch.Tensor) -> torch.Tensor:
    leaf = points.detach().requires_grad_()
    norms = input_gradient_norm(net(leaf)[..., 0], leaf, create_graph=True)
    return slope_penalty(norms, one_sided=False).sum()


@pytest.mark.parametrize("slope", [0.0, 0.2])
def test_rectifier_equals_torchs(slope: float) -> None:
    """Values, gradients and the gradients of a gradient penalty, bit by bit."""
    points = torch.randn(2, 16, 3, dtype=torch.float64)
    ours, theirs = critic(Rectifier(slope)), critic(nn.LeakyReLU(slope) if slope else nn.ReLU())
    results = []
    for net in (ours, theirs):
        weights = list(net.parameters())
        first = torch.autograd.grad(net(points).square().sum(), weights)
        loss = net(points).mean() + penalty(net, points)
        results.append([net(points), *first, *torch.autograd.grad(loss, weights)])
    for a, b in zip(*results, strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=0)


def test_the_derivative_of_a_slope_is_left_out_not_computed_as_zero() -> None:
    """A penalty says nothing about biases: with torch's ReLU that costs products with zeros."""
    points = torch.randn(1, 16, 3, dtype=torch.float64)
    found = []
    for net in (critic(Rectifier()), critic(nn.ReLU())):
        (gradient,) = torch.autograd.grad(penalty(net, points), net[0].bias, allow_unused=True)
        found.append(gradient)
    assert found[0] is None
    assert torch.equal(found[1], torch.zeros(8, dtype=torch.float64))


@pytest.mark.parametrize("twice", [False, True])
def test_rectifier_passes_the_gradient_check(twice: bool) -> None:
    points = torch.randn(4, 5, dtype=torch.float64, requires_grad=True)
    rectifier = Rectifier(0.2)
    if twice:
        expect_second_derivatives(rectifier)
    assert torch.autograd.gradcheck(rectifier, [points])
    assert torch.autograd.gradgradcheck(rectifier, [points])
