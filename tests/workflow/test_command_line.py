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


@pytest.mark.parametrize(
    ("verb", "kind", "seed"), [("train", "run", "/seed0"), ("evaluate", "arm", "")]
)
def test_an_unknown_run_or_arm_is_one_line_with_the_nearest(
    bare: Workspace, verb: str, kind: str, seed: str
) -> None:
    wrong, right = (f"mnist_5k/mlp/{method}/paper{seed}" for method in ("wgan_gb", "wgan_gp"))
    done = bare.run(sys.executable, "-m", "replication", verb, wrong)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == f"no {kind} '{wrong}' in profile 'smoke'; did you mean '{right}'?\n"


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
