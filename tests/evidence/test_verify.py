"""Evidence is made again, and says whether it comes out the same; code that gives the same bits may stand for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import yaml

from replication.data import _base as data
from replication.evidence import current, store, verify
from replication.evidence.evaluate import evaluate
from replication.evidence.reference import reference
from replication.jobs import keys
from replication.plan.study import Study
from replication.training import loop

ROOT = Path(__file__).parents[2]
ARMS = [f"ring/points/{method}/decay" for method in ("gan_ns", "wgan_gp")]


def planned(critic_steps: int = 12, **evaluation: object) -> Study:
    """Two methods on points, for a dozen steps."""
    raw = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    smoke = raw["profiles"]["smoke"]
    arm = {
        "dataset": "ring",
        "net": "points",
        "methods": ["gan_ns", "wgan_gp"],
        "variants": ["decay"],
        "together": True,
    }
    budget = {
        "arms": [arm],
        "critic_steps": critic_steps,
        "evaluation": smoke["evaluation"] | evaluation,
    }
    return Study(raw | {"profile": "smoke", "device": "cpu", "profiles": {"smoke": smoke | budget}})


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    """The study with its evidence, and without weights."""
    monkeypatch.chdir(tmp_path)
    study = planned()
    paths, config, every = study.paths, study.config, dict(keys.every(study))
    data.prepare("ring", config, paths.dataset("ring"))
    evaluation = config.budget.evaluation
    reference("ring", evaluation, 1, paths, keys.made_by(every, "reference/ring"))
    for arm, runs in study.arms.items():
        for run in runs:
            loop.train(run, paths)
        evaluate(runs, evaluation, paths, keys.made_by(every, f"evaluate/{arm}"))
    for path in [paths.dataset("ring"), *(paths.root / "runs").rglob("*.safetensors")]:
        path.unlink()
    return study


def outcomes(study: Study) -> dict[str, verify.Check]:
    return {check.job: check for check in verify.verify(study)}


def rewrite(monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    """Let the code of some modules count as other code."""
    known = keys.fingerprint.fingerprint

    def fingerprint(*code: str) -> str:
        return ("new " if set(code) & set(modules) else "") + known(*code)

    monkeypatch.setattr(keys.fingerprint, "fingerprint", fingerprint)


def test_the_same_code_gives_the_same_bits_without_any_weights(study: Study) -> None:
    found = outcomes(study)
    assert set(found) == {"reference/ring", *(f"evaluate/{arm}" for arm in ARMS)}
    assert all(check.same and check.within and check.changed == () for check in found.values())
    assert not study.paths.dataset("ring").exists(), "it works in a folder of its own"


def test_another_number_is_found_and_named(study: Study) -> None:
    path = study.paths.arm(ARMS[0]) / "curves.parquet"
    curves = pd.read_parquet(path)
    row = curves.index[(curves["seed"] == 1)][0]
    curves.loc[row, "critic_loss"] *= 1.5
    curves.to_parquet(path, index=False)
    check = outcomes(study)[f"evaluate/{ARMS[0]}"]
    assert check.difference == pytest.approx(1 / 3)
    assert not check.within
    assert check.where.startswith("critic_loss: ")
    assert check.where.endswith(f"at step {curves.loc[row, 'step']}")


def test_a_difference_of_another_machine_is_within_the_tolerance(study: Study) -> None:
    path = study.paths.real("ring") / "real.parquet"
    scores = pd.read_parquet(path)
    scores.assign(value=scores["value"] * (1 + 1e-6)).to_parquet(path, index=False)
    check = outcomes(study)["reference/ring"]
    assert (check.same, check.within) == (False, True)


def test_missing_rows_cannot_be_compared(study: Study) -> None:
    path = study.paths.arm(ARMS[0]) / "curves.parquet"
    pd.read_parquet(path).query("seed == 0").to_parquet(path, index=False)
    check = outcomes(study)[f"evaluate/{ARMS[0]}"]
    assert (check.same, check.within, check.where) == (False, False, "other rows or columns")


def test_code_written_anew_that_gives_the_same_is_accepted(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrite(monkeypatch, "training/loop")
    jobs = [f"evaluate/{arm}" for arm in ARMS]
    assert list(current.stale(study)) == jobs
    checks = list(verify.verify(study))
    assert verify.accept(study, checks) == jobs
    assert current.stale(study) == {}
    entry = next(iter(json.loads((study.paths.evidence / "accepted.json").read_text()).values()))
    assert entry["job"].startswith("train/ring/points/")
    assert entry.keys() == {"for", "job", "commit", "machine", "on"}
    # What is made from now on says that it was made by the code of now.
    arm = study.arm(ARMS[0])
    data.prepare("ring", study.config, study.paths.dataset("ring"))
    loop.train(arm[0], study.paths)
    now = keys.made_by(dict(keys.every(study)), jobs[0])
    evaluate(arm, study.config.budget.evaluation, study.paths, now)
    assert current.stale(study) == {}
    rewrite(monkeypatch, "training/loop")  # once more: what was accepted is not this
    assert list(current.stale(study)) == jobs


def test_code_that_came_out_otherwise_for_one_arm_is_accepted_for_none(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = study.paths.arm(ARMS[0]) / "curves.parquet"
    pd.read_parquet(path).assign(critic_loss=0.0).to_parquet(path, index=False)
    rewrite(monkeypatch, "evidence/evaluate")
    assert verify.accept(study, list(verify.verify(study))) == []
    assert list(current.stale(study)) == [f"evaluate/{arm}" for arm in ARMS]


def test_settings_are_never_accepted(study: Study) -> None:
    """The first steps of a longer training are the same, and its evidence is not."""
    longer = planned(samples=150)
    checks = list(verify.verify(longer))
    assert {check.job for check in checks if check.changed} == {c.job for c in checks}
    assert verify.accept(longer, checks) == []
    assert len(current.stale(longer)) == len(checks)


def test_first_rows_reach_the_first_checkpoint(study: Study) -> None:
    data.prepare("ring", study.config, study.paths.dataset("ring"))
    run = study.arm(ARMS[0])[0]
    rows = verify.first_rows(run, study.paths)
    assert rows["step"].max() >= run.checkpoints[0]
    assert rows["step"].nunique() >= verify.STEPS
    whole = store.read_frame(study.paths.arm(ARMS[0]) / "curves.parquet", ["step"])
    assert rows["step"].max() < whole["step"].max()
