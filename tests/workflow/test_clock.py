"""A clock that jumps: Snakemake goes by the dates of files, and they may lie in the future or far in the past."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from bits import outcome, same, state, wait_until
from workspace import Workspace

from replication.jobs import checksums
from replication.plan.paths import RUN_FILES

pytestmark = [pytest.mark.pipeline, pytest.mark.xdist_group("clock")]

RUN = "mnist_5k/mlp/gan_ns/paper/seed0"
DATA = "results/smoke/data/mnist_5k.safetensors"
TARGETS = tuple(f"results/smoke/runs/{RUN}/{name}" for name in RUN_FILES)
DAY = 86_400


def command(critic_steps: int = 60) -> list[str]:
    changed = f"profiles={{smoke: {{critic_steps: {critic_steps}, checkpoints: 6}}}}"
    return ["snakemake", "--cores", "1", "--config", changed, "--", *TARGETS]


def moved(paths: Iterable[Path], seconds: float) -> None:
    """Files as a clock would have dated them that was ahead by so much, or behind."""
    for path in paths:
        if path.is_file():
            date = path.stat().st_mtime + seconds
            os.utime(path, (date, date))


def results(study: Workspace) -> list[Path]:
    return sorted((study.folder / "results").rglob("*"))


def left(study: Workspace) -> dict[str, object]:
    return outcome(study.folder / "results" / "smoke" / "runs" / RUN)


def trained(said: str) -> bool:
    return f"Train {RUN}" in said


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace in which one run has been made, by a good clock."""
    workspace = Workspace(tmp_path_factory.mktemp("clock"))
    workspace.succeed(*command())
    return workspace


@pytest.fixture
def study(done: Workspace, tmp_path: Path) -> Workspace:
    return done.copied(tmp_path / "study")


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [DAY, -DAY, 3650 * DAY, -3650 * DAY])
def test_a_clock_that_was_wrong_all_the_time(study: Workspace, seconds: float) -> None:
    before = left(study)
    moved(results(study), seconds)
    assert not trained(study.succeed(*command()))
    assert "Nothing to be done" in study.succeed(*command())
    same(before, left(study))


@pytest.mark.slow
def test_data_of_the_future(study: Workspace) -> None:
    """The clock was set back after the data had been prepared; what is trained since is not refused, nor made twice."""
    before = left(study)
    for name in TARGETS:
        (study.folder / name).unlink()
    moved([study.folder / DATA], DAY)
    assert trained(study.succeed(*command()))
    assert "Nothing to be done" in study.succeed(*command())
    same(before, left(study))


@pytest.mark.slow
def test_the_clock_is_set_back_while_it_trains(done: Workspace, study: Workspace) -> None:
    with subprocess.Popen(
        command(600), cwd=study.folder, env=study.environment(),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as snakemake:  # fmt: skip
        wait_until(lambda: state(study.folder) or snakemake.poll() is not None, "no state")
        moved([study.folder / DATA], DAY)
        said, _ = snakemake.communicate()
    assert snakemake.returncode == 0, said
    assert "Nothing to be done" in study.succeed(*command(600))


@pytest.mark.slow
def test_results_that_look_older_than_their_data(study: Workspace) -> None:
    """As a copy without dates may be: their contents are known, and are what was made from these data."""
    before = left(study)
    moved([study.folder / name for name in TARGETS], -DAY)
    assert "Nothing to be done" in study.succeed(*command())
    same(before, left(study))


@pytest.mark.slow
def test_a_damaged_file_is_found_whatever_its_date(study: Workspace) -> None:
    before = left(study)
    path = study.folder / TARGETS[1]
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    moved([path], DAY)
    said = study.succeed(*command())
    assert f"{TARGETS[1]}: damaged" in said
    assert trained(said)
    same(before, left(study))


def test_only_dates_of_the_future_are_changed(tmp_path: Path) -> None:
    now = time.time()
    dates = {"past": now - DAY, "present": now - 1, "soon": now + 60, "later": now + DAY}
    for name, date in dates.items():
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (date, date))
    paths = [tmp_path / name for name in (*dates, "absent")]
    assert checksums.fix_timestamps(paths) == [tmp_path / "soon", tmp_path / "later"]
    found = {name: (tmp_path / name).stat().st_mtime for name in dates}
    assert found["past"] == pytest.approx(dates["past"])
    assert found["present"] == pytest.approx(dates["present"])
    assert found["soon"] == found["later"] <= time.time()
    assert checksums.fix_timestamps(paths) == []
