"""Whether a net, a loss and techniques fit each other and a data set: asked when a run is planned. No torch here.

A technique's or loss's ``NEEDS`` are met by what the run offers: the role of its critic (critic or autoencoder),
the ``OFFERS`` of its net and of its loss, and labels, or their absence (unlabelled).
"""

from __future__ import annotations

from collections.abc import Iterable

from replication import registry
from replication.config import Run


def faults(run: Run) -> Iterable[str]:
    """What does not fit, each as half a line: what it is, and what to do."""
    net, recipe = registry.head("nets", run.net.net), run.recipe
    if run.kind not in net["TAKES"]:
        takes = " or ".join(net["TAKES"])
        yield f"{run.dataset} holds {run.kind}, and net {run.net_name} takes {takes}; choose another net"
    if recipe.critic not in net.get("ROLES", ["critic"]):
        yield (
            f"net {run.net_name} has no {recipe.critic}, with which {run.method} is trained; "
            "choose another net, or name the methods of this arm without it"
        )
    if net.get("LABELLED", False) and not run.classes:
        yield f"net {run.net_name} is given labels, and {run.dataset} has none; choose another of either"
    if net.get("PER_SEED", False) and recipe.init != "net":
        yield f"net {run.net_name} brings its own initial weights; leave out init: {recipe.init}"
    offered = offers(run)
    for kind, name in run.parts:
        for need in registry.head(kind, name).get("NEEDS", []):
            if need not in offered:
                yield (
                    f"{kind}/{name} needs {need}, which the net {run.net_name} and the loss of {run.method} "
                    f"do not offer here (they offer {', '.join(sorted(offered))})"
                )


def offers(run: Run) -> set[str]:
    """What the net and the loss of a run offer to its techniques."""
    net = registry.head("nets", run.net.net)
    labels = {"labels"} if run.classes else set()
    alone = set() if net.get("LABELLED", False) else {"unlabelled"}
    loss = registry.head(*run.loss_file).get("OFFERS", [])
    return {run.recipe.critic, *net.get("OFFERS", []), *loss} | labels | alone
