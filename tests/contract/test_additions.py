"""What one new file adds: it is found, planned, trained and tested, and no other file changes.

A copy of the package gets the file, and there its contract tests are run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = Path(__file__).parent / "additions"
ADDITIONS = sorted(str(file.relative_to(FILES)) for file in FILES.glob("*/*.py.txt"))
COPIED = ("replication", "params.yaml", "pyproject.toml")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the package and of the tests that ask for every component."""
    for name in COPIED:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    (tmp_path / "tests" / "contract").mkdir(parents=True)
    for name in ("conftest.py", "contract/test_techniques.py", "contract/test_config.py"):
        shutil.copy(ROOT / "tests" / name, tmp_path / "tests" / name)
    return tmp_path


def python(house: Path, *arguments: str) -> str:
    """What a Python that sees the copy alone says; it must succeed."""
    environment = os.environ | {"PYTHONPATH": str(house)}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=house, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def contract(house: Path, name: str) -> str:
    """Run the contract tests that name a component; a component that none names fails (exit code 5)."""
    options = ("-q", "-n", "0", "-p", "no:cacheprovider", "tests", "-k", name)
    return python(house, "-m", "pytest", *options)


def add(house: Path, place: str, text: str) -> None:
    target = house / "replication" / place
    assert not target.exists(), "an addition changes no file"
    target.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("addition", ADDITIONS)
def test_a_component_is_one_new_file(house: Path, addition: str) -> None:
    add(house, addition.removesuffix(".txt"), (FILES / addition).read_text(encoding="utf-8"))
    assert "passed" in contract(house, Path(addition).name.split(".")[0])


def test_the_readmes_method_is_one_new_file(house: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    place, text = re.search(
        r"`replication/(methods/\w+\.py)`.*?```python\n(.*?)```", readme, re.DOTALL
    ).groups()
    add(house, place, text)
    assert "passed" in contract(house, f"{Path(place).stem} and method")


STEPS = """
from test_techniques import holds, plan
holds(plan({net!r}, {method!r}, techniques={techniques!r}))
"""


def test_two_techniques_at_once_are_a_change_of_params(house: Path) -> None:
    """Instance noise and packing on LSGAN."""
    name = "techniques/instance_noise.py"
    add(house, name, (FILES / f"{name}.txt").read_text(encoding="utf-8"))
    techniques = {"instance_noise": {"sd": 0.2}, "packing": {"pack": 2}}
    code = STEPS.format(net="points", method="lsgan", techniques=techniques)
    (house / "both.py").write_text(
        "import sys; sys.path.insert(0, 'tests/contract')\n" + code, encoding="utf-8"
    )
    python(house, "both.py")
