"""Method = loss x ordered techniques."""

from __future__ import annotations

from replication.losses import _base as losses
from replication.losses._base import Loss
from replication.plan.config import Run
from replication.techniques import _base as techniques
from replication.techniques._base import Technique, Together


class Method:
    """What critic and generator are trained with.

    Args:
        loss: what both minimise.
        techniques: what is put around it, in order. They may carry state, so every game has its own.
    """

    def __init__(self, loss: Loss, *techniques: Technique) -> None:
        self.loss, self.technique = loss, Together(techniques)


def build(run: Run) -> Method:
    """The method of a run, with the options of its resolved recipe."""
    return Method(losses.build(run), *techniques.build(run.recipe))
