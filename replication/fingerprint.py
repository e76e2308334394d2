"""What a piece of code does, as a short string: equal for files that differ in words or looks only.

A job of the workflow carries the fingerprint of the code that decides its outcome, so an edit of a loss
re-makes that method's runs, and an edit of a comment, a docstring or a colour re-makes none.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import cache

from replication.registry import PACKAGE

#: Modules that decide names and places, not outcomes: what they resolve reaches a job by other ways.
PLUMBING = frozenset(
    "__init__ config files fits params progress provenance registry resolve study".split()
)

#: Constants at the head of a component that say how it is shown, or that reach its jobs resolved.
HEADS = frozenset(
    {
        "CHOICES",
        "LABEL",
        "COLOUR",
        "ESTIMATE",
        "NEEDS",
        "OFFERS",
        "OPTIONS",
        "PROTOCOL",
        "RECIPE",
        "ROLES",
        "SETTINGS",
        "TAKES",
        "UNIT",
    }
)


def fingerprint(*modules: str) -> str:
    """Sixteen hex digits for the code of modules and of all that they import from this package.

    Components that a module loads by name are not seen here: name them too.

    Args:
        modules: paths in the package without suffix, such as ``training/loop``.
    """
    parts = (f"{module}\n{essence(module)}\n" for module in sorted(closure(*modules)))
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:16]


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
def essence(module: str) -> str:
    """A module's code without comments, layout, docstrings and `HEADS`."""
    tree = _parse(module)
    tree.body = [statement for statement in tree.body if not _assigned(statement) & HEADS]
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


@cache
def imports(module: str) -> frozenset[str]:
    """The modules of this package that a module imports itself, anywhere in its text."""
    named: set[str] = set()
    for node in ast.walk(_parse(module)):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            named |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(_own(named)) - PLUMBING


def _own(named: set[str]) -> Iterator[str]:
    """Dotted names as paths in the package; other names fall away."""
    for name in named:
        path = name.removeprefix("replication.").replace(".", "/")
        if name != path and (PACKAGE / f"{path}.py").exists():
            yield path


def _assigned(statement: ast.stmt) -> set[str]:
    """The names that a statement gives a value, with or without an annotation."""
    if isinstance(statement, ast.Assign):
        return {target.id for target in statement.targets if isinstance(target, ast.Name)}
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return {statement.target.id}
    return set()


def _parse(module: str) -> ast.Module:
    path = PACKAGE / f"{module}.py"
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
