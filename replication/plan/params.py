"""Reads params.yaml, checks it, and says in one line what is wrong with it. No torch here, as in `config`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from replication.plan import registry
from replication.plan.config import (
    Arms,
    Config,
    ConfigError,
    Evaluation,
    Experiments,
    Frozen,
    NetAlias,
    OwnData,
    Profile,
    Variant,
)

#: Set by the Snakefile for its jobs, so that they see what ``--config`` changed; params.yaml otherwise.
ENVIRONMENT = "REPLICATION_CONFIG"

#: At the end of a metric's id: the held-out images themselves were scored.
HELDOUT = "_heldout"

#: Values of a configuration; params.yaml itself has some hundreds.
LARGEST = 200_000
#: Characters of a wrong value that a message shows.
LINE = 300


def read(path: Path) -> dict[str, Any]:
    """The keys and values of a YAML file, not yet checked; raises `ConfigError`."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: no such file; run from the folder that holds params.yaml"
        ) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        encoding = "UTF-16" if error.object[:2] in (b"\xff\xfe", b"\xfe\xff") else "WINDOWS-1252"
        convert = f"iconv -f {encoding} -t UTF-8 {path} > converted && mv converted {path}"
        raise ConfigError(f"{path}: line {line} is not UTF-8; convert it: {convert}") from None
    # Beside its own errors: dates of no calendar, numbers of thousands of digits, brackets without end.
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(raw, dict):
        raise ConfigError(f"{path}: expected keys and values, found {type(raw).__name__}")
    return raw


def load(source: Path | dict[str, Any] | None = None) -> Config:
    """Read and check a configuration.

    Args:
        source: a YAML file, an already parsed mapping, or None: the `ENVIRONMENT` variable where set,
            else ``params.yaml`` in the working folder.

    Raises:
        ConfigError: a file that is missing or not YAML; an unknown key or name, or a value of the wrong
            type, each with its path and the nearest valid name.
    """
    if source is None:
        source = (
            json.loads(os.environ[ENVIRONMENT])
            if ENVIRONMENT in os.environ
            else Path("params.yaml")
        )
    raw = read(source) if isinstance(source, Path) else source
    _count(raw)
    try:
        config = Config.model_validate(raw)
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(e, raw) for e in error.errors())) from None
    if faults := [*_unknown_names(config), *_clashes(config)]:
        raise ConfigError("\n".join(faults))
    return config


def _count(raw: Any) -> None:
    """Refuse a configuration that aliases within aliases blow up, or that holds itself, before it is written out."""
    pending, count = [raw], 0
    while pending:
        value, count = pending.pop(), count + 1
        if count > LARGEST:
            raise ConfigError(
                f"params.yaml: more than {LARGEST:,} values, with its aliases (*) written out; use fewer"
            )
        if isinstance(value, dict):
            pending += value.values()
        elif isinstance(value, list | tuple):
            pending += value


def _unknown_names(config: Config) -> Iterable[str]:
    """Names that nothing answers to, each as one line."""

    def check(place: str, name: str, valid: Iterable[str]) -> Iterable[str]:
        if name not in (valid := tuple(valid)):
            yield f"params.yaml: {place}: unknown name {name!r}{registry.nearest(name, valid)}"

    yield from check("profile", config.profile, config.profiles)
    for method in config.methods:
        yield from check("methods", method, registry.ids("methods"))
    for name, alias in config.nets.items():
        yield from check(f"nets.{name}.net", alias.net, registry.ids("nets"))
    for profile, budget in config.profiles.items():
        place = f"profiles.{profile}.evaluation.extractor"
        yield from check(place, budget.evaluation.extractor, registry.ids("features"))
        for i, arms in enumerate(budget.arms):
            place = f"profiles.{profile}.arms.{i}"
            yield from check(f"{place}.dataset", arms.dataset, config.datasets)
            if not config.nets_of(arms):
                yield from check(f"{place}.net", arms.net, (*registry.ids("nets"), *config.nets))
            for variant in arms.variants:
                for name in variant.split("+"):
                    alone = ("paper",) if name == variant else ()
                    yield from check(f"{place}.variants", name, (*alone, *config.variants))
            for method in () if arms.methods == "all" else arms.methods:
                yield from check(f"{place}.methods", method, registry.ids("methods"))


def _clashes(config: Config) -> Iterable[str]:
    """Names that already mean something, and names whose files some systems take for one: each as one line."""
    given: tuple[tuple[str, Iterable[str], dict[str, str]], ...] = (
        ("own_data", config.own_data, dict.fromkeys(registry.ids("data"), "a built-in data set")),
        ("nets", config.nets, dict.fromkeys(registry.ids("nets"), "a built-in net")),
        ("variants", config.variants, {"paper": "the unchanged recipe"}),
    )
    for place, names, reserved in given:
        taken = {name.casefold(): f"{owner} has this name" for name, owner in reserved.items()}
        for name in names:
            if fault := taken.get(name.casefold()):
                yield f"params.yaml: {place}.{name}: {fault}; choose another"
            taken[name.casefold()] = (
                f"its files and those of {name!r} coincide where case does not count"
            )
    for name in config.own_data:
        if name.casefold().endswith(HELDOUT):
            yield f"params.yaml: own_data.{name}: {HELDOUT} at the end marks scores of held-out images; choose another"


def _explain(error: Any, raw: dict[str, Any]) -> str:
    """One pydantic fault as one line: the key's path, what is wrong, and the nearest valid name."""
    place = ".".join(part if (part := str(p)).isprintable() else repr(part) for p in error["loc"])
    if error["type"] == "extra_forbidden":
        hint = registry.nearest(str(error["loc"][-1]), _fields(error["loc"][:-1]))
        return f"params.yaml: {place}: unknown key{hint}"
    return f"params.yaml: {place}: {said(error)}"


def said(error: Any) -> str:
    """What pydantic found wrong with a value, and the value."""
    found = "" if error["type"] == "missing" else f", found {_short(repr(error['input']))}"
    message = str(error["msg"])
    return message[0].lower() + message[1:] + found


def _short(text: str) -> str:
    """A text of a line's length."""
    return text if len(text) <= LINE else f"{text[:LINE]} …"


def _fields(place: tuple[Any, ...]) -> Iterable[str]:
    """The valid keys at a place of params.yaml."""
    at: dict[str, type[Frozen]] = {
        "profiles": Profile, "variants": Variant, "nets": NetAlias, "own_data": OwnData
    }  # fmt: skip
    if not place:
        return Config.model_fields
    if "arms" in place:
        return Arms.model_fields
    if "evaluation" in place:
        return Evaluation.model_fields
    if "experiments" in place:
        return Experiments.model_fields
    return at[str(place[0])].model_fields
