"""From a method, a variant and a net's name to what a run is trained with. No torch here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from replication import registry
from replication.config import Config, ConfigError, NetAlias, Option, Recipe
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
