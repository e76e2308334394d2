"""Orthonormal regularisation: |W^T W - I|^2 of every layer costs (Brock et al. 2017; Miyato et al. 2018, section 4)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from replication.techniques import _base
from replication.techniques._base import Critic
from replication.techniques._batch import Batch
from replication.techniques._weights import matrices
from replication.tensors.draws import Draws

LABEL = "Orthonormal regularisation"
OPTIONS = {"orthonormal": 1.0}


class Technique(_base.Technique):
    """w times the sum over the critic's layers of the squared Frobenius norm |W^T W - I|^2.

    It asks every singular value to be 1, where spectral normalisation asks that of the largest alone.

    Args:
        orthonormal: w (no value is printed for the comparison of Miyato et al. 2018).
    """

    def __init__(self, orthonormal: float) -> None:
        self.weight = orthonormal

    def wrap_critic(self, critic: nn.Module, draws: Draws) -> nn.Module:
        """Remember which layers."""
        self.critic = critic
        return critic

    def penalty(self, critic: Critic, batch: Batch, fake: Tensor) -> Tensor:
        """All layers' terms."""
        terms = [orthonormality(matrix) for matrix in matrices(self.critic)]
        return self.weight * torch.stack(terms).sum(0)


def orthonormality(matrix: Tensor) -> Tensor:
    """|W W^T - I|^2 or |W^T W - I|^2, whichever is the smaller matrix, of [seeds, rows, columns]: [seeds].

    The two differ by the difference of rows and columns, a constant, so their gradients are equal.
    """
    rows, columns = matrix.shape[1:]
    wide = matrix if rows <= columns else matrix.transpose(1, 2)
    excess = wide @ wide.transpose(1, 2) - torch.eye(min(rows, columns)).to(wide)
    return excess.square().sum((1, 2))
