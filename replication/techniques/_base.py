"""What a run asks of a technique: ``OPTIONS`` at the head of its file, and a class `Technique`."""

from __future__ import annotations

from torch import nn

from replication import registry
from replication.config import Recipe
from replication.draws import Draws


class Technique:
    """No add-on; hooks that a technique does not need keep these defaults."""

    def critic_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of what the critic's net is given, for images (C, H, W) or points (d,)."""
        return shape

    def dress(self, critic: nn.Module, draws: Draws) -> nn.Module:
        """The critic with the add-on, its new weights initialised; called before the method's `wrap`."""
        return critic


def build(recipe: Recipe) -> Technique:
    """The technique of a resolved recipe."""
    if recipe.technique == "none":
        return Technique()
    module = registry.load("techniques", recipe.technique)
    technique: Technique = module.Technique(**recipe.technique_options)
    return technique
