"""Minibatch discrimination: the critic sees how close a sample is to the others of its batch (Salimans et al. 2016)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from replication.nets import _layers as layers
from replication.nets._critic import Around
from replication.techniques import _base
from replication.tensors.draws import Draws

LABEL = "Minibatch discrimination"
OPTIONS = {"kernels": 16, "dimension": 5}
NEEDS = ["critic", "features"]


class Technique(_base.Technique):
    """o_b(x_i) = sum over j != i of exp(-|M_ib - M_jb|_1) enters the last layer beside the features (section 3.2).

    Args:
        kernels: B, the number of similarities (authors' code: 100).
        dimension: C, the size of each row M_ib (authors' code: 5).
    """

    def __init__(self, kernels: int, dimension: int) -> None:
        self.kernels, self.dimension = kernels, dimension

    def wrap_critic(self, critic: nn.Module, draws: Draws) -> nn.Module:
        """Let the score see the similarities too."""
        return Similarities(critic, self.kernels, self.dimension, draws)


class Similarities(Around):
    """A critic whose score also has a dense layer on the similarities of a batch.

    Its last layer and that one, added up, are one layer on features and similarities side by side, as the paper has it.
    """

    mixes_batch = True

    def __init__(self, critic: nn.Module, kernels: int, dimension: int, draws: Draws) -> None:
        super().__init__(critic)
        seeds, self.block = len(draws.seeds), (kernels, dimension)
        self.rows = layers.Linear(seeds, self.width, kernels * dimension)
        self.similar = layers.Linear(seeds, kernels, 1)
        for name, layer in (("rows", self.rows), ("similar", self.similar)):
            layer.initialise("fan_in", f"init/minibatch/{name}", draws)

    def score(self, features: Tensor, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """Scores [seeds, batch] of features [seeds, batch, n]."""
        rows = self.rows(features).unflatten(2, self.block)
        own = super().score(features, images, labels)
        return own + self.similar(similarities(rows)).squeeze(2)


def similarities(rows: Tensor) -> Tensor:
    """o [seeds, batch, B] of rows M [seeds, batch, B, C]; a sample is not compared with itself."""
    # Coordinate by coordinate: no tensor of all pairs and all coordinates is ever made.
    coordinates = rows.permute(3, 0, 2, 1)
    distance = sum((m[..., :, None] - m[..., None, :]).abs() for m in coordinates)
    with_itself = torch.exp(-torch.as_tensor(distance)).sum(3)
    return (with_itself - 1).transpose(1, 2)
