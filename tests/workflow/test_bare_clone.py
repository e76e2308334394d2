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
    changed = clone.succeed(
        "git", "status", "--porcelain", "results", "reports", "README.md", "docs"
    )
    assert changed == "", "a committed file came out otherwise, or a new one would be committed"
    assert not (clone.folder / "results" / "smoke" / "runs").exists()


def test_missing_weights_alone_train_nothing(clone: Workspace) -> None:
    plan = clone.plan("all")
    assert "Collect the evidence of smoke" in plan
    assert costly(plan) == []


def test_other_code_trains_what_it_decides(clone: Workspace) -> None:
    future = "from __future__ import annotations\n"
    with clone.edited("replication/techniques/clipping.py", future, f"{future}\nADDED = 1\n"):
        plan = clone.plan("all")
    assert {job.split("/")[2] for job in costly(plan) if job.startswith("Train m")} == {"wgan_clip"}
    assert "Evaluate mnist_5k/mlp/wgan_clip/paper" in plan
    assert "Evaluate mnist_5k/mlp/lsgan/paper" not in plan


def test_evidence_that_is_damaged_is_made_again(clone: Workspace) -> None:
    arm = "mnist_5k/mlp/lsgan/paper"
    path = clone.folder / "results" / "smoke" / "evidence" / "arms" / arm / "quality.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    there = "results/smoke/evidence/experiments/batches.parquet"
    assert "quality.parquet: damaged" in clone.succeed("snakemake", "--cores", "1", "--", there)
    plan = clone.plan("all")
    trained = {
        job.removeprefix("Train ").rpartition("/")[0] for job in costly(plan) if "/seed" in job
    }
    assert trained == {arm}


def test_a_missing_arm_alone_is_trained(clone: Workspace) -> None:
    """As of a study that was half done when it was committed; its data are made anew, and make nothing else anew."""
    arm = "mnist_5k/dcgan_8/wgan_gp/paper"
    for path in (clone.folder / "results" / "smoke" / "evidence" / "arms" / arm).iterdir():
        path.unlink()
    plan = costly(clone.plan("all"))
    made = [job for job in plan if not job.startswith(("Prepare", "Train the classifier"))]
    assert made == [f"Evaluate {arm}", f"Train {arm}/seed0", f"Train {arm}/seed1"]
