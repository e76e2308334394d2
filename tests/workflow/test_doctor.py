"""`replication doctor` names what is wrong and what to do about it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from workspace import ROOT

from replication import doctor
from replication.params import load


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
    assert [finding.state for finding in doctor._version(Requirement(requirement))] == state


def test_too_many_threads_too_little_disk() -> None:
    assert [f.state for f in doctor.cores(threads=4, available=2)] == ["problem"]
    assert [f.state for f in doctor.cores(threads=2, available=2)] == ["ok"]
    assert doctor.disk(free=1e9, needed=2e9).state == "problem"
    assert doctor.disk(free=3e9, needed=2e9).state == "ok"


def test_cuda_that_is_asked_for_must_be_there(
    params: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    (finding,) = doctor.device(load(params | {"device": "cuda"}))
    assert finding.state == "problem"
    assert "auto or cpu" in finding.remedy


def test_missing_images_of_the_user_are_a_problem(place: Path, params: dict) -> None:
    settings = load(params | {"own_data": {"mine": "nowhere.npz"}})
    assert doctor.images("mine", settings).state == "problem"
    assert doctor.images("mnist_5k", settings).state == "ok"
    assert doctor.images("cifar10", settings).state == "note"


@pytest.mark.skipif(sys.platform == "win32", reason="permissions differ")
def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (finding,) = doctor.writable(tmp_path / "file")
    assert finding.state == "problem"
