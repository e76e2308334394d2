"""Weight normalisation with its scale fixed to 1 (Salimans and Kingma 2016; Miyato et al. 2018, section 3)."""

from __future__ import annotations

from torch import nn

from replication.nets._weight_norm import weight_normalise
from replication.techniques import _base
from replication.tensors.draws import Draws

LABEL = "Weight normalisation"


class Technique(_base.Technique):
    """w / |w| in place of the weights w of every unit of the critic."""

    def wrap_critic(self, critic: nn.Module, draws: Draws) -> nn.Module:
        """Divide the weights of every unit by their norm."""
        weight_normalise(critic)
        return critic
