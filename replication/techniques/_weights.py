"""The weights of a net seed by seed, whether its layers have a seeds axis or there is a plain net per seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

from replication.nets._layers import PLAIN, Weighted
from replication.nets._per_seed import PerSeed
from replication.plan.config import ConfigError


class Copies:
    """A copy of every weight of a net.

    Args:
        net: as it is when a technique wraps it.
        technique: whose file is named where a later technique has brought further weights.
    """

    def __init__(self, net: nn.Module, technique: str) -> None:
        self.net, self.technique = net, technique
        self.held = [weight.detach().clone() for weight in net.parameters()]

    def keep(self) -> None:
        """Copy the weights as they are now."""
        for held, weight in zip(self.held, self.net.parameters(), strict=True):
            held.copy_(weight.detach())

    def check(self, whole: nn.Module) -> None:
        """Raise `ConfigError` unless `whole`, the net with all techniques around it, has no further weights."""
        if len(list(whole.parameters())) != len(self.held):
            name = self.technique
            raise ConfigError(
                f"techniques: {name}: a technique after it adds weights that it does not reach; name {name} last"
            )


def seed_sums(net: nn.Module, terms: Sequence[Tensor]) -> Tensor:
    """The sum of terms for every seed: [seeds].

    Args:
        net: whose weights the terms belong to.
        terms: a tensor of the shape of each of its parameters, in their order.
    """
    term = dict(zip(map(id, net.parameters()), terms, strict=True))
    sums = [
        torch.stack([term.pop(id(same)).sum() for same in copies])
        for stack in _stacks(net)
        for copies in zip(*(own.parameters() for own in stack.nets), strict=True)
    ]
    return torch.stack([*sums, *(own.flatten(1).sum(1) for own in term.values())]).sum(0)


def matrices(net: nn.Module) -> Iterator[Tensor]:
    """The weight of every dense and convolutional layer: [seeds, rows, columns], a kernel's inputs side by side."""
    for layer in net.modules():
        if isinstance(layer, Weighted):
            yield layer.weight.flatten(2)
    for stack in _stacks(net):
        for layers in zip(*(own.modules() for own in stack.nets), strict=True):
            if isinstance(layers[0], PLAIN):
                yield torch.stack([layer.weight.flatten(1) for layer in layers])


def _stacks(net: nn.Module) -> list[PerSeed]:
    return [part for part in net.modules() if isinstance(part, PerSeed)]
