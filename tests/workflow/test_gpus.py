"""Jobs side by side share out the GPUs of a machine: every one is used, none by more jobs than it may have."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from replication.jobs import gpus

FOUR = ["0", "1", "2", "3"]

JOB = """
import sys, time
from pathlib import Path
from replication.jobs import gpus
with gpus.place(sys.argv[2].split(","), int(sys.argv[3]), Path(sys.argv[1])) as gpu:
    print(gpu, flush=True)
    time.sleep(float(sys.argv[4]))
"""


def job(locks: Path, devices: list[str], jobs: int, seconds: float) -> subprocess.Popen[str]:
    """A process that holds a place on one of the devices."""
    command = [sys.executable, "-c", JOB, str(locks), ",".join(devices), str(jobs), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_eight_jobs_use_all_four_and_never_two_on_one(tmp_path: Path) -> None:
    first = [job(tmp_path, FOUR, 1, 60) for _ in FOUR]
    held = [first_line(process) for process in first]
    assert sorted(held) == FOUR
    waiting = job(tmp_path, FOUR, 1, 0)
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(2)
    # A killed job's place is free at once.
    first[2].send_signal(signal.SIGKILL)
    assert first_line(waiting) == held[2]
    assert waiting.wait(30) == 0
    for process in [*first, waiting]:
        process.kill()
        process.communicate()


def test_more_jobs_per_gpu_only_where_told_and_spread_evenly(tmp_path: Path) -> None:
    with ExitStack() as held:
        taken = [held.enter_context(gpus.place(FOUR, 2, tmp_path)) for _ in range(8)]
        assert Counter(taken[:4]) == Counter(FOUR)
        assert Counter(taken) == Counter(FOUR * 2)


def test_the_chosen_gpu_alone_is_visible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpus, "folder", lambda: tmp_path)
    monkeypatch.setenv(gpus.VISIBLE, "3,5")
    with gpus.gpu("auto", 1) as one, gpus.gpu("cuda", 1) as other:
        # The second sees what the first left to it, as a process that the first starts would.
        assert (one, other) == ("3", "3")
        assert os.environ[gpus.VISIBLE] == "3"
    assert os.environ[gpus.VISIBLE] == "3,5"


@pytest.mark.parametrize(
    ("device", "environment", "expected"),
    [("cpu", "0,1", None), ("auto", "", None), ("auto", "-1", None), ("auto", "7", "7")],
)
def test_where_there_is_nothing_to_choose_nothing_happens(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    device: str,
    environment: str,
    expected: str | None,
) -> None:
    monkeypatch.setattr(gpus, "folder", lambda: tmp_path / "locks")
    monkeypatch.setenv(gpus.VISIBLE, environment)
    with gpus.gpu(device, 1) as found:
        assert found == expected
        assert os.environ[gpus.VISIBLE] == environment
    assert not (tmp_path / "locks").exists()


def test_gpus_are_counted_by_the_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(gpus.VISIBLE, raising=False)
    monkeypatch.setattr(gpus, "DRIVER", tmp_path)
    assert gpus.visible() == []
    for bus in ("0000:01:00.0", "0000:02:00.0"):
        (tmp_path / bus).mkdir()
    assert gpus.visible() == ["0", "1"]
    monkeypatch.setattr(gpus, "DRIVER", tmp_path / "absent")
    assert gpus.visible() == []
