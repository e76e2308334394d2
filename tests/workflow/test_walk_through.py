"""The README's walk-through, step by step: its file, in a copy of the repository, and nothing else."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from workspace import ROOT, Workspace

pytestmark = [
    pytest.mark.pipeline,
    pytest.mark.xdist_group("pipeline"),
    pytest.mark.timeout(1800),
]

ARM = "mnist_5k/mlp/hinge/paper"
TABLE = "reports/figures/smoke/benchmark/final_table.csv"

#: Only the new method, and few steps: what is tested is that it goes all the way.
SMALL = (
    "profiles={smoke: {seeds: 1, critic_steps: 8, checkpoints: 2, logs: 2, "
    "arms: [{dataset: mnist_5k, net: mlp, methods: [hinge]}]}}"
)


def walk_through() -> tuple[str, str]:
    """The path and the text of the one file that the README adds."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = re.search(r"^## Add a method\n(.*?)^## ", readme, re.M | re.S)
    assert section
    (path,) = re.findall(r"`(replication/methods/\w+\.py)`", section[1])
    (code,) = re.findall(r"^```python\n(.*?)^```$", section[1], re.M | re.S)
    return path, code


@pytest.fixture(scope="module")
def extended(finished: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A finished study, and the README's file in it."""
    workspace = finished.copied(tmp_path_factory.mktemp("extended") / "study")
    path, code = walk_through()
    assert path == "replication/methods/hinge.py"
    (workspace.folder / path).write_text(code, encoding="utf-8")
    return workspace


def test_the_workflow_finds_it(extended: Workspace) -> None:
    plan = extended.plan()
    assert f"Train {ARM}/seed0" in plan
    assert f"Evaluate {ARM}" in plan


@pytest.mark.slow
def test_it_is_trained_evaluated_and_in_the_tables(extended: Workspace) -> None:
    extended.succeed("snakemake", "--cores", "all", TABLE, "--config", SMALL)
    results = extended.folder / "results" / "smoke"
    for name, measures in (("summary", {"w1_pixels"}), ("tracking", {"estimate_heldout"})):
        table = pd.read_csv(results / f"{name}.csv")
        assert set(table["method"]) == {"hinge"}
        assert measures <= set(table["metric" if name == "summary" else "estimate"])
    (run,) = pd.read_csv(results / "runs.csv").to_dict("records")
    assert (run["method"], run["state"]) == ("hinge", "finished")
    shown = (extended.folder / TABLE).read_text(encoding="utf-8")
    assert "hinge" in shown
    assert "Hinge GAN" in (extended.folder / TABLE).with_suffix(".svg").read_text(encoding="utf-8")


def test_it_is_as_clean_as_the_rest(extended: Workspace) -> None:
    """The file that people copy passes the linter, but for the methods' docstrings, which a walk-through leaves out."""
    path, _ = walk_through()
    extended.succeed("ruff", "check", "--ignore", "D102", path)
    extended.succeed("ruff", "format", "--check", path)
