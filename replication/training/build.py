"""From a run to its pair of nets, before any technique."""

from __future__ import annotations

from functools import partial

from torch import nn

from replication.nets._layers import initialise
from replication.nets._per_seed import per_seed
from replication.plan import fits, registry
from replication.plan.config import ConfigError, Run
from replication.tensors.draws import Draws

Shape = tuple[int, ...]


def build_generator(run: Run, shape: Shape) -> nn.Module:
    """The generator of a run for images (C, H, W) or points (d,), initialised from the run's seeds.

    Raises:
        ConfigError: the run's net does not fit its method or data of this shape.
    """
    if fault := fits.misfit(run, shape):
        raise ConfigError(fault)
    return _initialised(run, make(run, shape, "generator"), "generator")


def build_critic(run: Run, shape: Shape) -> nn.Module:
    """Likewise the critic."""
    return _initialised(run, make(run, shape, run.recipe.critic), run.recipe.critic)


def make(run: Run, shape: Shape, role: str) -> nn.Module:
    """A net before its initial weights, which nets of plain torch modules bring with them.

    Its file's function `role` is one of (seeds, shape, settings, norm), or without seeds where it is ``PER_SEED``.
    """
    head, recipe = registry.metadata("nets", run.net.net), run.recipe
    settings = dict(run.net.settings)
    if labelled := head.get("LABELLED", False):
        settings["classes"] = run.classes
    side = "generator" if role == "generator" else "critic"
    norm = getattr(recipe, f"{side}_norm")
    norm = settings.get(f"{side}_norm", "none") if norm == "net" else norm
    function = getattr(registry.load("nets", run.net.net), role)
    if head.get("PER_SEED", False):
        return per_seed(partial(function, shape, settings, norm), Draws(run.seeds), role, labelled)
    net: nn.Module = function(len(run.seeds), shape, settings, norm)
    return net


def _initialised(run: Run, net: nn.Module, role: str) -> nn.Module:
    init = run.recipe.init
    if init == "net":
        init = registry.metadata("nets", run.net.net).get("INIT", "fan_in")
    initialise(net, init, role, Draws(run.seeds))
    return net
