"""A fingerprint changes with what code does, not with how it reads, and covers all that is imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from replication.jobs import fingerprint as module
from replication.plan import registry

SOURCE = '''"""About."""
import math
LABEL = "A"
RATE = 0.1
def area(r):
    """Of a disc."""
    return math.pi * r**2  # Archimedes
'''


def forget() -> None:
    """Files may have changed: nothing that was read of them counts."""
    for value in vars(module).values():
        if hasattr(value, "cache_clear"):
            value.cache_clear()


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Writes a module of a package of its own; returns the fingerprint of module `a`."""
    monkeypatch.setattr(module, "PACKAGE", tmp_path)

    def write(text: str, name: str = "a") -> str:
        path = tmp_path / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        forget()
        return module.fingerprint("a") if (tmp_path / "a.py").exists() else ""

    yield write
    forget()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  # Archimedes", ""),
        ("Of a disc.", "Of a circle's inside."),
        ('    """Of a disc."""\n', ""),
        ('"""About."""', '"""About discs."""'),
        ('LABEL = "A"', 'LABEL = "B"'),
        ('LABEL = "A"', 'LABEL: str = "B"'),
        ("r**2", "r ** 2"),
    ],
)
def test_words_and_looks_do_not_count(write, old: str, new: str) -> None:
    before = write(SOURCE)
    assert old in SOURCE
    assert write(SOURCE.replace(old, new)) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [("r**2", "r**3"), ("RATE = 0.1", "RATE = 0.2"), ("def area(r)", "def area(r=1)")],
)
def test_code_counts(write, old: str, new: str) -> None:
    before = write(SOURCE)
    assert write(SOURCE.replace(old, new)) != before


@pytest.mark.parametrize(
    "statement",
    [
        "from replication.shared import deep",
        "from replication.shared.deep import f",
        "import replication.shared.deep",
        "def g():\n    from replication.shared.deep import f",
    ],
)
def test_imported_modules_count(write, statement: str) -> None:
    write("import replication.other", "shared/deep")
    write("x = 1", "other")
    before = write(statement)
    assert write("x = 2", "other") != before


def test_modules_that_are_not_imported_do_not_count(write) -> None:
    write("x = 1", "other")
    before = write("import os")
    assert write("x = 2", "other") == before


@pytest.mark.parametrize(
    "start",
    ["training/loop", "evidence/evaluate", "analysis/collect", "figures/panel", "data/_base"],
)
def test_nothing_that_a_job_imports_is_overlooked(start: str) -> None:
    """Python's own record of what was imported is the oracle."""
    name = f"replication.{start.replace('/', '.')}"
    code = f"import sys, {name}; print(*(m for m in sys.modules if m.startswith('replication.')))"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    paths = {m.removeprefix("replication.").replace(".", "/") for m in loaded}
    modules = {p for p in paths if (registry.PACKAGE / f"{p}.py").exists()}
    decides = {m for m in modules if not m.startswith(module.PLUMBING)}
    assert decides <= module.closure(start)
