"""Evidence that was made elsewhere, on a cluster or by a colleague, added to a study: checked, then copied whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from replication.evidence import current, store
from replication.jobs import checksums, keys
from replication.jobs.files import ResultsError
from replication.metrics._base import QUALITY_COLUMNS, REFERENCE_COLUMNS
from replication.plan.paths import Paths
from replication.plan.study import Study

#: The record of an arm's or a data set's evidence.
RECORD = "files.sha256"


class Piece(NamedTuple):
    """What one job made.

    Attributes:
        job: its id.
        files: what is to be copied, the record last.
        note: what a reader must know of it; empty where there is nothing.
    """

    job: str
    files: tuple[Path, ...]
    note: str


def bring(folder: Path, study: Study) -> list[Piece]:
    """Add all evidence of a folder to a study; what is there already, and the same, is passed over.

    Args:
        folder: ``results/<study>`` of another clone, or the evidence in it.
        study: the study that it belongs to.

    Returns:
        What was added.

    Raises:
        ResultsError: something does not belong: a line for each, and nothing is copied.
    """
    root = folder if (folder / "evidence").is_dir() else folder.parent
    source = Paths(root)
    if not source.evidence.is_dir():
        raise ResultsError(f"{folder}: holds no evidence; name a study's folder, results/<study>")
    every, pieces, faults = dict(keys.every(study)), list[Piece](), list[str]()
    for job in sorted(_found(source)):
        try:
            pieces += _piece(job, source, study, every)
        except (ResultsError, checksums.DamagedFile) as error:
            faults.append(str(error))
    if faults:
        raise ResultsError("\n".join(faults))
    for piece in pieces:
        for file in piece.files:
            _copy(file, study.paths.root / file.relative_to(root))
    return pieces


def _found(source: Paths) -> Iterator[str]:
    """Every job that has left something in a folder."""
    arms, datasets, experiments = (
        source.evidence / name for name in ("arms", "datasets", "experiments")
    )
    yield from (f"evaluate/{p.parent.relative_to(arms)}" for p in arms.rglob("arm.json"))
    yield from (f"reference/{p.parent.name}" for p in datasets.glob("*/dataset.json"))
    yield from (f"experiment/{p.stem}" for p in experiments.glob("*.parquet"))


def _place(source: Paths, job: str) -> Path:
    """Where a job's evidence is, for a message."""
    verb, _, name = job.partition("/")
    of = {"evaluate": source.arm, "reference": source.real, "experiment": source.experiment}
    return of[verb](name)


def _piece(job: str, source: Paths, study: Study, every: dict[str, keys.Job]) -> list[Piece]:
    """What a job left, if it belongs to the study and is new to it."""
    place = _place(source, job)
    if job not in every:
        fault = f"profile {study.name} of params.yaml has no such thing; add it there, or leave it"
        raise ResultsError(f"{place}: {fault}")
    files = _files(source, job)
    checksums.check(record := files[-1])
    if unknown := {file.name for file in files[:-1]} - set(checksums.read(record).files):
        raise ResultsError(f"{record}: names no {min(unknown)}; copy the whole folder again")
    _well_formed(source, job)
    now, then = keys.made_by(every, job), current.said(source, job)
    names = sorted({*now, *then})
    if others := [n for n in names if current.settings(now, n) != current.settings(then, n)]:
        said = f"made with other settings than params.yaml has ({', '.join(others[:3])})"
        raise ResultsError(f"{place}: {said}; set the same ones, or leave it")
    if all((study.paths.root / f.relative_to(source.root)).exists() for f in files):
        if _same(files, source, study.paths):
            return []
        raise ResultsError(
            f"{place}: {study.paths.root} has other evidence of it; remove that first"
        )
    code = [name for name in now if now[name] != then[name]]
    note = f"made by other code ({', '.join(code[:3])}): see replication verify" if code else ""
    return [Piece(job, tuple(files), note)]


def _files(source: Paths, job: str) -> list[Path]:
    """The files of a job, its record last; raises `ResultsError` where one is missing."""
    verb, _, name = job.partition("/")
    if verb == "experiment":
        path = source.experiment(name)
        files = [path, path.with_suffix(".sha256")]
    else:
        made = (
            store.arm_files(source, name)
            if verb == "evaluate"
            else store.dataset_files(source, name)
        )
        files = [*made, made[0].with_name(RECORD)]
    for file in files:
        if not file.exists():
            raise ResultsError(f"{file}: no such file; copy the whole folder again")
    return files


def _well_formed(source: Paths, job: str) -> None:
    """Read what a job left; raises `ResultsError` where it is not what the tables need."""
    verb, _, name = job.partition("/")
    if verb == "evaluate":
        store.read_frame(source.arm(name) / "curves.parquet", store.CURVE_COLUMNS)
        store.read_frame(source.arm(name) / "quality.parquet", QUALITY_COLUMNS)
        store.samples(source, name)
    elif verb == "reference":
        store.read_frame(source.real(name) / "real.parquet", REFERENCE_COLUMNS)
        store.held_out(source, name, 1)
    else:
        store.read_frame(source.experiment(name), ["seed"])


def _same(files: list[Path], source: Paths, here: Paths) -> bool:
    """Whether two records name the same bytes."""
    record = files[-1]
    return (
        checksums.read(record).files
        == checksums.read(here.root / record.relative_to(source.root)).files
    )


def _copy(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.part")
    shutil.copy2(file, aside)
    aside.replace(target)
