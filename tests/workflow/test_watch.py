"""What `replication watch` says of a run, from the files that a run leaves."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
import yaml
from rich.console import Console
from workspace import ROOT

from replication.cli import watch
from replication.plan.config import Run
from replication.plan.paths import Paths
from replication.plan.study import Study

NOW = 1_800_000_000.0
PATHS = Paths.of("smoke")


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """The smoke study in an empty folder."""
    monkeypatch.chdir(tmp_path)
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    return Study(params | {"profile": "smoke"})


@pytest.fixture
def run(study: Study) -> Run:
    return study.run("mnist_5k/mlp/gan_ns/paper/seed0")


def write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))


def train(run: Run, step: int, seconds: float, age: float, attempt: str = "0123") -> None:
    stamp = datetime.fromtimestamp(NOW - age, UTC).isoformat(timespec="seconds")
    state = {"run": run.id, "step": step, "steps": run.steps, "seconds": seconds, "updated": stamp}
    write(PATHS.scratch / f"{run.id.replace('/', '__')}__{attempt}" / "progress.json", state)


def finish(run: Run, state: str) -> None:
    write(
        PATHS.run(run.id) / "status.json",
        [{"seed": 0, "state": state, "step": run.steps, "reason": ""}],
    )


def test_a_run_without_files_waits(run: Run) -> None:
    sight = watch.observe(run, PATHS, NOW)
    assert (sight.state, sight.step, sight.left) == ("waiting", 0, None)


def test_a_training_run_shows_its_speed_and_the_time_left(run: Run) -> None:
    train(run, step=20, seconds=4.0, age=1)
    sight = watch.observe(run, PATHS, NOW)
    assert (sight.state, sight.step) == ("training", 20)
    assert sight.speed == pytest.approx(5.0)
    assert sight.left == pytest.approx((run.steps - 20) / 5.0)


def test_a_silent_run_has_stopped_but_a_slow_one_has_not(run: Run) -> None:
    train(run, step=20, seconds=4.0, age=3600)
    assert watch.observe(run, PATHS, NOW).state == "stopped"
    train(run, step=20, seconds=20 * 400.0, age=3600)
    assert watch.observe(run, PATHS, NOW).state == "training"


def test_the_latest_of_two_attempts_counts(run: Run) -> None:
    train(run, step=50, seconds=4.0, age=9000, attempt="older")
    train(run, step=10, seconds=1.0, age=1, attempt="newer")
    assert watch.observe(run, PATHS, NOW).step == 10


def test_an_ended_run_shows_its_end_and_its_last_fid(run: Run) -> None:
    train(run, step=20, seconds=4.0, age=1)
    finish(run, "finished")
    assert watch.observe(run, PATHS, NOW).state == "trained"
    rows = [
        (0, 5, "fid_lenet_mnist_5k", 90.0),
        (0, 60, "fid_lenet_mnist_5k", 7.0),
        (0, 60, "fid_infinity_lenet_mnist_5k", 6.0),
        (0, 60, "w1", 1.0),
    ]
    PATHS.arm(run.arm).mkdir(parents=True)
    quality = pd.DataFrame(rows, columns=["seed", "step", "metric", "value"])
    quality.to_parquet(PATHS.arm(run.arm) / "quality.parquet")
    sight = watch.observe(run, PATHS, NOW)
    assert (sight.state, sight.fid) == ("evaluated", 7.0)


def test_a_diverged_run_stays_visible(run: Run) -> None:
    finish(run, "diverged")
    assert watch.observe(run, PATHS, NOW).state == "diverged"


def test_a_half_written_file_is_no_error(run: Run) -> None:
    train(run, step=20, seconds=4.0, age=1)
    (progress,) = PATHS.scratch.glob("*/progress.json")
    progress.write_text('{"run": ')
    assert watch.observe(run, PATHS, NOW).state == "waiting"


def test_without_a_terminal_the_table_is_printed_once(
    study: Study, capsys: pytest.CaptureFixture[str]
) -> None:
    watch.watch(study)
    printed = capsys.readouterr().out
    assert f"{len(study.runs)} runs: {len(study.runs)} waiting; training 0% done" in printed
    assert all(run_id in printed for run_id in study.runs)


def test_where_rows_are_few_the_running_ones_come_first(study: Study) -> None:
    last = list(study.runs.values())[-1]
    train(last, step=1, seconds=1.0, age=0)
    sights = [watch.observe(run, PATHS, NOW) for run in study.runs.values()]
    console = Console(width=120, record=True, quiet=True)
    with console.capture() as capture:
        console.quiet = False
        console.print(watch.picture(sights, height=1))
    assert last.id in capture.get()
    assert f"and {len(sights) - 1} more" in capture.get()
