"""Whether a net, a loss and techniques fit each other and a data set: asked when a run is planned. No torch here.

A technique's or loss's ``NEEDS`` are met by what the run offers: the role of its critic (critic or autoencoder),
the ``OFFERS`` of its net and of its loss, and labels, or their absence (unlabelled).
"""

from __future__ import annotations

from collections.abc import Sequence

from replication.plan import registry
from replication.plan.config import Run

Shape = Sequence[int]


def misfit(run: Run, shape: Shape | None) -> str:
    """Why a run cannot be built, with a remedy; empty where it can.

    Args:
        run: its method asks the net for a role, its loss and techniques for what they need, its data set for a shape.
        shape: of an image (C, H, W) or a point (d,); None for images whose size is not known.
    """
    if not (fault := _fault(run, run.net.net, shape)):
        return ""
    others = [n for n in registry.ids("nets") if not _fault(run, n, shape)]
    nets = _listed([f"`net: {other}`" for other in others])
    return f"{fault}choose another net{': ' if nets else ''}{nets}"


def sides(net: str) -> list[int]:
    """The sides in pixels of the square images that a net takes; empty where it takes any."""
    found: list[int] = registry.metadata("nets", net).get("SIDES", [])
    return found


def offers(run: Run, net: str) -> set[str]:
    """What a net and the loss of a run offer to its techniques."""
    head = registry.metadata("nets", net)
    labels = {"labels"} if run.classes else set()
    alone = set() if head.get("LABELLED", False) else {"unlabelled"}
    loss = registry.metadata(*run.loss_file).get("OFFERS", [])
    return {run.recipe.critic, *head.get("OFFERS", []), *loss} | labels | alone


def _fault(run: Run, net: str, shape: Shape | None) -> str:
    """Why a run cannot be built with a net, up to the remedy that is another net; empty where it can."""
    return (
        _unknown_role(run, net)
        or _refused(run, net, shape)
        or _odd_labels_or_init(run, net)
        or _unmet(run, net)
    )


def _unknown_role(run: Run, net: str) -> str:
    """The net has no such critic."""
    critic = run.recipe.critic
    if critic in _roles(net):
        return ""
    methods = [m for m in registry.ids("methods") if _critic(m) in _roles(net)]
    return (
        f"method {run.method} trains a critic that is an {critic}, and net {run.net_name} has none; "
        f"leave the method out, `methods: [{', '.join(methods)}]`, or "
    )


def _refused(run: Run, net: str, shape: Shape | None) -> str:
    """The net takes other data."""
    takes, side = registry.metadata("nets", net)["TAKES"], sides(net)
    holds = "images" if shape is None or len(shape) == 3 else "points"
    if holds in takes:
        if not side or shape is None or holds == "points":
            return ""
        height, width = shape[1:]
        if height == width and height in side:
            return ""
        holds, takes = f"images of {height}x{width}", [f"{n}x{n}" for n in side]
    return f"{run.dataset} holds {holds}, and net {run.net_name} takes {_listed(takes)}; "


def _odd_labels_or_init(run: Run, net: str) -> str:
    """The net asks for labels that there are not, or is asked for initial weights that it does not know."""
    head = registry.metadata("nets", net)
    if head.get("LABELLED", False) and not run.classes:
        return f"net {run.net_name} is given labels, and {run.dataset} has none; "
    if head.get("PER_SEED", False) and run.recipe.init != "net":
        return (
            f"net {run.net_name} brings its own initial weights, and {run.method} sets `init: {run.recipe.init}`; "
            "leave init out, or "
        )
    return ""


def _unmet(run: Run, net: str) -> str:
    """The loss or a technique needs what is not offered."""
    offered = offers(run, net)
    for kind, name in run.parts:
        for need in registry.metadata(kind, name).get("NEEDS", []):
            if need not in offered:
                return (
                    f"{kind}/{name} needs {need}, which the net {run.net_name} and the loss of {run.method} "
                    f"do not offer here (they offer {', '.join(sorted(offered))}); leave it out, or "
                )
    return ""


def _listed(words: Sequence[str]) -> str:
    """``a, b or c``."""
    return " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _roles(net: str) -> list[str]:
    """What a net can be."""
    roles: list[str] = registry.metadata("nets", net)["ROLES"]
    return roles


def _critic(method: str) -> str:
    """The role that a method's own recipe asks of its critic."""
    return str(registry.metadata("methods", method)["RECIPE"].get("critic", "critic"))
