"""A clone holds evidence and no weights: all that follows from evidence is made there again, and nothing is trained."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from workspace import JOB, Workspace

pytestmark = [
    pytest.mark.pipeline,
    pytest.mark.xdist_group("pipeline"),
    pytest.mark.timeout(3600),
]

#: What makes evidence, and what it is made from.
COSTLY = re.compile(r"(Prepare|Train|Evaluate|Score|Run) ")
IDENTITY = ("-c", "user.name=t", "-c", "user.email=t@example.org")


@pytest.fixture(scope="module")
def origin(finished: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A finished study of which everything is committed that git keeps."""
    origin = finished.copied(tmp_path_factory.mktemp("origin") / "study")
    origin.succeed("git", "add", "--all")
    origin.succeed("git", *IDENTITY, "commit", "--quiet", "--message", "evidence and report")
    return origin


@pytest.fixture
def clone(origin: Workspace, tmp_path: Path) -> Workspace:
    origin.succeed("git", "clone", "--quiet", str(origin.folder), str(tmp_path / "clone"))
    return origin.at(tmp_path / "clone")


def costly(jobs: list[str]) -> list[str]:
    return [job for job in jobs if COSTLY.match(job)]


def test_the_committed_report_comes_out_byte_for_byte_without_torch(clone: Workspace) -> None:
    stub = clone.folder / "stub"
    (stub / "torch").mkdir(parents=True)
    (stub / "torch" / "__init__.py").write_text("raise ImportError('nothing may be trained')\n")
    said = clone.succeed(
        "env", f"PYTHONPATH={stub}", "snakemake", "--cores", "all", "all", "--config", "train=false"
    )
    jobs = JOB.findall(said)
    assert "Write reports/index.html and the other pages" in jobs
    assert "Collect the evidence of smoke" in jobs
    assert costly(jobs) == []
    changed = clone.succeed("git", "status", "--porcelain", "results", "reports", "README.md")
    assert changed == "", "a committed file came out otherwise, or a new one would be committed"
    assert not (clone.folder / "results" / "smoke" / "runs").exists()


def test_missing_weights_alone_train_nothing(clone: Workspace) -> None:
    plan = clone.plan("all")
    assert "Collect the evidence of smoke" in plan
    assert costly(plan) == []


def test_other_code_trains_what_it_decides(clone: Workspace) -> None:
    with clone.edited("replication/techniques/clipping.py", "import", "ADDED = 1\nimport"):
        plan = clone.plan("all")
    assert {job.split("/")[2] for job in costly(plan) if job.startswith("Train m")} == {"wgan_clip"}
    assert "Evaluate mnist_5k/mlp/wgan_clip/paper" in plan
    assert "Evaluate mnist_5k/mlp/lsgan/paper" not in plan


def test_evidence_that_is_damaged_is_made_again(clone: Workspace) -> None:
    arm = "mnist_5k/mlp/lsgan/paper"
    path = clone.folder / "results" / "smoke" / "evidence" / "arms" / arm / "quality.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    plan = clone.plan("all")
    trained = {
        job.removeprefix("Train ").rpartition("/")[0] for job in costly(plan) if "/seed" in job
    }
    assert trained == {arm}
