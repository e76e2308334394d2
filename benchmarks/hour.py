"""Where the time of a study goes: every job that Snakemake ran in a folder, by what it was for.

    python -m benchmarks.hour FOLDER STUDY [--environment SECONDS]

FOLDER is a clone in which `make reproduce` has ended; Snakemake keeps the start and the end of each of its jobs
there. A core is busy where a job runs on it; what remains of all cores from the first start to the last end is
Snakemake's own or idle. A training's own clock says how much of its job were training steps: the rest of the job is
starting, logging and saving. Written to benchmarks/hour.csv, and every job to benchmarks/jobs.csv for its picture.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import page

TABLE, JOBS = page.FOLDER / "hour.csv", page.FOLDER / "jobs.csv"

#: Parts of a study, by the beginnings of the names of their rules; the first that fits. `train` is parted by its clock.
PARTS = {
    "training": ("train",),
    "evaluation": ("evaluate", "classifier", "reference"),
    "experiments": ("experiment",),
    "figures": ("draw",),
    "data, tables, verdicts, pages": ("",),
}
BETWEEN, IDLE, ENVIRONMENT = (
    "starting, logging, saving",
    "Snakemake itself, idle cores",
    "environment",
)


@dataclass(frozen=True)
class Job:
    """One job: its rule, and its start and end in seconds since the epoch."""

    rule: str
    start: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it ran."""
        return self.end - self.start


def main() -> int:
    """Read a folder and write both tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("study")
    parser.add_argument(
        "--environment", type=float, default=0.0, help="seconds that `make .venv` took"
    )
    parser.add_argument("--cores", type=int, default=os.cpu_count())
    given = parser.parse_args()
    found = jobs(given.folder)
    if not found:
        print(f"{given.folder}: no Snakemake has run a job there", file=sys.stderr)
        return 2
    clocked = sum(clocks(given.folder / "results" / given.study))
    rows = parts(found, given.cores, clocked, given.environment)
    page.write(TABLE, ["part", "core_seconds", "share"], rows)
    page.write(JOBS, ["part", "core", "start", "end"], lanes(found))
    for own in rows:
        print(f"{own['part']:32} {own['core_seconds']:8.0f} s  {100 * own['share']:5.1f} %")
    return 0


def jobs(folder: Path) -> list[Job]:
    """The jobs that Snakemake has on record in a folder, in the order of their starts."""
    files = (file for file in (folder / ".snakemake/metadata").rglob("*") if file.is_file())
    records = (json.loads(file.read_text(encoding="utf-8")) for file in files)
    # One record for each output of a job, whose starts differ by microseconds.
    found = {(told["rule"], told["endtime"]): told["starttime"] for told in records}
    made = (Job(rule, start, end) for (rule, end), start in found.items())
    return sorted(made, key=lambda job: job.start)


def clocks(results: Path) -> Iterator[float]:
    """Seconds of training steps of each run of a study, by its own clock."""
    for file in results.glob("runs/**/provenance.json"):
        yield float(json.loads(file.read_text(encoding="utf-8"))["training_seconds"])


def part(rule: str) -> str:
    """What a rule is for."""
    return next(name for name, begins in PARTS.items() if rule.startswith(begins))


def parts(
    found: Iterable[Job], cores: int, clocked: float, environment: float = 0.0
) -> list[dict[str, Any]]:
    """Core seconds of every part, and their shares of all cores' time: they add up to it.

    Args:
        found: the jobs.
        cores: how many there were.
        clocked: seconds of training steps by the runs' own clocks.
        environment: seconds before the first job, in which every core counts.
    """
    found = list(found)
    spent = dict.fromkeys(PARTS, 0.0)
    for job in found:
        spent[part(job.rule)] += job.seconds
    wall = max(job.end for job in found) - min(job.start for job in found)
    idle = cores * wall - sum(spent.values())
    between, spent["training"] = spent["training"] - clocked, clocked
    spent |= {BETWEEN: between, IDLE: idle, ENVIRONMENT: cores * environment}
    whole = sum(spent.values())
    return [
        {"part": name, "core_seconds": round(seconds, 1), "share": round(seconds / whole, 4)}
        for name, seconds in spent.items()
    ]


def lanes(found: Iterable[Job]) -> list[dict[str, Any]]:
    """Every job on the first core that was free at its start, in seconds after the first start."""
    found = list(found)
    begin, free, rows = min(job.start for job in found), [], []
    for job in found:
        core = next((i for i, end in enumerate(free) if end <= job.start), len(free))
        free[core:] = [job.end, *free[core + 1 :]]
        start, end = round(job.start - begin, 1), round(job.end - begin, 1)
        rows.append({"part": part(job.rule), "core": core, "start": start, "end": end})
    return rows


if __name__ == "__main__":
    sys.exit(main())
