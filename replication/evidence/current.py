"""Whether evidence is what the code and the parameters of now would make, by what it says made it.

All evidence carries ``made_by``: of its job and of every job behind it, training included, the key of its code and
settings (`replication.jobs.keys.Job.own`). Where these are still the keys of now, the evidence is current, whether or
not weights are there; where they are others, it is made again. Where code was written anew and shown to give the same
bits (``replication verify``), the new keys are accepted for the old ones. No torch here.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from replication.evidence import store
from replication.jobs import files, keys
from replication.jobs.files import ResultsError
from replication.plan.paths import Paths
from replication.plan.study import Study

MadeBy = Mapping[str, str]

#: How the ids of trainings begin.
TRAIN = "train/"

#: In nanoseconds.
SECOND = 10**9


def jobs(study: Study) -> Iterator[tuple[str, list[Path]]]:
    """Every job of a study that makes evidence, by its id, with its files."""
    names = [f"evaluate/{arm}" for arm in study.arms]
    names += [f"reference/{dataset}" for dataset in keys.datasets(study)]
    names += [f"experiment/{name}" for name in study.experiments]
    yield from ((name, made(study.paths, name)) for name in names)


def made(paths: Paths, job: str) -> list[Path]:
    """The files of a job's evidence."""
    verb, _, name = job.partition("/")
    if verb == "experiment":
        return [paths.experiment(name)]
    files_of = store.dataset_files if verb == "reference" else store.arm_files
    return files_of(paths, name)


def said(paths: Paths, job: str) -> dict[str, str]:
    """What the evidence of a job says made it.

    Raises:
        ResultsError: there is none, or it is damaged.
    """
    verb, _, name = job.partition("/")
    made_by: Any
    if verb == "experiment":
        made_by = store.experiment_made_by(paths.experiment(name))
    elif verb == "reference":
        made_by = store.about(paths, name)["made_by"]
    else:
        made_by = store.outcomes(paths, name)["made_by"]
    if isinstance(made_by, dict) and all(isinstance(own, str) for own in made_by.values()):
        return made_by
    raise ResultsError(f"{paths.evidence}: {job}: does not say what made it; make it again")


def changed(paths: Paths, job: str, now: MadeBy) -> list[str]:
    """The jobs at or behind one whose code or settings are others than those that made its evidence, by id.

    Args:
        paths: the study's.
        job: the id of the job.
        now: what would make it now, as from `keys.made_by`.

    Returns:
        Nothing where the evidence is current.

    Raises:
        ResultsError: there is no evidence, or it is damaged.
    """
    then, accepted = said(paths, job), acceptances(paths)

    def same(name: str) -> bool:
        own, made = now.get(name, ""), then.get(name, "")
        return own == made or accepted.get(own) == made

    return [name for name in sorted({*now, *then}) if not same(name)]


def kept(paths: Paths, job: str, now: MadeBy) -> set[str]:
    """The runs of an arm, by id, of which its evidence is there and current: no weights are needed to go on from it.

    Args:
        paths: the study's.
        job: ``evaluate/<arm>``.
        now: as of `changed`.
    """
    try:
        others = changed(paths, job, now)
    except ResultsError:
        return set()
    if not all(file.exists() for file in made(paths, job)):
        return set()  # one was damaged, and is gone
    if not all(name.startswith(TRAIN) for name in others):
        return set()  # how they are scored has changed
    return {name.removeprefix(TRAIN) for name in now if name.startswith(TRAIN)} - {
        name.removeprefix(TRAIN) for name in others
    }


def settings(made_by: MadeBy, job: str) -> str:
    """The part of a job's key that is of its settings, not of its code; empty where it is not among the jobs."""
    return made_by.get(job, "").partition(".")[2]


def stale(study: Study) -> dict[str, list[str]]:
    """Every job whose evidence is there and not current, with what changed."""
    every, found = dict(keys.every(study)), dict[str, list[str]]()
    for job, own in jobs(study):
        if all(file.exists() for file in own):
            others = changed(study.paths, job, keys.made_by(every, job))
            found |= {job: others} if others else {}
    return found


def mark(study: Study) -> None:
    """Write the key of every job that makes evidence, dated before the evidence where that is current, else now.

    Snakemake, which has the keys among the inputs of these jobs, then makes again what is not current, from training
    on; what is current asks for no weights.

    Raises:
        ResultsError: the acceptances are damaged, without which nothing could be said to be current.
    """
    acceptances(study.paths)
    every = dict(keys.every(study))
    for job, own in jobs(study):
        path, now = study.paths.key(job), keys.made_by(every, job)
        if _read(path) != (wanted := json.dumps(now, indent=1)):
            files.write_text(path, wanted)
        if all(file.exists() for file in own):
            oldest = min(file.stat().st_mtime_ns for file in own)
            current = _unchanged(study.paths, job, now)
            # Other evidence may have come under a key that stayed, and its date may be any.
            date = oldest - SECOND if current else max(time.time_ns(), oldest + SECOND)
            os.utime(path, ns=(date, date))


def marked(paths: Paths, job: str) -> MadeBy:
    """What would make the evidence of a job, as `mark` wrote it; nothing where it has not."""
    made_by: MadeBy = json.loads(_read(paths.key(job)) or "{}")
    return made_by


def is_current(paths: Paths, job: str) -> bool:
    """Whether the evidence of a job is there and was current when `mark` looked."""
    try:
        key = paths.key(job).stat().st_mtime_ns
        return all(key < file.stat().st_mtime_ns for file in made(paths, job))
    except FileNotFoundError:
        return False


def _unchanged(paths: Paths, job: str, now: MadeBy) -> bool:
    """Whether nothing has changed; damaged evidence is not current."""
    try:
        return not changed(paths, job, now)
    except ResultsError:
        return False


def acceptances(paths: Paths) -> dict[str, str]:
    """{own key of now: own key of the evidence}, for code that was shown to give the same."""
    return {now: str(entry["for"]) for now, entry in accepted_file(paths).items()}


def standing(paths: Paths, key: str) -> str:
    """The own key of a job, or the one that it was accepted for: what Snakemake compares, weights being there."""
    return acceptances(paths).get(key, key)


def accept(paths: Paths, entries: Mapping[str, Mapping[str, Any]]) -> None:
    """Add acceptances by the own key of now: ``for``, the key of the evidence, and what is to be known of the check."""
    known = accepted_file(paths) | {key: dict(entry) for key, entry in entries.items()}
    files.write_json(_accepted(paths), dict(sorted(known.items())))


def accepted_file(paths: Paths) -> dict[str, dict[str, Any]]:
    """All acceptances of a study, as they stand in its evidence.

    Raises:
        ResultsError: the file is damaged.
    """
    path = _accepted(paths)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    return _parsed(path, text)


@cache
def _parsed(path: Path, text: str) -> dict[str, dict[str, Any]]:
    try:
        entries: dict[str, dict[str, Any]] = json.loads(text)
        for entry in entries.values():
            entry["for"]
    except (ValueError, LookupError, TypeError, AttributeError):
        raise ResultsError(f"{path}: damaged; take it from git again") from None
    return entries


def _accepted(paths: Paths) -> Path:
    return paths.evidence / "accepted.json"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
