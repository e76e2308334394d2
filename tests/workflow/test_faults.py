"""Whatever stops the workflow, the same command goes on, and ends with the same bits."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from bits import Outcome, outcome, same, saved_on_request, state, wait_until
from workspace import Workspace

from replication.plan.paths import RUN_FILES

pytestmark = [
    pytest.mark.pipeline,
    pytest.mark.xdist_group("faults"),
    pytest.mark.cluster,
    pytest.mark.timeout(1800),
]

RUN = "mnist_5k/mlp/gan_ns/paper/seed0"
#: Long enough to be hit between its first checkpoint and its end.
COMMAND = [
    "snakemake", "--cores", "1", "--config", "profiles={smoke: {critic_steps: 1200, checkpoints: 6}}", "--",
    *(f"results/smoke/runs/{RUN}/{name}" for name in RUN_FILES),
]  # fmt: skip


def left(study: Workspace) -> Outcome:
    """What the run has left."""
    return outcome(study.folder / "results" / "smoke" / "runs" / RUN)


@contextmanager
def pipeline(study: Workspace) -> Iterator[subprocess.Popen[str]]:
    """Snakemake at work on the run, as soon as that has a checkpoint."""
    with subprocess.Popen(
        COMMAND,
        cwd=study.folder,
        env=study.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as snakemake:
        wait_until(
            lambda: state(study.folder) or snakemake.poll() is not None, "no state was written"
        )
        assert snakemake.poll() is None, snakemake.communicate()[0]
        yield snakemake


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with its data, in which nothing was trained."""
    workspace = Workspace(tmp_path_factory.mktemp("prepared"))
    workspace.succeed("snakemake", "--cores", "1", "results/smoke/data/mnist_5k.safetensors")
    return workspace


@pytest.fixture(scope="module")
def undisturbed(prepared: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The run as it ends when nothing happens."""
    study = prepared.copied(tmp_path_factory.mktemp("undisturbed") / "study")
    study.succeed(*COMMAND)
    return left(study)


@pytest.fixture
def study(prepared: Workspace, tmp_path: Path) -> Workspace:
    return prepared.copied(tmp_path / "study")


def test_snakemake_itself_is_killed(study: Workspace, undisturbed: Outcome) -> None:
    """Its lock is stale, its job goes on without it and is started a second time beside itself."""
    with pipeline(study) as snakemake:
        orphans = psutil.Process(snakemake.pid).children(recursive=True)
        snakemake.send_signal(signal.SIGKILL)
        assert any(orphan.is_running() for orphan in orphans)
        study.succeed(*COMMAND)
    same(undisturbed, left(study))
    assert not list((study.folder / "results" / "smoke" / "scratch").glob("*.lock"))


def test_everything_is_killed_at_once(study: Workspace, undisturbed: Outcome) -> None:
    """As by a power cut."""
    with pipeline(study) as snakemake:
        processes = psutil.Process(snakemake.pid).children(recursive=True)
        for process in [psutil.Process(snakemake.pid), *processes]:
            process.kill()
    study.succeed(*COMMAND)
    same(undisturbed, left(study))


def test_every_process_is_asked_to_stop(study: Workspace, undisturbed: Outcome) -> None:
    """As by a scheduler that takes its machine back: training saves, and its shell waits for it."""
    with pipeline(study) as snakemake:
        main = psutil.Process(snakemake.pid)
        processes = [main, *main.children(recursive=True)]
        (trainer,) = [p for p in processes if p.cmdline()[1:4] == ["-m", "replication", "train"]]
        shell = trainer.parent()
        assert shell
        trainer.suspend()  # it takes its time
        for process in processes:
            process.terminate()
        with pytest.raises(psutil.TimeoutExpired):
            shell.wait(3)
        trainer.resume()
        shell.wait()
        snakemake.kill()  # as whoever asks does in the end
        snakemake.communicate()
    assert snakemake.returncode != 0
    assert saved_on_request(study.folder)
    study.succeed(*COMMAND)
    same(undisturbed, left(study))


def test_a_second_pipeline_in_one_folder_is_refused(study: Workspace, undisturbed: Outcome) -> None:
    with pipeline(study) as snakemake:
        second = study.run(*COMMAND)
        assert second.returncode != 0
        refusal = f"{study.folder}: another pipeline is running here (process {snakemake.pid} on "
        assert [line for line in second.stderr.splitlines() if line.startswith(refusal)]
        assert "Traceback" not in second.stderr
        assert study.run(*COMMAND[:3], "--dry-run").returncode == 0, "looking is always allowed"
        output, _ = snakemake.communicate()
    assert snakemake.returncode == 0, output
    same(undisturbed, left(study))
