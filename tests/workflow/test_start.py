"""Whose code runs, a home that cannot be written, and the one line that is left of an error."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from workspace import ROOT, Workspace

from replication import __main__ as command_line
from replication.jobs import provenance, start

#: No folder can be made here, not even by an administrator.
NOWHERE = "/dev/null/nobody"

#: As the command `replication` starts: from a folder of programs, with the package that is installed.
INSTALLED = "import sys; sys.argv[0] = 'replication'; from replication.__main__ import main; sys.exit(main())"


@pytest.fixture
def clone(bare: Workspace, tmp_path: Path) -> Workspace:
    """A copy of a clone; its own code has one method more."""
    copy = bare.copied(tmp_path / "copy")
    methods = copy.folder / "replication" / "methods"
    shutil.copy(methods / "gan_ns.py", methods / "gan_mine.py")
    return copy


def installed(clone: Workspace, *arguments: str, folder: str = ".") -> subprocess.CompletedProcess:
    """`replication` in a clone, where the package of this repository is what is installed."""
    return subprocess.run(
        [sys.executable, "-P", "-c", INSTALLED, *arguments],
        cwd=clone.folder / folder,
        env=clone.environment() | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_runs_the_code_of_the_folder_one_works_in(clone: Workspace) -> None:
    done = installed(clone, "train", "mnist_5k/mlp/gan_mine/paper/seed7")
    assert done.returncode == 2
    assert "did you mean 'mnist_5k/mlp/gan_mine/paper/seed" in done.stderr
    said = installed(clone, "doctor").stdout
    head = clone.succeed("git", "rev-parse", "--short=7", "HEAD").strip()
    assert f"git repository at {head}, code of {clone.folder}" in said


def test_a_folder_inside_a_clone_is_of_the_clone(clone: Workspace, tmp_path: Path) -> None:
    assert start.clone(clone.folder / "replication" / "nets") == clone.folder
    assert start.clone(ROOT / "tests") is None
    assert start.clone(tmp_path) is None


def test_code_that_cannot_be_had_is_refused_in_one_line(tmp_path: Path) -> None:
    assert start.command(tmp_path, {})["PYTHONPATH"] == str(tmp_path)
    before = {"PYTHONPATH": f"{tmp_path}{os.pathsep}/else"}
    with pytest.raises(start.WrongCode) as error:
        start.command(tmp_path, before)
    said = str(error.value)
    assert "\n" not in said
    assert str(tmp_path) in said
    assert str(ROOT) in said
    assert f"pip install -e {tmp_path}" in said


def test_snakemake_and_its_jobs_run_the_code_of_the_clone(clone: Workspace) -> None:
    plan = clone.plan("runs")
    assert "Train mnist_5k/mlp/gan_mine/paper/seed0" in plan


def test_code_inside_another_repository_is_not_of_its_commits(clone: Workspace) -> None:
    """As from a tarball that was unpacked there."""
    code = (
        "import json; from replication.jobs import provenance; print(json.dumps(provenance.git()))"
    )

    def told(folder: Path) -> dict:
        command = [sys.executable, "-c", code]
        return json.loads(
            subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout
        )

    head = clone.succeed("git", "rev-parse", "HEAD").strip()
    assert told(clone.folder)["commit"] == head
    inside = clone.folder / "unpacked"
    shutil.copytree(clone.folder / "replication", inside / "replication")
    shutil.copy(clone.folder / "params.yaml", inside)
    assert told(inside) == {"commit": None, "dirty": None}
    doctor = installed(clone, "doctor", folder="unpacked").stdout
    assert f"note    {inside} is not the root of a git repository" in doctor


def test_without_git_there_is_no_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert provenance.git() == {"commit": None, "dirty": None}


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No home, and a folder for temporary files; returns that."""
    for variable in start.CACHES:
        monkeypatch.setenv(variable, "")  # restored afterwards
        monkeypatch.delenv(variable)
    monkeypatch.setenv("HOME", NOWHERE)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_home_that_cannot_be_written_is_replaced(homeless: Path) -> None:
    assert start.homeless() == list(start.CACHES)
    start.find_home()
    assert start.homeless() == []
    assert start.found() == list(start.CACHES)
    for variable in start.CACHES:
        assert Path(os.environ[variable]).is_relative_to(homeless)


def test_a_home_that_can_be_written_stays(homeless: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(homeless))
    start.find_home()
    assert not set(start.CACHES) & set(os.environ)
    assert start.found() == []


def test_without_a_home_snakemake_plans_and_works_and_the_doctor_says_so(bare: Workspace) -> None:
    def run(*command: str) -> subprocess.CompletedProcess:
        own = bare.environment() | {"HOME": NOWHERE}
        environment = {k: v for k, v in own.items() if k not in start.CACHES}
        return subprocess.run(
            command, cwd=bare.folder, env=environment, capture_output=True, text=True, check=False
        )

    done = run("snakemake", "--cores", "1", "results/smoke/data/ring.safetensors")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    found = run(sys.executable, "-m", "replication", "doctor")
    assert f"note    the home {NOWHERE} cannot be written: export HOME" in found.stdout


#: Where `command_line.main` was when a verb of a test failed: the last place that is the package's own.
HERE = "at __main__.py:"
ERRORS = [
    (
        OSError(errno.ENOSPC, "No space left on device", "a.bin"),
        "a.bin: No space left on device; make room",
    ),
    (
        PermissionError(errno.EACCES, "Permission denied", "a"),
        "a: Permission denied; change its permissions, or work elsewhere",
    ),
    (
        OSError(errno.EROFS, "Read-only file system", "a", None, "b"),
        "a -> b: Read-only file system; work in a folder that can be written",
    ),
    (OSError(errno.ENOSPC, "No space left on device"), HERE),
    (
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
        "not UTF-8 ('utf-8' codec can't decode byte 0xff in position 0: invalid start byte) "
        + HERE,
    ),
    (MemoryError(), f"out of memory {HERE}"),
    (ZeroDivisionError("two\nlines"), f"ZeroDivisionError: two lines {HERE}"),
    (start.WrongCode("said by\nitself"), "said by\nitself"),
]


def only(verb: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command line have this verb and no other."""
    module = ModuleType(f"verbs.{verb.__name__}")
    setattr(module, verb.__name__, verb)
    monkeypatch.setattr(command_line, "_modules", lambda: [module])


@pytest.mark.parametrize(("error", "line"), ERRORS)
def test_any_error_is_one_line_with_place_and_remedy_and_debug_shows_all(
    error: Exception, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error

    only(fail, monkeypatch)
    assert command_line.main(["fail"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(line)
    assert said.count("\n") == line.count("\n") + 1
    for arguments in (["fail", "--debug"], ["--debug", "fail"]):
        with pytest.raises(type(error)):
            command_line.main(arguments)


def test_an_interruption_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def wait() -> None:
        raise KeyboardInterrupt

    only(wait, monkeypatch)
    assert command_line.main(["wait"]) == 130
    assert capsys.readouterr().err == "interrupted; the same command goes on\n"


def expect_one_line(clone: Workspace, line: str, *command: str) -> None:
    for program in (
        ["snakemake", "--cores", "1", *command],
        [sys.executable, "-m", "replication", "data", "ring"],
    ):
        done = clone.run(*program)
        assert done.returncode == 2, done.stderr
        said = [
            row for row in done.stderr.splitlines() if row and not row.startswith("Using workflow")
        ]
        assert len(said) == 1, done.stderr
        assert said[0].startswith(line)


def test_a_configuration_in_another_encoding_is_one_line(clone: Workspace) -> None:
    (clone.folder / "params.yaml").write_bytes("profile: smöke".encode("latin-1"))
    expect_one_line(clone, "params.yaml: line 1 is not UTF-8; convert it: iconv", "data")


@pytest.mark.parametrize("arguments", [("data",), ("data", "--dry-run")])
def test_results_that_cannot_be_written_are_one_line(clone: Workspace, arguments: tuple) -> None:
    shutil.rmtree(clone.folder / ".snakemake", ignore_errors=True)
    (clone.folder / ".snakemake").write_text("in the way")
    done = clone.run("snakemake", "--cores", "1", *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert ".snakemake: File exists; " in done.stderr.splitlines()[-1]
