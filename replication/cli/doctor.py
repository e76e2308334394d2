"""`replication doctor`: is everything here that a study needs, and if not, what is to be done?"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from packaging.requirements import Requirement

from replication.cli import preflight
from replication.jobs import provenance, start
from replication.plan import registry
from replication.plan.config import Config, ConfigError
from replication.plan.paths import Paths
from replication.plan.study import Study

State = Literal["ok", "note", "problem"]

#: The libraries whose versions decide numbers or the course of a study; the others follow from the lock.
NAMED = ("torch", "torchvision", "torch-fidelity", "snakemake", "dvc")


class Finding(NamedTuple):
    """One line of the examination, which ends with a remedy where the state is not ok."""

    state: State
    what: str


def main() -> int:
    """Print every finding; returns 1 where there is a problem, else 0."""
    findings = list(examine())
    for state, what in findings:
        print(f"{state:8}{what}")
    problems = sum(finding.state == "problem" for finding in findings)
    print(f"{problems} to fix" if problems else "ready: snakemake --cores all all")
    return 1 if problems else 0


def examine() -> Iterator[Finding]:
    """All findings about the folder that is current; later ones need what earlier ones found sound."""
    yield from versions()
    yield from tools()
    try:
        study = Study()
        yield Finding("ok", f"params.yaml, {budget(study)}")
        doubts = preflight.check(study)
    except ConfigError as error:
        yield from (Finding("problem", line) for line in str(error).splitlines())
        return
    yield from (Finding("note", doubt) for doubt in doubts)
    yield from home()
    yield device(study.config)
    yield cores(study.config.threads, os.cpu_count() or 1)
    for dataset in study.datasets:
        yield images(dataset, study.config)
    enough, room = preflight.disk(*preflight.room(study))
    yield Finding("ok" if enough else "problem", room)


def budget(study: Study) -> str:
    """The profile in force, in a few words."""
    return f"profile {study.config.profile}: {len(study.runs)} runs of {study.config.budget.about}"


def versions() -> Iterator[Finding]:
    """Every dependency against what the package asks for; pip itself looks after Python's version."""
    yield Finding("ok", f"Python {sys.version.partition(' ')[0]}")
    try:
        required = importlib.metadata.requires("replication") or []
    except importlib.metadata.PackageNotFoundError:
        yield Finding("problem", "the package is not installed: pip install -e .")
        return
    for requirement in map(Requirement, required):
        if requirement.marker is None or requirement.marker.evaluate():
            yield from version(requirement)


def version(requirement: Requirement) -> Iterator[Finding]:
    """What is installed of a package; nothing where it is as asked and not `NAMED`."""
    try:
        found = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        found = "absent"
    if found == "absent" or not requirement.specifier.contains(found, prereleases=True):
        what = f"{requirement.name} {found}, not {requirement.specifier or 'installed'}"
        yield Finding("problem", f"{what}: pip install -r requirements.lock")
    elif requirement.name in NAMED:
        yield Finding("ok", f"{requirement.name} {found}")


def tools() -> Iterator[Finding]:
    """Programs beside Python, and the repository itself."""
    for program, why in (("bash", "the workflow's jobs"), ("git", "the record of each run")):
        if not shutil.which(program):
            yield Finding("problem", f"no {program}: install it; {why} need it")
    if not shutil.which("snakemake"):
        programs = Path(sys.executable).parent
        yield Finding("note", f'snakemake is not on the PATH: export PATH="{programs}:$PATH"')
    code = registry.PACKAGE.parent
    if commit := provenance.git()["commit"]:
        yield Finding("ok", f"git repository at {commit[:7]}, code of {code}")
    else:
        what = f"{code} is not the root of a git repository with a commit"
        remedy = (
            "runs cannot name their code, and dvc needs one: git clone the project, or git init it"
        )
        yield Finding("note", f"{what}; {remedy}")


def home() -> Iterator[Finding]:
    """Whether libraries can keep their settings and caches; the study itself keeps nothing there."""
    if refused := start.found():
        what = f"the home {Path('~').expanduser()} cannot be written"
        remedy = f"export HOME, or {' and '.join(refused)}, as a folder that can; dvc needs one"
        yield Finding("note", f"{what}: {remedy}")


def device(config: Config) -> Finding:
    """Where runs will train."""
    import torch

    if torch.cuda.is_available():
        used = "not used: device is cpu" if config.device == "cpu" else "in use"
        return Finding("ok", f"CUDA device {torch.cuda.get_device_name()}, {used}")
    if config.device == "cuda":
        return Finding("problem", "torch sees no CUDA device; set `device: auto`")
    return Finding("ok", "CPU (torch sees no CUDA device)")


def cores(threads: int, available: int) -> Finding:
    """Threads per job against the cores of the machine."""
    what = f"{available} cores, {threads} thread{'s' * (threads > 1)} per job"
    if threads > available:
        return Finding("problem", f"{what}; set `threads: {available}`")
    return Finding("ok", f"{what}: {available // threads} jobs at a time")


def images(dataset: str, config: Config) -> Finding:
    """Whether a data set is here, or will be when it is asked for."""
    if Paths.of(config.profile).dataset(dataset).exists():
        return Finding("ok", f"{dataset} is prepared")
    if own := config.own_data.get(dataset):
        return Finding("ok", f"{dataset} is at {own.path}")
    if not registry.metadata("data", dataset).get("DOWNLOADS"):
        return Finding("ok", f"{dataset} is in the package")
    root = Path(config.data_root).expanduser()
    what = f"{dataset} is not prepared, and downloaded to {root}/ where it is missing there"
    if fault := preflight.unwritable(root):
        return Finding("note", f"{what}; a download would fail: {fault}")
    return Finding("note", f"{what}: replication data {dataset}")
