"""From a method, a variant and a net's name to what a run is trained with. No torch here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from replication.plan import registry
from replication.plan.config import Config, ConfigError, NetAlias, Option, Options, Recipe
from replication.plan.params import said

#: Fields of a recipe that a change reaches by keys of their own.
INNER = {"loss_options", "techniques"}


def recipe(config: Config, method: str, variant: str) -> Recipe:
    """The recipe of a method's file, changed by ``methods.<method>`` and then by the variant, or by those it joins.

    A change sets fields of the recipe; ``loss``, which brings that loss's options at their defaults;
    ``techniques: {name: {option: value}}``, which come, in this order, after those that it does not name, and
    ``{name: false}``, which takes one out; and any option of the loss or of a technique by its own name.

    Raises:
        ConfigError: a changed key that is none of these, a name that no file answers to, or a value of the
            wrong type.
    """
    values = preset(method)
    changes: list[tuple[str, dict[str, Any]]] = [
        (f"methods.{method}", config.methods.get(method, {}))
    ]
    changes += [(f"variants.{n}.change", own.change) for n, own in config.joined(variant).items()]
    for place, change in changes:
        _change(values, f"params.yaml: {place}", change)
    try:
        return Recipe.model_validate(values)
    except ValidationError as error:
        lines = (f"{_place(changes, e)}: {said(e)}" for e in error.errors())
        raise ConfigError("\n".join(lines)) from None


def preset(method: str) -> dict[str, Any]:
    """A method's ``RECIPE`` with every option of its loss and techniques filled in."""
    head = registry.metadata("methods", method)
    values: dict[str, Any] = dict(head["RECIPE"])
    at, loss = f"replication/methods/{method}.py: RECIPE", values.get("loss", "")
    if loss:
        _known(f"{at}.loss", "losses", loss)
    defaults = registry.metadata("losses", loss) if loss else head
    own = values.get("loss_options", {})
    values["loss_options"] = _options(f"{at}.loss_options", defaults.get("OPTIONS", {}), own)
    values["techniques"] = {}
    _add(values["techniques"], f"{at}.techniques", head["RECIPE"].get("techniques", {}))
    return values


def of_length(recipe: Recipe, steps: int) -> Recipe:
    """The recipe of a run of so many generator steps: they stand where options of ``UNTIL_THE_END`` are 0."""
    techniques = {
        name: {
            key: steps if key in _until_the_end(name) and not value else value
            for key, value in options.items()
        }
        for name, options in recipe.techniques.items()
    }
    return recipe.model_copy(update={"techniques": techniques})


def _until_the_end(technique: str) -> list[str]:
    named: list[str] = registry.metadata("techniques", technique).get("UNTIL_THE_END", [])
    return named


def net(config: Config, name: str) -> NetAlias:
    """The net that a name stands for: an alias of params.yaml or a file, with all its settings filled in."""
    alias = config.nets.get(name, NetAlias(net=name))
    settings = dict(registry.metadata("nets", alias.net)["SETTINGS"])
    for key, value in alias.settings.items():
        if key not in settings:
            hint = registry.nearest(key, settings)
            raise ConfigError(f"params.yaml: nets.{name}.settings.{key}: unknown setting{hint}")
        settings[key] = value
    return NetAlias(net=alias.net, settings=settings)


def _change(values: dict[str, Any], place: str, change: dict[str, Any]) -> None:
    """Apply a change to a recipe; first what brings options of its own, then the options."""
    if "loss" in change:
        _known(f"{place}.loss", "losses", change["loss"])
        values["loss"] = change["loss"]
        defaults = registry.metadata("losses", change["loss"])
        values["loss_options"] = dict(defaults.get("OPTIONS", {}))
    _add(values["techniques"], f"{place}.techniques", change.get("techniques", {}))
    for key, value in change.items():
        if key not in ("loss", "techniques"):
            _set(values, f"{place}.{key}", key, value)


def _add(techniques: dict[str, Options], place: str, named: Any) -> None:
    """Put the named techniques last, in their order; those that are false are taken out."""
    if not isinstance(named, dict):
        raise ConfigError(f"{place}: expected names with options, found {named!r}")
    for name, options in named.items():
        _known(f"{place}.{name}", "techniques", name)
        held = techniques.pop(name, None) or registry.metadata("techniques", name).get(
            "OPTIONS", {}
        )
        if options is not False:
            techniques[name] = _options(f"{place}.{name}", held, options)


def _options(place: str, held: Options, change: Options) -> Options:
    """Options with some of them changed."""
    options = dict(held)
    for key, value in change.items():
        if key not in options:
            raise ConfigError(f"{place}.{key}: unknown option{registry.nearest(key, options)}")
        options[key] = _checked(f"{place}.{key}", options[key], value)
    return options


def _set(values: dict[str, Any], place: str, key: str, value: Any) -> None:
    """A field of the recipe, or the one option of this name."""
    fields = set(Recipe.model_fields) - INNER
    holders = [own for own in _holders(values) if key in own]
    if len(holders) > 1:
        named = ", ".join(name for name, own in values["techniques"].items() if key in own)
        raise ConfigError(
            f"{place}: an option of several ({named}); write techniques: {{name: {{{key}: …}}}}"
        )
    if holders:
        holders[0][key] = _checked(place, holders[0][key], value)
    elif key in fields:
        values[key] = value
    else:
        valid = [*(name for own in _holders(values) for name in own), *fields, "techniques"]
        raise ConfigError(f"{place}: unknown key{registry.nearest(key, valid)}")


def _holders(values: dict[str, Any]) -> Iterator[Options]:
    yield values["loss_options"]
    yield from values["techniques"].values()


def _known(place: str, kind: str, name: Any) -> None:
    if name not in registry.ids(kind):
        hint = registry.nearest(str(name), registry.ids(kind))
        raise ConfigError(f"{place}: unknown name {name!r}{hint}")


def _place(changes: Iterable[tuple[str, dict[str, Any]]], error: Any) -> str:
    """Where the offending recipe value was set."""
    key = str(error["loc"][0])
    return next(
        (f"params.yaml: {place}.{key}" for place, change in changes if key in change),
        f"RECIPE.{key}",
    )


def _checked(place: str, default: Option, value: Any) -> Option:
    """The value, if it is of the default's type."""
    if not _same_type(default, value):
        kind = type(default).__name__ + (f" of {len(default)}" if isinstance(default, list) else "")
        raise ConfigError(f"{place}: expected {kind}, found {value!r}")
    checked: Option = value
    return checked


def _same_type(default: Option, value: Any) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float)
    if isinstance(default, list):
        return isinstance(value, list) and len(value) == len(default)
    return isinstance(value, type(default))
