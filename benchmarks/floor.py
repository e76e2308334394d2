"""The floor of a training step: its matrix products and convolutions alone, replayed at the same shapes and layouts."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map

aten = torch.ops.aten
PRODUCTS = {
    aten.mm,
    aten.addmm,
    aten.bmm,
    aten.baddbmm,
    aten.convolution,
    aten.convolution_backward,
}


class Recorder(TorchDispatchMode):
    """Every product that runs inside a ``with`` block, with the shape and layout of what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = []

    def __torch_dispatch__(
        self,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Note the call, and let it run."""
        kwargs = kwargs or {}
        if func.overloadpacket in PRODUCTS:
            self.calls.append((func, tree_map(stand_in, args), dict(kwargs)))
        return func(*args, **kwargs)


def stand_in(value: Any) -> Any:
    """Random numbers of the shape and strides of a tensor; anything else as it is."""
    if not isinstance(value, Tensor):
        return value
    extent = 1 + sum((n - 1) * step for n, step in zip(value.shape, value.stride(), strict=True))
    return torch.randn(extent).as_strided(value.shape, value.stride())


def record(step: Callable[[], None]) -> Recorder:
    """The products of one call of `step`."""
    with Recorder() as recorder:
        step()
    return recorder


@torch.no_grad()
def replay(recorder: Recorder) -> None:
    """Run the products once more, and nothing else."""
    for func, args, kwargs in recorder.calls:
        func(*args, **kwargs)


def multiply_adds(recorder: Recorder) -> float:
    """Multiply-adds of the recorded products."""
    return sum(_cost(func.overloadpacket, args) for func, args, _ in recorder.calls)


def _cost(packet: Any, args: tuple[Any, ...]) -> float:
    if packet in (aten.mm, aten.bmm):
        return args[0].numel() * float(args[1].shape[-1])
    if packet in (aten.addmm, aten.baddbmm):
        return args[1].numel() * float(args[2].shape[-1])
    if packet is aten.convolution:
        x, weight, _, stride, padding, _, transposed, *_ = args
        return _places(x, weight, stride, padding, transposed) * float(weight.numel())
    # Backward: the forward's products once for the gradient of the images and once for that of the weights.
    _, x, weight, _, stride, padding, _, transposed, _, _, wanted = args
    once = _places(x, weight, stride, padding, transposed) * float(weight.numel())
    return sum(wanted[:2]) * once


def _places(x: Tensor, weight: Tensor, stride: Any, padding: Any, transposed: bool) -> int:
    """How often the whole kernel is applied: at every output pixel, or every input pixel if transposed."""
    batch, _, *sides = x.shape
    if transposed:
        return batch * math.prod(sides)
    window = zip(sides, padding, weight.shape[2:], stride, strict=True)
    return batch * math.prod((n + 2 * p - k) // s + 1 for n, p, k, s in window)
