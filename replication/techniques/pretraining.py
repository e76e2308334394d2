"""Critic steps on real images alone before the game starts: an autoencoder learns the data first."""

from __future__ import annotations

from collections.abc import Callable

from replication.techniques import _base
from replication.techniques._base import Players
from replication.techniques._batch import Batch

LABEL = "Pre-training"
OPTIONS = {"pretrain": 100}
NEEDS = ["autoencoder"]


class Technique(_base.Technique):
    """The energy of real images is lowered before any generated one is seen (a lecturer's advice for EBGAN).

    Args:
        pretrain: critic steps.
    """

    def __init__(self, pretrain: int) -> None:
        self.steps = pretrain

    def before_training(self, players: Players, batches: Callable[[int], Batch]) -> None:
        """The first batches of the critic, which the game sees again."""
        for i in range(self.steps):
            players.pretrain_step(batches(i))
