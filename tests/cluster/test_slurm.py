"""Through Slurm comes what a local run makes, to the bit, whatever a cluster does on the way."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from bits import Outcome, outcome, same, saved_on_request, state, wait_until
from slurm import Cluster, Studies
from workspace import Workspace

from replication.plan.paths import RUN_FILES

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1200)]

#: As a reader would call it; a small cluster may be asked more often.
SLURM = (
    "snakemake", "--workflow-profile", "replication/profiles/slurm",
    "--slurm-init-seconds-before-status-checks", "2",
)  # fmt: skip
LOCAL = ("snakemake", "--cores", "2")

#: Short, but every kind of job: images and points, one run and several for each allocation.
SHORT = {
    "critic_steps": 6,
    "checkpoints": 2,
    "logs": 3,
    "arms": [
        {"dataset": "mnist_5k", "net": "mlp", "methods": ["gan_ns"]},
        {"dataset": "ring", "net": "points", "methods": ["gan_ns", "wgan_gp"], "variants": ["decay"], "together": True},
    ],
}  # fmt: skip
#: One run, long enough to be hit between its first checkpoint and its end.
LONG = {
    "critic_steps": 1000,
    "checkpoints": 6,
    "seeds": 1,
    "arms": [{"dataset": "mnist_5k", "net": "mlp", "methods": ["gan_ns"]}],
}
RUN = "mnist_5k/mlp/gan_ns/paper/seed0"
FILES = [f"results/smoke/runs/{RUN}/{name}" for name in RUN_FILES]


def left(study: Workspace, run: str = RUN) -> Outcome:
    """What a run has left."""
    return outcome(study.folder / "results" / "smoke" / "runs" / run)


def trainer(study: Workspace) -> psutil.Process | None:
    """The training process of a study, wherever Slurm has put it."""
    for process in psutil.process_iter(["cmdline"]):
        if (process.info["cmdline"] or [])[1:4] == ["-m", "replication", "train"]:
            try:
                if Path(process.cwd()) == study.folder:
                    return process
            except (psutil.NoSuchProcess, FileNotFoundError):
                continue
    return None


@contextmanager
def pipeline(study: Workspace, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Snakemake at work through Slurm on the run, as soon as it has a checkpoint; ended if it still is at the end."""
    command = [*SLURM, *options, "--", *FILES]
    log = study.folder / "pipeline.log"
    with log.open("w") as file:
        snakemake = subprocess.Popen(
            command, cwd=study.folder, env=study.environment(), stdout=file, stderr=file, text=True
        )
    try:
        wait_until(
            lambda: state(study.folder) or snakemake.poll() is not None, "no state was written"
        )
        assert snakemake.poll() is None, log.read_text()
        yield snakemake
    finally:
        if snakemake.poll() is None:
            snakemake.kill()
            snakemake.wait()


def end(snakemake: subprocess.Popen[str], study: Workspace) -> str:
    """Wait for the success of a pipeline; returns what it said."""
    code = snakemake.wait(600)
    said = (study.folder / "pipeline.log").read_text()
    assert code == 0, said
    return said


@pytest.fixture(scope="module")
def undisturbed(studies: Studies) -> Outcome:
    """The run as it ends on this machine, left alone."""
    study = studies(**LONG)
    study.succeed(*LOCAL, "--", *FILES)
    return left(study)


@pytest.mark.quick
def test_results_are_those_of_a_local_run(cluster: Cluster, studies: Studies) -> None:
    here, there = studies(**SHORT), studies(**SHORT)
    here.succeed(*LOCAL, "metrics")
    said = there.succeed(*SLURM, "metrics")

    jobs = cluster.history()
    assert {job["JobState"] for job in jobs} == {"COMPLETED"}
    asked = [(job["Partition"], job.get("TresPerJob")) for job in jobs]
    # Two runs on images, and all runs on points in one allocation.
    assert asked.count(("gpu", "gres:gpu:1")) == 3
    assert {partition for partition, gpus in asked if not gpus} == {"cpu"}
    assert "Submitted array job" in said

    for table in ("summary.csv", "tracking.csv"):
        text = (there.folder / "results" / "smoke" / table).read_text()
        assert text == (here.folder / "results" / "smoke" / table).read_text()
    runs = sorted(
        path.parent.relative_to(here.folder / "results" / "smoke" / "runs").as_posix()
        for path in here.folder.glob("results/smoke/runs/**/status.json")
    )
    assert len(runs) == 4
    for run in runs:
        same(left(here, run), left(there, run))
    assert "Nothing to be done" in there.succeed(*SLURM, "metrics")


def test_a_killed_job_is_started_again_and_resumes(
    cluster: Cluster, studies: Studies, undisturbed: Outcome
) -> None:
    study = studies(**LONG)
    with pipeline(study) as snakemake:
        process = trainer(study)
        assert process
        process.kill()
        assert "Trying to restart job" in end(snakemake, study)
    same(undisturbed, left(study))


def test_a_preempted_job_saves_and_is_requeued(
    cluster: Cluster, studies: Studies, undisturbed: Outcome
) -> None:
    study = studies(**LONG)
    with pipeline(study) as snakemake:
        (job,) = cluster.jobs("gpu")
        cluster.ask("sbatch", "--partition=urgent", "--ntasks=2", "--output=/dev/null", "--wrap=sleep 1")  # fmt: skip
        wait_until(lambda: job in cluster.jobs("gpu", "PENDING"), "the job was not preempted")
        assert saved_on_request(study.folder)
        said = end(snakemake, study)
    assert "Trying to restart job" not in said, "Slurm's own affair"
    same(undisturbed, left(study))


def test_a_job_out_of_time_is_tried_again_with_more(
    cluster: Cluster, studies: Studies, undisturbed: Outcome
) -> None:
    study = studies(**LONG)
    given = ("train:runtime=attempt", "train:mem_mb=attempt*8000", "train:slurm_partition=gpu")
    with pipeline(study, "--set-resources", *given) as snakemake:
        process = trainer(study)
        assert process
        process.suspend()  # a machine so slow that the minute is over first
        (first,) = cluster.jobs("gpu")
        said = end(snakemake, study)
    assert "Trying to restart job" in said
    one, two = [job for job in cluster.history() if int(job["JobId"]) >= int(first)]
    assert (one["JobState"], one["TimeLimit"], one["MinMemoryNode"]) == (
        "TIMEOUT",
        "00:01:00",
        "8000M",
    )
    assert (two["TimeLimit"], two["MinMemoryNode"]) == ("00:02:00", "16000M")
    same(undisturbed, left(study))


def test_a_job_out_of_memory_is_tried_again_with_more(
    cluster: Cluster, studies: Studies, undisturbed: Outcome
) -> None:
    """Slurm itself ends it: this training takes 2.5 GB more as soon as it has a checkpoint, at every attempt."""
    study = studies(**LONG)
    written = 'aside.write_bytes(serialise(ready, {"header": header}))\n'
    study.edit(
        "replication/tensors/store.py", written,
        f"{written}    if path.name == 'state.safetensors' and not HOARD:\n"
        "        HOARD.append(b'x' * 2_500_000_000)\n\n\nHOARD: list[bytes] = []\n",
    )  # fmt: skip
    given = ("train:mem_mb=attempt*2000", "train:runtime=20", "train:slurm_partition=gpu")
    with pipeline(study, "--set-resources", *given) as snakemake:
        (first,) = cluster.jobs("gpu")
        said = end(snakemake, study)
    assert "Trying to restart job" in said
    one, two = [job for job in cluster.history() if int(job["JobId"]) >= int(first)]
    assert (one["MinMemoryNode"], two["MinMemoryNode"]) == ("2000M", "4000M")
    (log,) = (study.folder / ".snakemake" / "slurm_logs").rglob(f"{first}.log")
    assert "exceeded memory limit" in log.read_text()
    assert two["JobState"] == "COMPLETED"
    same(undisturbed, left(study))


def test_a_drained_node_and_a_killed_daemon_cost_nothing(
    cluster: Cluster, studies: Studies, undisturbed: Outcome
) -> None:
    study = studies(**LONG)
    with pipeline(study) as snakemake:
        cluster.ask("scontrol", "update", "nodename=localhost", "state=drain", "reason=test")
        assert cluster.node() == "draining"
        cluster.daemons["slurmd"].kill()
        cluster.daemons["slurmd"].wait()
        cluster.ask("scontrol", "update", "nodename=localhost", "state=resume")
        cluster.start_node()
        end(snakemake, study)
    same(undisturbed, left(study))


def test_a_killed_snakemake_is_followed_by_another(
    cluster: Cluster, studies: Studies, undisturbed: Outcome
) -> None:
    """Its job goes on without it, and the next one's waits for its turn."""
    study = studies(**LONG)
    with pipeline(study) as snakemake:
        os.kill(snakemake.pid, signal.SIGKILL)
        snakemake.wait()
    study.succeed(*SLURM, "--", *FILES)
    same(undisturbed, left(study))


@pytest.mark.quick
def test_a_scheduler_with_a_submit_command_makes_the_same(
    studies: Studies, undisturbed: Outcome, tmp_path: Path
) -> None:
    """The workflow assumes nothing of Slurm: this one starts what it is given, and says its number."""
    pytest.importorskip("snakemake_executor_plugin_cluster_generic")
    submit = tmp_path / "submit"
    submit.write_text('#!/bin/sh\nsetsid sh "$1" > "$1.log" 2>&1 &\necho $!\n')
    submit.chmod(0o755)
    study = studies(**LONG)
    study.succeed(
        "snakemake", "--executor", "cluster-generic", "--cluster-generic-submit-cmd", str(submit),
        "--seconds-between-status-checks", "1", "--jobs", "2", "--", *FILES,
    )  # fmt: skip
    same(undisturbed, left(study))
