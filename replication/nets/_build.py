"""From a run to its pair of nets."""

from __future__ import annotations

from torch import nn

from replication import registry, resolve
from replication.config import ConfigError, Run
from replication.draws import Draws
from replication.methods._base import Method
from replication.nets._layers import initialise
from replication.techniques import _base as techniques

Shape = tuple[int, ...]


def build_generator(run: Run, shape: Shape) -> nn.Module:
    """The generator of a run for images (C, H, W) or points (d,), initialised from the run's seeds.

    Raises:
        ConfigError: the run's net does not take data of this shape.
    """
    if fault := resolve.misfit(run, shape):
        raise ConfigError(fault)
    return _build(run, shape, "generator", run.recipe.generator_norm)


def build_critic(run: Run, shape: Shape, method: Method) -> nn.Module:
    """The critic of a run, initialised, dressed by its technique and wrapped by its method."""
    technique, draws = techniques.build(run.recipe), Draws(run.seeds)
    shape = technique.critic_shape(shape)
    critic = _build(run, shape, run.recipe.critic, run.recipe.critic_norm)
    critic = technique.dress(critic, draws)
    method.wrap(critic)
    return critic


def _build(run: Run, shape: Shape, role: str, norm: str) -> nn.Module:
    module = registry.load("nets", run.net.net)
    settings = run.net.settings
    habit = settings["generator_norm" if role == "generator" else "critic_norm"]
    net: nn.Module = getattr(module, role)(
        len(run.seeds), shape, settings, habit if norm == "net" else norm
    )
    init = module.INIT if run.recipe.init == "net" else run.recipe.init
    initialise(net, init, role, Draws(run.seeds))
    return net
