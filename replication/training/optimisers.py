"""Adam, RMSProp and gradient descent, each a step as one fused kernel."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from replication.plan.config import Recipe


class Optimiser(Protocol):
    """What the loop asks of an optimiser; torch's own have it too."""

    def zero_grad(self) -> None:
        """Forget the gradients."""

    def step(self) -> Any:
        """Change the weights by their gradients."""

    def state_dict(self) -> dict[str, Any]:
        """All that it carries from step to step, as torch's optimisers tell it."""

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from such a state."""


class Adam:
    """Adam (Kingma & Ba 2015, Algorithm 1): the kernel of `torch.optim.Adam(fused=True)`, called at once.

    Torch's class gathers the weights anew at every step, counts steps for each of them, and tells its profiler:
    for small nets that takes as long as the kernel. Weights without a gradient stay as they are.
    """

    def __init__(
        self, weights: Iterable[nn.Parameter], lr: float, betas: tuple[float, float]
    ) -> None:
        self.weights = list(weights)
        self.means = [torch.zeros_like(weight) for weight in self.weights]
        self.squares = [torch.zeros_like(weight) for weight in self.weights]
        self.count = torch.zeros((), device=self.weights[0].device)
        self.settings: dict[str, Any] = {
            "lr": lr, "beta1": betas[0], "beta2": betas[1], "eps": 1e-8,
            "weight_decay": 0.0, "amsgrad": False, "maximize": False,
        }  # fmt: skip

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for weight in self.weights:
            weight.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Change the weights by their gradients."""
        slots = zip(self.weights, self.means, self.squares, strict=True)
        used = [(w, w.grad, mean, square) for w, mean, square in slots if w.grad is not None]
        weights, gradients, means, squares = zip(*used, strict=True)
        self.count += 1
        counts = [self.count] * len(used)
        torch._fused_adam_(weights, gradients, means, squares, [], counts, **self.settings)

    def state_dict(self) -> dict[str, Any]:
        """As `torch.optim.Adam` tells it."""
        slots = zip(self.means, self.squares, strict=True)
        state = {
            i: {"step": self.count.clone(), "exp_avg": mean, "exp_avg_sq": square}
            for i, (mean, square) in enumerate(slots)
        }
        return {"state": state, "param_groups": []}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from such a state."""
        for i, slots in state_dict["state"].items():
            self.count.copy_(slots["step"])
            self.means[i].copy_(slots["exp_avg"])
            self.squares[i].copy_(slots["exp_avg_sq"])


def optimiser(recipe: Recipe, weights: Iterable[nn.Parameter], lr: float) -> Optimiser:
    """The recipe's optimiser."""
    if recipe.optimiser == "adam":
        return Adam(weights, lr, recipe.betas)
    if recipe.optimiser == "rmsprop":
        return rmsprop(weights, lr, recipe.alpha)
    return eager(torch.optim.SGD)(weights, lr, fused=True)


def rmsprop(weights: Iterable[nn.Parameter], lr: float, alpha: float) -> Adam:
    """RMSProp (Tieleman & Hinton 2012) by Adam's kernel: torch has no fused one for it.

    Both divide the step by the root of a running mean square, plus 1e-8. Adam with beta1 = 0 has no momentum, and
    its bias correction 1 - alpha^t is exactly 1 at t = infinity, for every alpha in [0, 1). What remains is
    RMSProp as `torch.optim.RMSprop` has it, whose mean square starts at 0.
    """
    like_adam = Adam(weights, lr, (0.0, alpha))
    like_adam.count.fill_(math.inf)
    return like_adam


@cache
def eager(optimiser: type[torch.optim.Optimizer]) -> Callable[..., torch.optim.Optimizer]:
    """An optimiser of torch whose methods make no detour through torch's compiler, which they do not need.

    Torch wraps them so that compiled code leaves them alone, and imports the compiler for that: more than a
    second of every process, and some of every step. What it wraps is what runs here.
    """
    names = ("add_param_group", "zero_grad", "step", "state_dict", "load_state_dict")
    plain: dict[str, Any] = {name: inspect.unwrap(getattr(optimiser, name)) for name in names}
    return type(optimiser.__name__, (optimiser,), plain | {"step": torch.no_grad()(plain["step"])})


def optimiser_tensors(optimiser: Optimiser) -> dict[str, Tensor]:
    """Everything an optimiser carries from step to step, as ``<parameter>/<name>``."""
    state = optimiser.state_dict()["state"]
    return {
        f"{i}/{name}": torch.as_tensor(value)
        for i, slots in state.items()
        for name, value in slots.items()
    }


def restore_optimiser(optimiser: Optimiser, tensors: Mapping[str, Tensor]) -> None:
    """The inverse of `optimiser_tensors`."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        i, name = key.split("/")
        state.setdefault(int(i), {})[name] = tensor
    optimiser.load_state_dict(
        {"state": state, "param_groups": optimiser.state_dict()["param_groups"]}
    )
