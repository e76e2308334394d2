"""Spectral normalisation: every layer of the critic has spectral norm 1 (Miyato et al. 2018, section 2.1)."""

from __future__ import annotations

from torch import nn

from replication.nets._spectral import spectrally_normalise
from replication.techniques import _base
from replication.tensors.draws import Draws

LABEL = "Spectral normalisation"
OPTIONS = {"power_iterations": 1, "held": False}


class Technique(_base.Technique):
    """W / sigma(W) in place of every weight W of the critic.

    Args:
        power_iterations: per critic pass.
        held: take sigma for a constant in the backward pass, as Korotin et al. 2022 do in their code.
    """

    def __init__(self, power_iterations: int = 1, held: bool = False) -> None:
        self.power_iterations, self.held = power_iterations, held

    def wrap_critic(self, critic: nn.Module, draws: Draws) -> nn.Module:
        """Divide every layer's weight by its largest singular value."""
        spectrally_normalise(critic, self.power_iterations, self.held)
        return critic
