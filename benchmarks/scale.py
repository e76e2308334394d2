"""How planning grows: seconds and memory of `snakemake --dry-run` over the number of runs.

    python -m benchmarks.scale                 written to benchmarks/scale.csv
    python -m benchmarks.scale 100 1000        these sizes only, printed and not written

The plan is the paper profile's: its 21 arms, with as many seeds as the size asks for, and all that belongs to them:
data, classifiers, evaluations, panels, experiments, report. Every size is planned in a process of its own, once with
nothing there, when every job is to be run, and once with every file there, when none is: that one reads what was
recorded of each job, and compares it. Seconds are those of the whole command, by the clock, which a busy machine
delays, and of the processor; memory is its peak.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import chdir
from pathlib import Path

import pandas as pd
import yaml

from benchmarks import page
from replication.evidence import current, store
from replication.jobs import keys
from replication.jobs.checksums import sealed
from replication.jobs.files import write_json
from replication.plan.paths import RUN_FILES
from replication.plan.study import Study

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "benchmarks" / "scale.csv"
SIZES = (100, 1_000, 10_000)
COLUMNS = [
    "runs",
    "jobs",
    "state",
    "seconds",
    "cpu_seconds",
    "cpu_milliseconds_per_run",
    "peak_mb",
]
#: What a plan reads beside the package.
PARTS = ("Snakefile", "workflow", "params.yaml", "profiles", "replication", "benchmarks")


def main(arguments: list[str]) -> int:
    """Plan every size; the whole series is also written."""
    sizes = [int(argument) for argument in arguments] or SIZES
    rows = [row for size in sizes for row in planned(size)]
    if not arguments:
        page.write(TABLE, COLUMNS, rows)
    return 0


def planned(size: int) -> list[dict[str, object]]:
    """The rows of one size."""
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    params["profile"] = "paper"
    params["profiles"]["paper"]["seeds"] = -(-size // len(Study(params).arms))
    study, rows = Study(params), []
    runs = len(study.runs)
    with tempfile.TemporaryDirectory(prefix="scale") as name:
        folder = Path(name)
        for part in PARTS:
            (folder / part).symlink_to(ROOT / part)
        (folder / "params.yaml").unlink()
        (folder / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
        for state in ("nothing there", "all there"):
            if state == "all there":
                fill(folder, study)
            seconds, cpu, peak, jobs = plan(folder)
            each = round(1000 * cpu / runs, 2)
            row = (runs, jobs, state, round(seconds, 1), round(cpu, 1), each, round(peak))
            rows.append(dict(zip(COLUMNS, row, strict=True)))
            print(*row, sep="\t", flush=True)
    return rows


def fill(folder: Path, study: Study) -> None:
    """Make every file of a plan, empty, with its hash, and have Snakemake record it as made."""
    listed = snakemake(folder, "--detailed-summary").stdout.splitlines()
    for line in listed:
        path = folder / line.partition("\t")[0]
        if path.is_relative_to(folder / "results") or path.is_relative_to(folder / "reports"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    with chdir(folder):
        vouch(study)
        for run in map(study.paths.run, study.runs):
            with sealed(run / "files.sha256", [run / name for name in RUN_FILES]):
                pass
    snakemake(folder, "--cores", "1", "--touch", "--", "all")


def vouch(study: Study) -> None:
    """Let all evidence say that it is of the code and the parameters of now."""
    every = dict(keys.every(study))
    for job, made in current.jobs(study):
        made_by = keys.made_by(every, job)
        if job.startswith("experiment/"):
            store.write_experiment(made[0], pd.DataFrame({"seed": []}), made_by)
        else:
            write_json(
                made[0], {"made_by": made_by, "runs": [], "train": 0, "heldout": 0, "shape": []}
            )


def plan(folder: Path) -> tuple[float, float, float, int]:
    """Seconds, seconds of the processor, peak MiB and the number of jobs of a dry run."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            command("--dry-run", "--quiet", "rules", "--", "all"),
            cwd=folder, env=environment(), stdout=said, stderr=said,
        )  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        seconds, cpu = time.perf_counter() - start, usage.ru_utime + usage.ru_stime
        said.seek(0)
        text = said.read()
    if status:
        raise SystemExit(text)
    total = [line.split()[1] for line in text.splitlines() if line.startswith("total")]
    return seconds, cpu, usage.ru_maxrss / 1024, int(total[0]) if total else 0


def snakemake(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Snakemake at work in a folder; raises where it fails."""
    return subprocess.run(
        command(*options), cwd=folder, env=environment(), check=True, capture_output=True, text=True
    )


def command(*options: str) -> list[str]:
    """Snakemake, of this Python."""
    return [sys.executable, "-m", "snakemake", *options]


def environment() -> dict[str, str]:
    """Ours, with this package found first and no configuration handed down."""
    own = {key: value for key, value in os.environ.items() if key != "REPLICATION_CONFIG"}
    return own | {"PYTHONPATH": str(ROOT)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
