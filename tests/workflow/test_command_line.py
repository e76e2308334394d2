"""The command line: quick help, and one line for whatever is wrong."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from workspace import ROOT, Workspace, smoke

from replication import __main__ as command_line
from replication.claims import schema, verdicts
from replication.claims.evidence import Found


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
        line
        for rules in (ROOT / "workflow").glob("*.smk")
        for line in rules.read_text().splitlines()
        if "-m replication" in line
    ]
    called = {line.split("-m replication ")[1].split()[0] for line in shells if '"python' in line}
    for_a_person = {
        "diff",
        "track",
        "verify",
        "import_",
        "watch",
        "doctor",
        "bench",
        "open_",
        "show",
        "plan",
    }
    verbs = {module.__name__.rpartition(".")[2] for module in command_line._modules()}
    assert called == verbs - for_a_person


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


@pytest.fixture
def decided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A results folder in the working one, with verdicts on every claim and tables of nothing."""
    monkeypatch.chdir(tmp_path)
    params = (ROOT / "params.yaml").read_text(encoding="utf-8")
    Path("params.yaml").write_text(params.replace("profile: laptop", "profile: smoke", 1))
    key = "WGAN17-C5/grid"
    (claim,) = (own for own in schema.all_claims(schema.papers().values()) if key in own.keys)
    controls = claim.asked_of(claim.keys[key])
    reached = {(key, one.control): {"": [one.threshold]} for one in controls}
    evidence = {key: [0.9, 0.88, 0.93, 0.9, 0.87, 0.95]}
    verdicts.claims_json(smoke(), Found(evidence, controls=reached))
    head = "dataset,net,method,variant"
    ends = "ci_low,ci_high,n_seeds"
    (tmp_path / "results/smoke/summary.csv").write_text(f"{head},metric,mean,{ends},n_diverged\n")
    (tmp_path / "results/smoke/tracking.csv").write_text(
        f"{head},estimate,quality,spearman,{ends}\n"
    )
    return tmp_path / "results" / "smoke"


def test_the_verdicts_of_a_paper_are_printed_and_not_decided_anew(
    decided: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (decided / "claims.json").read_bytes()
    rows = [row for row in json.loads(before) if row["paper"] == "wgan2017"]
    assert command_line.main(["claims", "--paper", "wgan2017"]) == 0
    printed = capsys.readouterr().out
    heads = re.findall(r"^(WGAN17-C\d+[a-z]?)  (\S.*)$", printed, re.M)
    statements = {row["id"]: row["statement"] for row in rows}
    assert [name for name, _ in heads] == list(statements)
    assert all(statements[name].startswith(said[:90]) for name, said in heads)
    settings = re.findall(
        r"^  (calculation|2-D|small images) +[✗–·] (not \w+|no test)", printed, re.M
    )
    assert settings.count(("2-D", "not replicated")) == 1
    assert len(settings) == len(rows)
    own = next(row for row in rows if (row["id"], row["setting"]) == ("WGAN17-C5", "2-D"))
    settled = next(one for one in own["outcomes"] if one["settled"])
    said = " ".join(printed.split())
    number = f"{settled['estimate']:.3f} ({settled['low']:.3f} to {settled['high']:.3f}) ρ"
    assert f"{number}; threshold: at most 0.3; 6 seeds" in said
    assert (decided / "claims.json").read_bytes() == before


def test_a_paper_without_verdicts_is_one_line_with_the_nearest(
    decided: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main(["claims", "--paper", "wgan2071"]) == 2
    assert capsys.readouterr().err == "there is no paper 'wgan2071'; did you mean 'wgan2017'?\n"
    (decided / "claims.json").write_text('[{"id": "WGAN17-C5", "effect": 1.0}]')
    assert command_line.main(["claims", "--paper", "wgan2017"]) == 2
    assert (
        "of another version; make it with: replication claims --study smoke\n"
        in capsys.readouterr().err
    )
    (decided / "claims.json").unlink()
    assert command_line.main(["claims", "--paper", "wgan2017"]) == 2
    assert capsys.readouterr().err.endswith("make it with: replication claims --study smoke\n")


def test_a_difference_is_printed_written_and_no_error(
    decided: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = shutil.copytree(decided, decided.with_name("other"))
    rows = json.loads((decided / "claims.json").read_text())
    changed = next(row for row in rows if (row["id"], row["setting"]) == ("WGAN17-C5", "2-D"))
    changed["verdict"] = "replicated"
    next(one for one in changed["outcomes"] if one["settled"])["estimate"] = -0.125
    (other / "claims.json").write_text(json.dumps(rows))
    arguments = ["diff", "results/smoke", "results/other", "--json", "told.json"]
    assert command_line.main(arguments) == 0
    printed = capsys.readouterr().out
    assert re.search(r"WGAN17-C5, 2-D +not replicated +replicated *\n.* −0\.1250 \(", printed)
    totals = printed.splitlines()[-1]
    assert totals.startswith("0 numbers in both: 0 moved")
    assert totals.endswith(f"1 of {len(rows)} verdicts changed; 0 arms in one only")
    (told,) = json.loads((decided.parents[1] / "told.json").read_text())["verdicts"]
    assert (told["id"], told["after"]["verdict"]) == ("WGAN17-C5, 2-D", "replicated")


def test_a_difference_from_nowhere_is_one_line(
    decided: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main(["diff", "results/smoke", "resluts"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("resluts/summary.csv: no such file")
    assert error.count("\n") == 1
