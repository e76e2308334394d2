"""From a method, a variant and a net's name to what a run is trained with. No torch here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import ValidationError

from replication import registry
from replication.config import Config, ConfigError, NetAlias, Option, Recipe, Run
from replication.params import said


def recipe(config: Config, method: str, variant: str) -> Recipe:
    """The recipe of a method's file, changed by ``methods.<method>`` and then by the variant.

    Raises:
        ConfigError: a changed key that is neither a recipe field nor one of the method's options, or a
            value of the wrong type.
    """
    head = registry.head("methods", method)
    values = head["RECIPE"] | {"options": dict(head["RECIPE"].get("options", {}))}
    choices: dict[str, list[str]] = head.get("CHOICES", {})
    changes = [(f"methods.{method}", config.methods.get(method, {}))]
    if variant != "paper":
        changes.append((f"variants.{variant}.change", config.variants[variant].change))
    for place, change in changes:
        if "technique" in change:
            values["technique_options"] = _technique(place, change["technique"])
        for key, value in change.items():
            _apply(values, f"{place}.{key}", key, value)
            if key in choices and value not in choices[key]:
                hint = registry.nearest(str(value), choices[key])
                raise ConfigError(f"params.yaml: {place}.{key}: unknown choice {value!r}{hint}")
    try:
        return Recipe.model_validate(values)
    except ValidationError as error:
        lines = (f"{_place(changes, e)}: {said(e)}" for e in error.errors())
        raise ConfigError("\n".join(lines)) from None


def net(config: Config, name: str) -> NetAlias:
    """The net that a name stands for: an alias of params.yaml or a file, with all its settings filled in."""
    alias = config.nets.get(name, NetAlias(net=name))
    settings = dict(registry.head("nets", alias.net)["SETTINGS"])
    for key, value in alias.settings.items():
        if key not in settings:
            hint = registry.nearest(key, settings)
            raise ConfigError(f"params.yaml: nets.{name}.settings.{key}: unknown setting{hint}")
        settings[key] = value
    return NetAlias(net=alias.net, settings=settings)


def misfit(run: Run, shape: Sequence[int] | None) -> str:
    """Why a run's net cannot be built, with a remedy; empty where it can.

    Args:
        run: its method asks the net for a role, its data set for a shape.
        shape: of an image (C, H, W) or a point (d,); None for images whose size is not known.
    """
    net, critic = run.net.net, run.recipe.critic
    others = [n for n in registry.ids("nets") if critic in _roles(n) and not _refusal(n, shape)]
    choose = f"choose another net{': ' if others else ''}{listed([f'`net: {other}`' for other in others])}"
    if critic not in _roles(net):
        methods = [m for m in registry.ids("methods") if _critic(m) in _roles(net)]
        return (
            f"method {run.method} trains a critic that is an {critic}, and net {run.net_name} has none; "
            f"leave the method out, `methods: [{', '.join(methods)}]`, or {choose}"
        )
    if refusal := _refusal(net, shape):
        holds, takes = refusal
        return f"{run.dataset} holds {holds}, and net {run.net_name} takes {takes}; {choose}"
    return ""


def _refusal(net: str, shape: Sequence[int] | None) -> tuple[str, str] | None:
    """What data of a shape are, and what a net takes instead; None where it takes them."""
    takes = registry.head("nets", net)["TAKES"]
    kind = "images" if shape is None or len(shape) == 3 else "points"
    if kind not in takes:
        return kind, listed(takes)
    if not sides(net) or shape is None or kind == "points":
        return None
    height, width = shape[1:]
    if height == width and height in sides(net):
        return None
    return f"images of {height}x{width}", listed([f"{side}x{side}" for side in sides(net)])


def sides(net: str) -> list[int]:
    """The sides in pixels of the square images that a net takes; empty where it takes any."""
    found: list[int] = registry.head("nets", net).get("SIDES", [])
    return found


def listed(words: Sequence[str]) -> str:
    """``a, b or c``."""
    return " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _roles(net: str) -> list[str]:
    """What a net can be."""
    roles: list[str] = registry.head("nets", net)["ROLES"]
    return roles


def _critic(method: str) -> str:
    """The role that a method's own recipe asks of its critic."""
    return str(registry.head("methods", method)["RECIPE"].get("critic", "critic"))


def _technique(place: str, name: Option) -> dict[str, Any]:
    """The options of a technique at their defaults."""
    if name not in (valid := ("none", *registry.ids("techniques"))):
        hint = registry.nearest(str(name), valid)
        raise ConfigError(f"params.yaml: {place}.technique: unknown name {name!r}{hint}")
    return {} if name == "none" else dict(registry.head("techniques", str(name))["OPTIONS"])


def _place(changes: Iterable[tuple[str, dict[str, Any]]], error: Any) -> str:
    """Where the offending recipe value was set."""
    key = str(error["loc"][0])
    return next(
        (f"params.yaml: {place}.{key}" for place, change in changes if key in change),
        f"RECIPE.{key}",
    )


def _apply(recipe: dict[str, Any], place: str, key: str, value: Option) -> None:
    extra = recipe.get("technique_options", {})
    options = extra if key in extra else recipe["options"]
    if key in options:
        if not _same_type(options[key], value):
            default = options[key]
            kind = type(default).__name__ + (
                f" of {len(default)}" if isinstance(default, list) else ""
            )
            raise ConfigError(f"params.yaml: {place}: expected {kind}, found {value!r}")
        options[key] = value
    elif key in (fields := set(Recipe.model_fields) - {"options", "technique_options"}):
        recipe[key] = value
    else:
        valid = [*options, *extra, *fields]
        raise ConfigError(f"params.yaml: {place}: unknown key{registry.nearest(key, valid)}")


def _same_type(default: Option, value: Option) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float)
    if isinstance(default, list):
        return isinstance(value, list) and len(value) == len(default)
    return isinstance(value, type(default))
