"""First weights that differ in their last digits: on this machine, what the rounding of another does to a run.

Training is chaotic, so that a run whose arithmetic rounds otherwise ends elsewhere. A study that is run once more with
weights perturbed by about one unit in the last place shows which of its verdicts depend on that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from replication.nets._layers import Weighted
from replication.tensors.draws import Draws


@contextmanager
def first_weights(size: float) -> Iterator[None]:
    """While it lasts, every weight that is initialised is w (1 + size e) for w, with e ~ N(0, 1) by seed and layer.

    Args:
        size: relative; 0 perturbs nothing. Weights are of single precision, which tells 1 + 1.2e-7 from 1.
    """
    plain = Weighted.initialise

    @torch.no_grad()
    def perturbed(self: Weighted, init: str, name: str, draws: Draws) -> None:
        plain(self, init, name, draws)
        noise = draws.normal(f"{name}/perturbed", 0, self.weight.shape[1:])
        self.weight.mul_(1 + size * noise)

    if size:
        Weighted.initialise = perturbed  # type: ignore[method-assign]
    try:
        yield
    finally:
        Weighted.initialise = plain  # type: ignore[method-assign]
