"""Evidence that comes from elsewhere: what belongs is added whole, and else nothing is copied."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import made_up
import pandas as pd
import pytest
from made_up import DIGITS, JOBS, RING, leave

from replication.evidence import current, store
from replication.evidence.importing import RECORD, bring
from replication.jobs import checksums
from replication.jobs.files import ResultsError
from replication.plan.paths import Paths
from replication.plan.study import Study

THERE = Paths(Path("elsewhere/results/small"))
OF_DIGITS = f"evaluate/{DIGITS}"


@pytest.fixture
def study() -> Study:
    """A study without evidence; elsewhere there is some of it."""
    study = made_up.study()
    leave(study, JOBS, THERE)
    return study


def contents(root: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()
    }


def refused(study: Study, *words: str, lines: int = 1) -> None:
    """Nothing is copied, and it is said why, a line for each fault, with a remedy."""
    before = contents(study.paths.root)
    with pytest.raises(ResultsError) as error:
        bring(THERE.root, study)
    said = str(error.value).splitlines()
    assert len(said) == lines
    assert all(";" in line for line in said)
    assert [word for word in words if word not in str(error.value)] == []
    assert contents(study.paths.root) == before


@pytest.mark.parametrize("folder", [THERE.root, THERE.evidence])
def test_what_belongs_is_added_with_its_dates(study: Study, folder: Path) -> None:
    pieces = bring(folder, study)
    assert sorted(piece.job for piece in pieces) == sorted(JOBS)
    assert {piece.note for piece in pieces} == {""}
    assert contents(study.paths.evidence) == contents(THERE.evidence)
    for file in THERE.evidence.rglob("*.*"):
        here = study.paths.root / file.relative_to(THERE.root)
        assert here.stat().st_mtime_ns == file.stat().st_mtime_ns
    assert current.stale(study) == {}
    assert store.arms(study) == [DIGITS, RING]


def test_the_same_evidence_is_passed_over_and_what_is_new_is_added(study: Study) -> None:
    leave(study, JOBS[1:])
    before, folder = contents(study.paths.arm("")), study.paths.arm(DIGITS)
    (piece,) = bring(THERE.root, study)
    assert piece.job == OF_DIGITS
    added = {f"{DIGITS}/{name}": own for name, own in contents(THERE.arm(DIGITS)).items()}
    assert contents(study.paths.arm("")) == before | added
    assert piece.files[-1] == THERE.arm(DIGITS) / RECORD
    assert sorted(f.name for f in folder.iterdir()) == sorted(f.name for f in piece.files)
    assert bring(THERE.root, study) == []


def test_other_code_is_a_note(study: Study) -> None:
    job = f"train/{DIGITS}/seed1"
    code, _, settings = current.said(THERE, OF_DIGITS)[job].partition(".")
    made_up.said(THERE, OF_DIGITS, **{job: f"{code[::-1]}.{settings}"})
    notes = {piece.job: piece.note for piece in bring(THERE.root, study)}
    assert notes.pop(OF_DIGITS) == f"made by other code ({job}): see replication verify"
    assert set(notes.values()) == {""}
    assert current.stale(study) == {OF_DIGITS: [job]}


def test_an_arm_that_the_profile_lacks(study: Study) -> None:
    strange = "mnist_5k/mlp/gan_ns/strange"
    THERE.arm(DIGITS).rename(THERE.arm(strange))
    refused(study, str(THERE.arm(strange)), "profile small of params.yaml has no such thing")


def test_other_settings(study: Study) -> None:
    other = made_up.study(critic_steps=70)
    refused(other, str(THERE.arm(DIGITS)), f"train/{DIGITS}/seed0", "settings", lines=2)


def test_another_number_of_seeds_is_another_setting(study: Study) -> None:
    refused(made_up.study(seeds=3), f"train/{DIGITS}/seed2", lines=2)


@pytest.mark.parametrize("job", JOBS)
def test_damaged_bytes(study: Study, job: str) -> None:
    """Of any file of any kind of evidence."""
    for file in dict(current.jobs(study))[job]:
        place = THERE.root / file.relative_to(study.paths.root)
        whole = place.read_bytes()
        place.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
        refused(study, str(place), "damaged")
        place.unlink()
        if file.suffix != ".json" and "experiment" not in job:  # by these it is found
            refused(study, str(place), "no such file; copy the whole folder again")
        place.write_bytes(whole)
    assert len(bring(THERE.root, study)) == len(JOBS)


@pytest.mark.parametrize("change", [Path.unlink, lambda record: record.write_text("# made 5\n")])
def test_evidence_whose_record_vouches_for_nothing(
    study: Study, change: Callable[[Path], object]
) -> None:
    record = THERE.arm(DIGITS) / RECORD
    change(record)
    refused(study, str(record), "copy the whole folder again")


def test_a_sound_file_that_the_tables_cannot_read(study: Study) -> None:
    folder = THERE.arm(DIGITS)
    with checksums.sealed(folder / RECORD, store.arm_files(THERE, DIGITS)):
        curves = pd.read_parquet(folder / "curves.parquet").drop(columns="lipschitz")
        curves.to_parquet(folder / "curves.parquet")
    refused(study, str(folder / "curves.parquet"), "no column lipschitz")


def test_a_table_of_points_that_is_none(study: Study) -> None:
    folder = THERE.arm(RING)
    with checksums.sealed(folder / RECORD, store.arm_files(THERE, RING)):
        (folder / "samples.parquet").write_bytes(b"PAR1")
    refused(study, str(folder / "samples.parquet"), "no table of points")


def test_evidence_that_does_not_say_what_made_it(study: Study) -> None:
    folder = THERE.arm(DIGITS)
    with checksums.sealed(folder / RECORD, store.arm_files(THERE, DIGITS)):
        (folder / "arm.json").write_text('{"made_by": [], "runs": []}')
    refused(study, OF_DIGITS, "does not say what made it")


def test_other_evidence_is_there_already(study: Study) -> None:
    leave(study, [OF_DIGITS])
    path = study.paths.arm(DIGITS) / "quality.parquet"
    with checksums.sealed(path.with_name(RECORD), store.arm_files(study.paths, DIGITS)):
        pd.read_parquet(path).assign(value=2.0).to_parquet(path)
    refused(study, str(study.paths.root), "has other evidence of it; remove that first")


def test_every_fault_is_told_at_once(study: Study) -> None:
    (THERE.arm(RING) / "samples.parquet").unlink()
    (THERE.real("mnist_5k") / "real.parquet").write_bytes(b"")
    refused(study, "samples.parquet", "real.parquet", lines=2)


@pytest.mark.parametrize("folder", ["nowhere", "elsewhere", "elsewhere/results"])
def test_a_folder_without_evidence(study: Study, folder: str) -> None:
    with pytest.raises(ResultsError, match=rf"^{folder}: holds no evidence; name a [^\n]*$"):
        bring(Path(folder), study)
    assert not study.paths.root.exists()
