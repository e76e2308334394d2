"""Minibatch discrimination: the critic sees how close a sample is to the others of its batch (Salimans et al. 2016)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from replication.draws import Draws
from replication.nets import _layers as layers
from replication.techniques import _base

LABEL = "Minibatch discrimination"
OPTIONS = {"kernels": 16, "dimension": 5}


class Technique(_base.Technique):
    """o_b(x_i) = sum over j != i of exp(-|M_ib - M_jb|_1) enters the last layer beside the features (section 3.2).

    Args:
        kernels: B, the number of similarities (authors' code: 100).
        dimension: C, the size of each row M_ib (authors' code: 5).
    """

    def __init__(self, kernels: int, dimension: int) -> None:
        self.kernels, self.dimension = kernels, dimension

    def dress(self, critic: nn.Module, draws: Draws) -> nn.Module:
        """Let the last layer, the one with a single output, see the similarities too."""
        name, head = [(n, m) for n, m in critic.named_modules() if isinstance(m, layers.Linear)][-1]
        parent, _, child = name.rpartition(".")
        setattr(
            critic.get_submodule(parent), child, Head(head, self.kernels, self.dimension, draws)
        )
        return critic


class Head(nn.Module):
    """A last layer on features [seeds, batch, n], and another on the batch's similarities, added up.

    That is the last layer on both side by side, as the paper has it.
    """

    mixes_batch = True

    def __init__(self, head: layers.Linear, kernels: int, dimension: int, draws: Draws) -> None:
        super().__init__()
        seeds, features, _ = head.weight.shape
        self.head, self.block = head, (kernels, dimension)
        self.rows = layers.Linear(seeds, features, kernels * dimension)
        self.similar = layers.Linear(seeds, kernels, 1)
        for name, layer in (("rows", self.rows), ("similar", self.similar)):
            layer.initialise("fan_in", f"init/minibatch/{name}", draws)

    def forward(self, features: Tensor) -> Tensor:
        """Scores [seeds, batch, 1]."""
        rows = self.rows(features).unflatten(2, self.block)
        scores: Tensor = self.head(features) + self.similar(similarities(rows))
        return scores


def similarities(rows: Tensor) -> Tensor:
    """o [seeds, batch, B] of rows M [seeds, batch, B, C]; a sample is not compared with itself."""
    # Coordinate by coordinate: no tensor of all pairs and all coordinates is ever made.
    coordinates = rows.permute(3, 0, 2, 1)
    distance = sum((m[..., :, None] - m[..., None, :]).abs() for m in coordinates)
    with_itself = torch.exp(-torch.as_tensor(distance)).sum(3)
    return (with_itself - 1).transpose(1, 2)
