"""The pulling-away term: generated samples whose codes point elsewhere (Zhao et al. 2017, section 2.4)."""

from __future__ import annotations

import torch
from torch import Tensor

from replication.techniques import _base
from replication.techniques._base import Judged, Players
from replication.techniques._batch import Batch

LABEL = "Pulling-away term"
OPTIONS = {"pulling_away": 0.1}
NEEDS = ["features"]


class Technique(_base.Technique):
    """L_G + w PT on the critic's features, which are an autoencoder's codes; the generator's loss only.

    Args:
        pulling_away: w.
    """

    wants_features = True

    def __init__(self, pulling_away: float) -> None:
        self.weight = pulling_away

    def generator_loss(self, loss: Tensor, players: Players, batch: Batch, fake: Judged) -> Tensor:
        """Eq. 2 plus the weighted term."""
        assert fake.features is not None
        return loss + self.weight * pulling_away(fake.features)


def pulling_away(codes: Tensor) -> Tensor:
    """PT = mean over pairs i != j of the squared cosine between codes (Eq. 4).

    The Gram matrix of the unit codes never needs its N^2 entries: the sum of their squares is the squared
    Frobenius norm of the [features, features] matrix U^T U where that is the smaller one.

    Args:
        codes: features [seeds, batch, n].

    Returns:
        [seeds], each in [0, 1].
    """
    unit = torch.nn.functional.normalize(codes, dim=2)
    n, features = unit.shape[1:]
    gram = unit.transpose(1, 2) @ unit if features < n else unit @ unit.transpose(1, 2)
    diagonal = unit.square().sum(2).square().sum(1)
    return (gram.square().sum((1, 2)) - diagonal) / (n * (n - 1))
