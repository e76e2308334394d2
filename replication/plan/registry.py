"""Folder = registry: a component is one file, and its id is the file's stem.

The head of such a file is data: upper-case constants that hold plain literals (a method's ``RECIPE``, a
panel's ``CAPTION``). They are read here from the source text, without importing the module, so planning
a workflow of thousands of runs never pays for importing torch or matplotlib.
"""

from __future__ import annotations

import ast
import difflib
import importlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGE = Path(__file__).parents[1]

#: The folders whose files are components, relative to the package.
KINDS = (
    "data",
    "nets",
    "losses",
    "techniques",
    "methods",
    "features",
    "metrics",
    "controls",
    "experiments",
)

#: The folders whose folders hold panels: the papers, and the pages on no one paper.
PANELS = ("papers", "pages")

#: What a panel says where its head leaves it out: it mirrors no figure, and shows no run.
UNSAID: dict[str, Any] = {"MIRRORS": "", "PAPER_SHOWS": "", "RUNS": []}


class UnknownName(LookupError):
    """A name that no file of its folder answers to."""


def source(kind: str, name: str) -> Path:
    """Path of the file that defines component `name`; raises `UnknownName` with the nearest valid name."""
    if name not in ids(kind):
        raise UnknownName(f"there is no {_singular(kind)} {name!r}{nearest(name, ids(kind))}")
    return PACKAGE / kind / f"{name}.py"


def _singular(kind: str) -> str:
    """What one component of a kind is called: method, loss."""
    name = kind.rsplit("/")[-1]
    return name.removesuffix("es") if name.endswith("sses") else name.removesuffix("s")


@cache
def ids(kind: str) -> tuple[str, ...]:
    """All components of a kind, sorted; files that start with an underscore are shared code."""
    return tuple(
        sorted(p.stem for p in (PACKAGE / kind).glob("*.py") if not p.stem.startswith("_"))
    )


@cache
def panels() -> tuple[str, ...]:
    """All panels, as ``<paper>/<panel>`` or ``<page>/<panel>``."""
    return tuple(sorted(_panel_files()))


@cache
def _panel_files() -> dict[str, Path]:
    """The file of every panel."""
    found = (file for kind in PANELS for file in (PACKAGE / kind).glob("*/*.py"))
    return {f"{p.parent.name}/{p.stem}": p for p in found if not p.stem.startswith("_")}


def panel_source(panel: str) -> Path:
    """The file of a panel; raises `UnknownName` with the nearest valid name."""
    if panel not in _panel_files():
        raise UnknownName(f"there is no panel {panel!r}{nearest(panel, panels())}")
    return _panel_files()[panel]


def panel_module(panel: str) -> str:
    """The module of a panel as a path in the package without suffix: ``papers/wgan2017/fig2``."""
    return panel_source(panel).relative_to(PACKAGE).with_suffix("").as_posix()


def panels_of(names: Iterable[str]) -> list[str]:
    """Panels by name, ``<paper>/<panel>``; ``<paper>`` stands for all of its panels.

    Raises:
        UnknownName: there is no such panel or paper.
    """
    found = []
    for name in names:
        own = [panel for panel in panels() if name in (panel, panel.partition("/")[0])]
        if not own:
            hint = nearest(name, [*panels(), *{panel.partition("/")[0] for panel in panels()}])
            raise UnknownName(f"there is no panel {name!r}{hint}")
        found += own
    return found


def load(kind: str, name: str) -> ModuleType:
    """Import the module of a component."""
    source(kind, name)
    return importlib.import_module(f"replication.{kind.replace('/', '.')}.{name}")


def load_panel(panel: str) -> ModuleType:
    """Import the module of a panel ``<paper>/<panel>``."""
    return importlib.import_module(f"replication.{panel_module(panel).replace('/', '.')}")


def metadata(kind: str, name: str) -> dict[str, Any]:
    """The literal upper-case constants of a component's file, read without importing it."""
    return literals(source(kind, name))


@cache
def summary(kind: str, name: str) -> str:
    """The first line of a component's docstring, read without importing it; empty where there is none."""
    return (ast.get_docstring(_tree(source(kind, name))) or "").partition("\n")[0]


def panel_metadata(panel: str) -> dict[str, Any]:
    """The literal upper-case constants of a panel's file, read without importing it, and what it leaves `UNSAID`."""
    return UNSAID | literals(panel_source(panel))


@cache
def claim_panels() -> tuple[str, ...]:
    """The panels whose file defines ``evidence(table)``: they speak for or against claims."""

    def speaks(panel: str) -> bool:
        body = _tree(panel_source(panel)).body
        return any(isinstance(n, ast.FunctionDef) and n.name == "evidence" for n in body)

    return tuple(panel for panel in panels() if speaks(panel))


@cache
def literals(path: Path) -> dict[str, Any]:
    """Top-level ``NAME = <literal>`` assignments of a Python file; others are passed over."""
    constants: dict[str, Any] = {}
    for node in _tree(path).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and target.id.isupper():
                try:
                    constants[target.id] = ast.literal_eval(node.value)
                except ValueError:
                    continue
    return constants


def _tree(path: Path) -> ast.Module:
    return _parsed(path.read_text(encoding="utf-8"))


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def nearest(name: str, valid: Iterable[str]) -> str:
    """``"; did you mean 'x'?"``, or the list of valid names where none is close."""
    valid = sorted(valid)
    if close := difflib.get_close_matches(name, valid, n=1, cutoff=0.5):
        return f"; did you mean {close[0]!r}?"
    return f"; valid: {', '.join(valid)}"
