"""The Slurm profile fits the workflow, which itself knows of no cluster; and the page about it names real tests."""

from __future__ import annotations

import os
import re
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from workspace import ROOT, Workspace

from replication.plan.paths import ARM_FILES

PROFILE = yaml.safe_load((ROOT / "replication/profiles/slurm/config.yaml").read_text())
PAGE = (ROOT / "docs/cluster.md").read_text(encoding="utf-8")
SNAKEFILE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in (ROOT / "Snakefile", *(ROOT / "workflow").glob("*.smk"))
)
RULES = set(re.findall(r"^rule (\w+):", SNAKEFILE, re.MULTILINE)) | {
    f"{stem}_{kind}"
    for stem in re.findall(r'f"(\w+)_\{of_kind\}"', SNAKEFILE)
    for kind in ARM_FILES
}


def test_the_workflow_knows_of_no_cluster() -> None:
    assert not re.search(r"slurm|sbatch|partition|\bgpu|kubernetes", SNAKEFILE, re.IGNORECASE)


@pytest.fixture(scope="module")
def plan(bare: Workspace) -> list[str]:
    """What one machine would do."""
    return bare.plan("--cores", "1", "--", "all")


@pytest.mark.cluster
@pytest.mark.quick
@pytest.mark.parametrize("options", [
    ("--executor", "cluster-generic", "--cluster-generic-submit-cmd", "false", "--jobs", "9"),
    ("--workflow-profile", "replication/profiles/slurm"),
    ("--executor", "local", "--cores", "3"),
])  # fmt: skip
def test_the_plan_is_the_same_whoever_executes_it(
    bare: Workspace,
    plan: list[str],
    options: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a machine that has no scheduler's programs, nor any but a shell."""
    pytest.importorskip("snakemake_executor_plugin_slurm")
    pytest.importorskip("snakemake_executor_plugin_cluster_generic")
    for program in ("bash", "sh", "which"):
        (tmp_path / program).symlink_to(shutil.which(program) or "")
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in [name for name in os.environ if name.startswith("SLURM")]:
        monkeypatch.delenv(name)
    assert len(plan) > 50
    assert bare.plan(*options, "--", "all") == plan


def test_two_lines_name_a_partition() -> None:
    text = (ROOT / "replication/profiles/slurm/config.yaml").read_text(encoding="utf-8")
    named = re.findall(r"^ +slurm_partition: (\w+) .*line (\d) of 2", text, re.MULTILINE)
    assert named == [("cpu", "1"), ("gpu", "2")]
    assert len(re.findall("slurm_partition:", text)) == 2


def test_every_rule_and_group_of_the_profile_exists() -> None:
    named = {*PROFILE["set-resources"], *PROFILE["groups"], *PROFILE["slurm-array-jobs"].split(",")}
    assert named <= RULES
    groups = {*PROFILE["groups"].values(), *re.findall(r'return "(\w+)" if', SNAKEFILE)}
    assert set(PROFILE["group-components"]) == groups


def test_every_request_grows_with_the_attempt() -> None:
    for resources in (PROFILE["default-resources"], *PROFILE["set-resources"].values()):
        asked = {k: v for k, v in resources.items() if k in ("mem_mb", "runtime")}
        assert all("attempt" in str(value) for value in asked.values())
    assert PROFILE["retries"] >= 1


def test_array_jobs_need_a_free_hand() -> None:
    """The executor waits for all jobs of an array that could start, and forgets those that it was given so far."""
    assert PROFILE["jobs"] == "unlimited"
    assert int(PROFILE["max-jobs-per-timespan"].partition("/")[0]) > 10_000


@pytest.mark.cluster
@pytest.mark.quick
def test_the_lock_holds_what_is_installed_where_it_is() -> None:
    pytest.importorskip("snakemake_executor_plugin_slurm")
    lock = (ROOT / "requirements-cluster.lock").read_text(encoding="utf-8")
    for name, locked in re.findall(r"^([\w-]+)==(\S+)$", lock, re.MULTILINE):
        assert version(name) == locked


def test_the_page_names_tests_that_exist() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
    assert len(named) >= 15
    for path, test in named:
        assert f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path}::{test}"
