"""What a piece of code does, as a short string: equal for files that differ in words, looks or places only.

A job of the workflow carries the fingerprint of the code that decides its outcome, so an edit of a loss
re-makes that method's runs; an edit of a comment, a docstring, an error's text or a colour re-makes none, nor does a
module's move to another folder.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

from replication.jobs import files
from replication.plan import paths
from replication.plan.registry import PACKAGE

#: What was worked out of the texts of modules, so that a start parses only those that changed.
KNOWN = paths.KNOWN / "code.json"

#: Floors that decide names and places, not outcomes: what they resolve reaches a job by other ways.
PLUMBING = ("plan/", "jobs/")

#: Constants at the head of a component that say how it is shown, or that reach its jobs resolved.
METADATA = frozenset(
    {
        "CHOICES",
        "LABEL",
        "COLOUR",
        "COUNT",
        "ESTIMATE",
        "LEAST",
        "MOST",
        "OFFERS",
        "OPTIONS",
        "PROTOCOL",
        "RECIPE",
        "ROLES",
        "SETTINGS",
        "SIDES",
        "SOURCE",
        "TAKES",
        "UNIT",
    }
)


class Imported(NamedTuple):
    """A name that an import from this package binds: ``alias`` stands for `name` of `module`, or for the module."""

    module: str
    name: str
    alias: str


def fingerprint(*modules: str) -> str:
    """Sixteen hex digits for the code of modules and of all that they import from this package.

    Components that a module loads by name are not seen here: name them too.

    Args:
        modules: paths in the package without suffix, such as ``training/loop``.
    """
    parts = sorted(map(_linked, closure(*modules)))
    return _digest("\n".join(parts))[:16]


def closure(*modules: str) -> set[str]:
    """The modules, those that they import, those that these import, and so on, without `PLUMBING`."""
    found: set[str] = set()
    pending = list(modules)
    while pending:
        if (module := pending.pop()) not in found:
            found.add(module)
            pending += imports(module)
    return found


@cache
def imports(module: str) -> frozenset[str]:
    """The modules of this package that a module imports itself, anywhere in its text, without `PLUMBING`."""
    found = {i.module for i in _bound(_text(module))}
    return frozenset(path for path in found if not path.startswith(PLUMBING))


@cache
def _linked(module: str) -> str:
    """The digest of a module, in which a name from this package says which code it stands for, wherever that lies."""
    names = {
        i.alias: f"{i.name}_{'' if i.module.startswith(PLUMBING) else _stripped(_text(i.module), ())}"
        for i in _bound(_text(module))
    }
    return _stripped(_text(module), tuple(names.items()))


# What follows is kept by a file's text: planning again after an edit parses little but what was edited.
@cache
def _bound(text: str) -> tuple[Imported, ...]:
    """All that a module imports from this package, anywhere in its text."""

    def found() -> list[Imported]:
        return [i for node in ast.walk(ast.parse(text)) for i in _imported(node)]

    return tuple(Imported(*i) for i in _worked_out(found, "imports", text))


@cache
def _stripped(text: str, names: tuple[tuple[str, str], ...]) -> str:
    """The digest of what `_unparsed` leaves of a text."""
    digest: str = _worked_out(lambda: _digest(_unparsed(text, names)), "essence", text, *names)
    return digest


def remember(modules: Iterable[str]) -> None:
    """Write down what was worked out of modules and of all that they import, for processes that start later."""
    for module in closure(*modules):
        _linked(module)
    if _used != _known():
        with contextlib.suppress(OSError):  # they work it out again
            files.write_json(KNOWN, _used)


#: What this process asked for, as `_known`.
_used: dict[str, Any] = {}


def _worked_out(work: Callable[[], Any], *of: object) -> Any:
    """What work comes to, which depends on the arguments `of`, and on which modules there are, alone."""
    key = _digest(repr((_rules(), of)))
    _used[key] = value = _known()[key] if key in _known() else work()
    return value


@cache
def _known() -> dict[str, Any]:
    """What `remember` wrote down."""
    try:
        known: dict[str, Any] = json.loads(KNOWN.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known


@cache
def _rules() -> str:
    """What beside a text decides what comes of it: this module, Python's, and which modules there are to import."""
    there = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
    return _digest("\n".join([Path(__file__).read_text(encoding="utf-8"), sys.version, *there]))


def _unparsed(text: str, names: tuple[tuple[str, str], ...]) -> str:
    tree = ast.parse(text)
    tree.body = [statement for statement in tree.body if not _assigned(statement) & METADATA]
    return ast.unparse(cast(ast.AST, _Bare(dict(names)).visit(tree)))


class _Bare(ast.NodeTransformer):
    """Drops docstrings, what errors say and imports from this package, and writes names as given."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit(self, node: ast.AST) -> ast.AST | None:
        if isinstance(node, ast.Import | ast.ImportFrom) and any(_imported(node)):
            return None
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:] or [ast.Pass()]
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            node.exc = node.exc.func  # what an error says decides nothing
        if isinstance(node, ast.Name):
            node.id = self.names.get(node.id, node.id)
        return self.generic_visit(node)


def _imported(node: ast.AST) -> Iterator[Imported]:
    """What a statement imports from this package; a module's name is empty."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            if path := _path(alias.name):
                yield Imported(path, "", alias.asname or alias.name)
    elif isinstance(node, ast.ImportFrom) and node.module:
        for alias in node.names:
            bound = alias.asname or alias.name
            if path := _path(f"{node.module}.{alias.name}"):
                yield Imported(path, "", bound)
            elif path := _path(node.module):
                yield Imported(path, alias.name, bound)


def _path(dotted: str) -> str:
    """A dotted name as the path of a module in the package; empty for all else."""
    path = dotted.removeprefix("replication.").replace(".", "/")
    return path if path != dotted and (PACKAGE / f"{path}.py").exists() else ""


def _assigned(statement: ast.stmt) -> set[str]:
    """The names that a statement gives a value, with or without an annotation."""
    if isinstance(statement, ast.Assign):
        return {target.id for target in statement.targets if isinstance(target, ast.Name)}
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return {statement.target.id}
    return set()


@cache
def _text(module: str) -> str:
    return (PACKAGE / f"{module}.py").read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
