"""`replication doctor`: is everything here that a study needs, and if not, what is to be done?"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from packaging.requirements import Requirement

from replication import numbers, registry
from replication.config import Config, ConfigError
from replication.study import REPORTS, RESULTS, Study, dataset_file

State = Literal["ok", "note", "problem"]

#: The libraries whose versions decide numbers or the course of a study; the others follow from the lock.
NAMED = ("torch", "torchvision", "torch-fidelity", "snakemake", "dvc")

#: Room for the checkpoints of one run, as a rough upper guess, and for the copy that DVC keeps of them.
BYTES_PER_CHECKPOINT = 2 * 4e6


class Finding(NamedTuple):
    """One line of the examination; `remedy` says what to do where the state is not ok."""

    state: State
    what: str
    remedy: str = ""


def main() -> int:
    """Print every finding; returns 1 where there is a problem, else 0."""
    findings = list(examine())
    for state, what, remedy in findings:
        print(f"{state:8}{what}{f': {remedy}' if remedy else ''}")
    problems = sum(finding.state == "problem" for finding in findings)
    print(f"{problems} to fix" if problems else "ready: snakemake --cores all all")
    return 1 if problems else 0


def examine() -> Iterator[Finding]:
    """All findings about the folder that is current; later ones need what earlier ones found sound."""
    yield from versions()
    yield from tools()
    try:
        study = Study()
        runs = len(study.runs)
    except ConfigError as error:
        yield from (Finding("problem", line, "edit it") for line in str(error).splitlines())
        return
    yield from writable(RESULTS, REPORTS)
    profile = study.config.profile
    yield Finding(
        "ok", f"params.yaml, profile {profile}: {runs} runs of {study.config.budget.about}"
    )
    yield from device(study.config)
    yield from cores(study.config.threads, os.cpu_count() or 1)
    for dataset in study.datasets:
        yield images(dataset, study.config)
    needed = sum(len(run.checkpoints) for run in study.runs.values()) * BYTES_PER_CHECKPOINT
    yield disk(shutil.disk_usage(".").free, needed)


def versions() -> Iterator[Finding]:
    """Python and every dependency, against what the package asks for."""
    python = ".".join(map(str, sys.version_info[:3]))
    old = sys.version_info < (3, 11)
    yield (
        Finding("problem", f"Python {python}", "3.11 or newer is needed")
        if old
        else Finding("ok", f"Python {python}")
    )
    try:
        required = importlib.metadata.requires("replication") or []
    except importlib.metadata.PackageNotFoundError:
        yield Finding("problem", "the package is not installed", "pip install -e .")
        return
    for requirement in map(Requirement, required):
        if requirement.marker is None or requirement.marker.evaluate():
            yield from _version(requirement)


def _version(requirement: Requirement) -> Iterator[Finding]:
    remedy = "pip install -r requirements.lock"
    try:
        found = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        yield Finding("problem", f"{requirement.name} is not installed", remedy)
        return
    if not requirement.specifier.contains(found, prereleases=True):
        what = f"{requirement.name} {found} is not {requirement.specifier}"
        yield Finding("problem", what, remedy)
    elif requirement.name in NAMED:
        yield Finding("ok", f"{requirement.name} {found}")


def tools() -> Iterator[Finding]:
    """Programs beside Python, and the repository itself."""
    for program, why in (("bash", "the workflow's jobs"), ("git", "the record of each run")):
        if not shutil.which(program):
            yield Finding("problem", f"no {program}", f"install it; {why} need it")
    if not shutil.which("snakemake"):
        bin_folder = Path(sys.executable).parent
        yield Finding("note", "snakemake is not on the PATH", f"activate {bin_folder.parent}")
    try:
        command = ["git", "rev-parse", "--short", "HEAD"]
        head = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        yield Finding("ok", f"git repository at {head}")
    except (OSError, subprocess.CalledProcessError):
        yield Finding(
            "note", "no git commit here", "runs cannot name their code, and dvc needs one"
        )


def writable(*folders: Path) -> Iterator[Finding]:
    """Whether results and reports can be written."""
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                yield Finding("ok", f"{folder}/ is writable")
        except OSError as error:
            yield Finding("problem", f"{folder}/: {error.strerror}", "make it writable")


def device(config: Config) -> Iterator[Finding]:
    """Where runs will train."""
    import torch

    if torch.cuda.is_available():
        used = "not used: device is cpu" if config.device == "cpu" else "in use"
        yield Finding("ok", f"CUDA device {torch.cuda.get_device_name()}, {used}")
    elif config.device == "cuda":
        yield Finding("problem", "torch sees no CUDA device", "set device to auto or cpu")
    else:
        yield Finding("ok", "CPU (torch sees no CUDA device)")


def cores(threads: int, available: int) -> Iterator[Finding]:
    """Threads per job against the cores of the machine."""
    what = f"{available} cores, {threads} thread{'s' if threads > 1 else ''} per job"
    if threads > available:
        yield Finding("problem", what, f"set threads to at most {available}")
    else:
        yield Finding("ok", f"{what}: {available // threads} jobs at a time")


def images(dataset: str, config: Config) -> Finding:
    """Whether a data set is here, or will be when it is asked for."""
    if dataset_file(dataset).exists():
        return Finding("ok", f"{dataset} is prepared")
    if own := config.own_data.get(dataset):
        if Path(own).expanduser().exists():
            return Finding("ok", f"{dataset} is at {own}")
        return Finding(
            "problem", f"{dataset}: {own} does not exist", "correct own_data in params.yaml"
        )
    if not registry.head("data", dataset).get("DOWNLOADS"):
        return Finding("ok", f"{dataset} is in the package")
    fetch = f"it is downloaded to {config.data_root}/ where it is missing; try: replication data {dataset}"
    return Finding("note", f"{dataset} is not prepared", fetch)


def disk(free: float, needed: float) -> Finding:
    """Free space, bytes, against what the profile may need."""
    what = f"{numbers.size(free)} free, up to {numbers.size(needed)} needed"
    return Finding("ok", what) if free > needed else Finding("problem", what, "make room")
