"""From a run to its pair of nets, before any technique."""

from __future__ import annotations

from functools import partial

from torch import nn

from replication import registry
from replication.config import Run
from replication.draws import Draws
from replication.nets._layers import initialise
from replication.nets._per_seed import per_seed

Shape = tuple[int, ...]


def build_generator(run: Run, shape: Shape) -> nn.Module:
    """The generator of a run for images (C, H, W) or points (d,), initialised from the run's seeds."""
    return _build(run, shape, "generator", run.recipe.generator_norm)


def build_critic(run: Run, shape: Shape) -> nn.Module:
    """Likewise the critic."""
    return _build(run, shape, run.recipe.critic, run.recipe.critic_norm)


def _build(run: Run, shape: Shape, role: str, norm: str) -> nn.Module:
    """A net's function `role`: of (seeds, shape, settings, norm), or without seeds where its file is ``PER_SEED``."""
    module, draws = registry.load("nets", run.net.net), Draws(run.seeds)
    settings = dict(run.net.settings)
    if labelled := getattr(module, "LABELLED", False):
        settings["classes"] = run.classes
    if norm == "net":
        norm = str(settings.get(f"{'generator' if role == 'generator' else 'critic'}_norm", "none"))
    make = getattr(module, role)
    if getattr(module, "PER_SEED", False):
        return per_seed(partial(make, shape, settings, norm), draws, role, labelled)
    net: nn.Module = make(len(run.seeds), shape, settings, norm)
    init = module.INIT if run.recipe.init == "net" else run.recipe.init
    initialise(net, init, role, draws)
    return net
