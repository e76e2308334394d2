"""Nets whose file defines plain torch modules for one seed: a copy for each seed, their outputs stacked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from replication.tensors.draws import Draws


class PerSeed(nn.Module):
    """A plain module per seed behind the leading axis of this package's nets.

    Args:
        nets: one per seed, of equal form. Each maps [batch, ...], and labels [batch] where its file is ``LABELLED``,
            to scores [batch] or images; `features` and `score`, where it has them, likewise.
        labelled: whether they are given labels.
    """

    def __init__(self, nets: list[nn.Module], labelled: bool) -> None:
        super().__init__()
        self.nets, self.labelled = nn.ModuleList(nets), labelled

    @property
    def width(self) -> int:
        """Of the features."""
        width: int = self.nets[0].width  # type: ignore[assignment]
        return width

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        """[seeds, batch, ...] to [seeds, batch, ...], every seed by its own net."""
        return self._stacked("__call__", labels, x)

    def features(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """[seeds, batch, width]."""
        return self._stacked("features", labels, images)

    def score(self, features: Tensor, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """Scores [seeds, batch] of images whose features are known."""
        return self._stacked("score", labels, features, images)

    def _stacked(self, what: str, labels: Tensor | None, *given: Tensor) -> Tensor:
        if self.labelled:
            assert labels is not None
            given = (*given, labels)
        own = zip(self.nets, *given, strict=True)
        return torch.stack([getattr(net, what)(*inputs) for net, *inputs in own])


def per_seed(make: Callable[[], nn.Module], draws: Draws, role: str, labelled: bool) -> PerSeed:
    """A net per seed, initialised by torch's own generator, which a seed and a role decide and nothing else."""
    nets = []
    for start in draws.starts(f"init/{role}"):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(start)
            nets.append(make())
    return PerSeed(nets, labelled)


def gradients(net: nn.Module) -> Iterator[Tensor]:
    """The gradients of a net's weights where they have any, [seeds, numbers of a weight] each."""
    stacks = [part for part in net.modules() if isinstance(part, PerSeed)]
    copies = {id(weight) for stack in stacks for weight in stack.parameters()}
    for weight in net.parameters():
        if weight.grad is not None and id(weight) not in copies:
            yield weight.grad.flatten(1)
    for stack in stacks:
        for same in zip(*(own.parameters() for own in stack.nets), strict=True):
            found = [weight.grad.flatten() for weight in same if weight.grad is not None]
            if found:
                yield torch.stack(found)
