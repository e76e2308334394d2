"""One pipeline in a folder and one training of a run: who comes second is refused or waits, until the first is gone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from replication.jobs import alone

CLAIM = "alone.claim(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
TURN = "\nwith alone.turn('a/b', Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"


def process(code: str, folder: Path) -> subprocess.Popen[str]:
    """A process that holds its lock until it is killed or its input ends."""
    code = f"import sys; from pathlib import Path; from replication.jobs import alone; {code}"
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdin=pipe, stdout=pipe, text=True
    )


def holds(one: subprocess.Popen[str]) -> bool:
    assert one.stdout is not None
    return one.stdout.readline() == "held\n"


def test_a_second_pipeline_is_refused_until_the_first_is_killed(tmp_path: Path) -> None:
    (tmp_path / "locks").mkdir()
    stale = tmp_path / "locks/0.input.lock"
    with process(CLAIM, tmp_path) as first:
        assert holds(first)
        stale.touch()
        with pytest.raises(alone.AlreadyRunning, match=rf"\(process {first.pid} on .*\); wait"):
            alone.claim(tmp_path)
        assert stale.exists()
        first.kill()
    with process(CLAIM, tmp_path) as second:
        assert holds(second)
        assert not stale.exists()
        second.kill()


def test_a_second_training_waits_for_the_first_and_leaves_no_lock(tmp_path: Path) -> None:
    with process(TURN, tmp_path) as first:
        assert holds(first)
        with process(TURN, tmp_path) as second, process(TURN, tmp_path) as third:
            with pytest.raises(subprocess.TimeoutExpired):
                second.wait(2)
            first.communicate("")  # ends in order, and removes the file that the others wait for
            turns = [one for one in (second, third) if one.poll() is None]
            assert len(turns) == 2
            held = next(one for one in turns if _first_to_speak(turns) is one)
            other = next(one for one in turns if one is not held)
            with pytest.raises(subprocess.TimeoutExpired):
                other.wait(1)
            held.kill()
            assert holds(other)
            other.communicate("")
    assert not list(tmp_path.iterdir())


def _first_to_speak(processes: list[subprocess.Popen[str]]) -> subprocess.Popen[str]:
    import select

    (ready, *_), _, _ = select.select([one.stdout for one in processes], [], [], 60)
    return next(one for one in processes if one.stdout is ready)
