"""Feature matching: the generator matches the mean of the critic's features (Salimans et al. 2016, section 3.1)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from replication.techniques import _base
from replication.techniques._base import Judged, Players
from replication.techniques._batch import Batch

LABEL = "Feature matching"
NEEDS = ["features"]


class Technique(_base.Technique):
    """|E f(x) - E f(G(z))|^2 in place of the generator's loss, f the critic's last hidden layer.

    The authors' code divides by the number of features, which Adam does not notice, and takes absolute differences
    on CIFAR-10.
    """

    wants_features = True

    def generator_loss(self, loss: Tensor, players: Players, batch: Batch, fake: Judged) -> Tensor:
        """Real images are shown as the critic sees them, with what other techniques do to its inputs."""
        assert fake.features is not None
        game: Any = players
        with torch.no_grad():
            images = game.method.technique.inputs(batch.real, batch.noise.of("real"))
            real = game.critic.features(images, batch.labels)
        return mean_distance(real, fake.features)


def mean_distance(real: Tensor, fake: Tensor) -> Tensor:
    """Squared distance of the means of features [seeds, batch, n]: [seeds]."""
    return (real.mean(1) - fake.mean(1)).square().sum(1)
