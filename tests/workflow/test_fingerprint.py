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


def no_parsing(text: str) -> object:
    raise AssertionError("what is known is parsed again")


def test_what_is_written_down_is_not_worked_out_again(
    write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KNOWN", tmp_path / "known.json")
    write("x = 1", "other")
    before = write("import replication.other\n" + SOURCE)
    module.remember(["a"])
    with monkeypatch.context() as patch:
        patch.setattr(module.ast, "parse", no_parsing)
        forget()
        assert module.fingerprint("a") == before
        with pytest.raises(AssertionError, match="parsed again"):
            write("x = 2", "other")
    assert write("x = 2", "other") != before
    assert write("x = 1", "other") == before


def test_what_is_written_down_of_other_modules_does_not_count(
    write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an import means depends on which modules there are."""
    monkeypatch.setattr(module, "KNOWN", tmp_path / "known.json")
    write("", "shared/__init__")
    write("from replication.shared import deep")
    module.remember(["a"])
    assert "shared/deep" not in module.closure("a")
    write("x = 1", "shared/deep")
    assert "shared/deep" in module.closure("a")


def test_a_damaged_record_is_as_none(
    write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KNOWN", tmp_path / "known.json")
    before = write(SOURCE)
    module.remember(["a"])
    (tmp_path / "known.json").write_text("{")
    forget()
    assert module.fingerprint("a") == before


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
