"""Our optimisers against torch's own, and what they do without."""

import subprocess
import sys
from collections.abc import Callable
from functools import partial

import pytest
import torch
from torch import nn

from replication.training.optimisers import Adam, eager, rmsprop

SHAPES = [(7, 5), (5,)]


@pytest.mark.parametrize(
    ("plain", "ours", "settings"),
    [
        (torch.optim.Adam, Adam, {"lr": 1e-3, "betas": (0.5, 0.9)}),
        (torch.optim.SGD, partial(eager(torch.optim.SGD), fused=True), {"lr": 1e-2}),
    ],
)
def test_an_optimiser_is_torchs(plain: type, ours: Callable, settings: dict) -> None:
    """Steps, and a state that is handed from one to the next, bit by bit."""
    torch.manual_seed(0)
    start, gradients = [torch.randn(s) for s in SHAPES], torch.randn(20, 40)
    ends = []
    for make in (partial(plain, fused=True), ours):
        weights = [nn.Parameter(value.clone()) for value in start]
        optimiser = make(weights, **settings)
        for step, gradient in enumerate(gradients):
            for weight, own in zip(weights, gradient.split([35, 5]), strict=True):
                weight.grad = own.reshape(weight.shape).clone()
            optimiser.step()
            optimiser.zero_grad()
            assert all(weight.grad is None for weight in weights)
            if step == 10:
                state = optimiser.state_dict()
                optimiser = make(weights, **settings)
                optimiser.load_state_dict(state)
        ends.append(weights)
    for own, theirs in zip(*ends, strict=True):
        assert torch.equal(own, theirs)


def test_a_weight_without_gradient_stays() -> None:
    weights = [nn.Parameter(torch.ones(3)) for _ in range(2)]
    weights[0].grad = torch.ones(3)
    Adam(weights, 1e-3, (0.5, 0.9)).step()
    assert weights[0].max() < 1
    assert torch.equal(weights[1], torch.ones(3))


def test_a_step_does_not_import_the_compiler() -> None:
    code = """
import sys, torch
from replication.training.game import descend
from replication.training.optimisers import Adam, rmsprop
for make in (lambda w: Adam(w, 1e-3, (0.5, 0.9)), lambda w: rmsprop(w, 1e-3, 0.99)):
    weight = torch.nn.Parameter(torch.zeros(1, 4))
    optimiser = make([weight])
    descend(optimiser, weight.sum(1))
    optimiser.load_state_dict(optimiser.state_dict())
    assert weight.abs().min() > 0
print("torch._dynamo" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("alpha", [0.0, 0.9, 0.99, 0.999999, 1 - 1e-12])
def test_rmsprop_equals_torchs(alpha: float) -> None:
    """Every step from the first on; also over a state that is handed on."""
    torch.manual_seed(0)
    start, gradients = torch.randn(7, 5).double(), torch.randn(300, 7, 5).double()
    mine, plain = nn.Parameter(start.clone()), nn.Parameter(start.clone())
    ours, theirs = rmsprop([mine], 1e-3, alpha), torch.optim.RMSprop([plain], 1e-3, alpha=alpha)
    for i, gradient in enumerate(gradients):
        for weight, optimiser in ((mine, ours), (plain, theirs)):
            weight.grad = gradient.clone()
            optimiser.step()
        torch.testing.assert_close(mine, plain, rtol=1e-12, atol=1e-12)
        if i == 10:
            state, ours = ours.state_dict(), rmsprop([mine], 1e-3, alpha)
            ours.load_state_dict(state)
