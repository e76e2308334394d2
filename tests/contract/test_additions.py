"""What one new file adds: it is found, planned, trained and tested, and no other file changes.

A copy of the package gets the files, and there its contract tests are run, once for all of them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = Path(__file__).parent / "additions"
ADDITIONS = sorted(str(file.relative_to(FILES)) for file in FILES.glob("*/*.py.txt"))
COPIED = ("replication", "params.yaml", "pyproject.toml")
README = re.search(
    r"`replication/(methods/\w+\.py)`.*?```python\n(.*?)```",
    (ROOT / "README.md").read_text(encoding="utf-8"),
    re.DOTALL,
)
assert README
METHOD, METHOD_TEXT = README.groups()

#: Nets on which an addition shows nothing more than on small ones.
LARGE = "resnet or cnn or maxout or dcgan_ or architectures"
#: Of a net its methods are enough: each has its loss, and techniques.
NETS = " or ".join(Path(a).name.split(".")[0] for a in ADDITIONS if a.startswith("nets"))
REPEATED = f"(test_a_loss_alone or test_a_technique_on_a_net) and ({NETS})"

STEPS = """
import sys
sys.path.insert(0, "tests/contract")
from test_techniques import holds, plan
holds(plan("points", "lsgan", techniques={"zero_centred": {"weight": 0.2}, "packing": {"pack": 2}}))
"""


def name_of(addition: str) -> str:
    return Path(addition).name.split(".")[0]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with the additions, and of the tests that ask for every component."""
    folder = tmp_path_factory.mktemp("house")
    for name in COPIED:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name)
    (folder / "tests" / "contract").mkdir(parents=True)
    for name in ("conftest.py", "contract/test_techniques.py", "contract/test_config.py"):
        shutil.copy(ROOT / "tests" / name, folder / "tests" / name)
    texts = {a.removesuffix(".txt"): (FILES / a).read_text(encoding="utf-8") for a in ADDITIONS}
    for place, text in {**texts, METHOD: METHOD_TEXT}.items():
        target = folder / "replication" / place
        assert not target.exists(), "an addition changes no file"
        target.write_text(text, encoding="utf-8")
    return folder


def python(house: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A Python that sees the copy alone."""
    environment = os.environ | {"PYTHONPATH": str(house)}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=house, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def contract(house: Path) -> dict[str, str]:
    """By its name every contract test that names an addition: why it failed, empty where it passed."""
    # A loss has the method's name too.
    added = " or ".join([*map(name_of, ADDITIONS), f"(test_a_method and {name_of(METHOD)})"])
    wanted = f"({added}) and not ({LARGE}) and not ({REPEATED})"
    options = ("-q", "-n", "0", "-p", "no:cacheprovider", "--junitxml", "told.xml")
    done = python(house, "-m", "pytest", *options, "tests", "-k", wanted)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    cases = ElementTree.parse(house / "told.xml").iter("testcase")
    return {
        f"{case.get('name')}": "".join(part.text or "" for part in case if part.tag != "skipped")
        for case in cases
        if case.find("skipped") is None
    }


@pytest.mark.parametrize("addition", [*ADDITIONS, METHOD])
def test_a_component_is_one_new_file(contract: dict[str, str], addition: str) -> None:
    """README's own example among them."""
    own = {test: fault for test, fault in contract.items() if name_of(addition) in test}
    assert own, "no contract test asks for it"
    assert {test: fault for test, fault in own.items() if fault} == {}


def test_two_techniques_at_once_are_a_change_of_params(house: Path) -> None:
    """A penalty and packing on LSGAN."""
    (house / "both.py").write_text(STEPS, encoding="utf-8")
    done = python(house, "both.py")
    assert done.returncode == 0, done.stdout + done.stderr
