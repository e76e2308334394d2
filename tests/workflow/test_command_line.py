"""The command line: quick help, one line for the user's errors, a traceback for ours."""

from __future__ import annotations

import sys

import pytest
from workspace import ROOT, Workspace

from replication import __main__ as command_line


def test_help_loads_neither_torch_nor_pandas(bare: Workspace) -> None:
    code = (
        "import sys, runpy\n"
        "sys.argv = ['replication', '--help']\n"
        "try: runpy.run_module('replication', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print(sorted({'torch', 'pandas', 'pydantic', 'matplotlib'} & set(sys.modules)))\n"
    )
    output = bare.succeed(sys.executable, "-c", code)
    assert output.splitlines()[-1] == "[]"
    assert "evaluate" in output


def test_every_rule_has_a_verb() -> None:
    shells = [
        line for line in (ROOT / "Snakefile").read_text().splitlines() if "-m replication" in line
    ]
    called = {line.split("-m replication ")[1].split()[0] for line in shells if '"python' in line}
    assert called == {verb.__name__ for verb in command_line.VERBS} - {"watch", "doctor"}


@pytest.mark.parametrize("verb", ["train", "evaluate"])
def test_an_unknown_run_is_one_line_with_the_nearest(bare: Workspace, verb: str) -> None:
    done = bare.run(sys.executable, "-m", "replication", verb, "mnist_5k/mlp/wgan_gb/paper/seed0")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        "no run 'mnist_5k/mlp/wgan_gb/paper/seed0' in profile 'smoke'; "
        "did you mean 'mnist_5k/mlp/wgan_gp/paper/seed0'?\n"
    )


def test_an_unknown_data_set_or_panel_is_one_line(bare: Workspace) -> None:
    for arguments in (("data", "mnist_5"), ("panel", "wgan2017/fig99")):
        done = bare.run(sys.executable, "-m", "replication", *arguments)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr


def test_our_own_faults_keep_their_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(command_line, "VERBS", (fail,))
    with pytest.raises(ZeroDivisionError):
        command_line.main(["fail"])
