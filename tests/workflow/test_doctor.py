"""`replication doctor` names what is wrong and what to do about it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from packaging.requirements import Requirement
from workspace import ROOT

from replication.cli import doctor, preflight
from replication.plan.params import load


@pytest.fixture
def params() -> dict:
    return yaml.safe_load((ROOT / "params.yaml").read_text()) | {"profile": "smoke"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, params: dict) -> Path:
    """A folder with a valid configuration and nothing else."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params))
    return tmp_path


def test_a_good_set_up_has_no_problem(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.main() == 0, capsys.readouterr().out
    printed = capsys.readouterr().out
    for word in ("Python", "torch", "snakemake", "dvc", "mnist_5k", "GiB free", "ready"):
        assert word in printed


def test_a_fault_in_the_configuration_is_a_problem(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "params.yaml").write_text("profil: smoke\n")
    assert doctor.main() == 1
    assert "did you mean 'profile'?" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("requirement", "state"),
    [
        ("numpy>=1", []),
        ("torch>=1", ["ok"]),
        ("torch>=1000", ["problem"]),
        ("no-such-thing", ["problem"]),
    ],
)
def test_versions_are_held_against_the_package(requirement: str, state: list[str]) -> None:
    assert [finding.state for finding in doctor.version(Requirement(requirement))] == state


def test_too_many_threads_too_little_disk(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.cores(threads=4, available=2) == (
        "problem",
        "2 cores, 4 threads per job; set `threads: 2`",
    )
    assert doctor.cores(threads=2, available=2).state == "ok"
    monkeypatch.setattr(preflight, "room", lambda study: (1e9, 2e9))
    assert ("problem", "953.7 MiB free, up to 1.9 GiB needed: make room") in list(doctor.examine())


def test_cuda_that_is_asked_for_must_be_there(
    params: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    finding = doctor.device(load(params | {"device": "cuda"}))
    assert finding == ("problem", "torch sees no CUDA device; set `device: auto`")
    assert doctor.device(load(params | {"device": "auto"})).state == "ok"


def test_where_the_images_of_a_study_come_from(place: Path, params: dict) -> None:
    np.savez("mine.npz", images=np.full((100, 8, 8), 9, np.uint8))
    (place / "data").write_text("")
    settings = load(params | {"own_data": {"mine": "mine.npz"}})
    assert doctor.images("mine", settings) == ("ok", "mine is at mine.npz")
    assert doctor.images("mnist_5k", settings).state == "ok"
    state, what = doctor.images("cifar10", settings)
    assert state == "note"
    assert "a download would fail" in what
    (place / "data").unlink()
    assert doctor.images("cifar10", settings).what.endswith(
        "missing there: replication data cifar10"
    )


def test_missing_images_and_a_file_in_the_way_are_problems(place: Path, params: dict) -> None:
    params["profiles"]["smoke"]["arms"][0]["dataset"] = "mine"
    (place / "params.yaml").write_text(
        yaml.safe_dump(params | {"own_data": {"mine": "nowhere.npz"}})
    )
    (place / "reports").write_text("")
    problems = [finding.what for finding in doctor.examine() if finding.state == "problem"]
    assert len(problems) == 2
    assert problems[0].startswith(f"{place / 'reports'} is a file where a folder is needed")
    assert "nowhere.npz: no such file" in problems[1]
