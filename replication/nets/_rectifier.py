"""ReLU and leaky ReLU whose second derivative is not computed, because it is zero.

A gradient penalty differentiates a critic twice. Torch's own rectifiers then hand zeros back to the critic's
forward pass, and every layer below multiplies its matrices with them: a third of a penalised step. These
hand back nothing, and the engine leaves those products out. Values and gradients of any order are equal.
Where nothing is differentiated twice torch's own run, without a detour through Python.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.nn import functional as F


class Rectifier(nn.Module):
    """max(x, slope * x), 0 <= slope < 1; a ReLU by default."""

    #: Set where gradients of gradients are taken: see `expect_second_derivatives`.
    twice = False

    def __init__(self, slope: float = 0.0) -> None:
        super().__init__()
        self.slope = slope

    def forward(self, x: Tensor) -> Tensor:
        """Of any shape."""
        if not self.twice:
            return F.leaky_relu(x, self.slope) if self.slope else x.relu()
        y: Tensor = _Rectified.apply(x, self.slope)
        return y

    def extra_repr(self) -> str:
        """The slope below zero."""
        return f"slope={self.slope}"


class _Rectified(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, slope: float) -> Tensor:
        y = F.leaky_relu(x, slope) if slope else x.relu()
        ctx.save_for_backward(y)
        ctx.slope = slope
        return y

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (y,) = ctx.saved_tensors
        # Detached: what the gradient owes to y is the second derivative.
        return _Sloped.apply(gradients[0], y.detach(), ctx.slope), None


class _Sloped(Function):
    """The gradient times 1 where y > 0 and the slope elsewhere; linear, so its own derivative is itself."""

    @staticmethod
    def forward(ctx: Any, gradient: Tensor, y: Tensor, slope: float) -> Tensor:
        ctx.save_for_backward(y)
        ctx.slope = slope
        if slope:
            return torch.ops.aten.leaky_relu_backward(gradient, y, slope, True)
        return torch.ops.aten.threshold_backward(gradient, y, 0)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        (y,) = ctx.saved_tensors
        return _Sloped.apply(gradients[0], y, ctx.slope), None, None
