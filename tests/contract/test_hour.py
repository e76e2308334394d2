"""Where the time of a study goes: jobs by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import hour
from benchmarks.hour import Job

#: Two cores: a training of 60 s beside an evaluation of 20 s, ten idle seconds there, a figure of 20 s, a page of 10 s.
JOBS = [
    Job("train", 100.0, 160.0),
    Job("evaluate_images", 100.0, 120.0),
    Job("draw_theory", 130.0, 150.0),
    Job("report", 160.0, 170.0),
]


def test_the_parts_of_all_cores_add_up_to_their_time() -> None:
    rows = hour.parts(JOBS, cores=2, clocked=50.0, environment=30.0)
    spent = {row["part"]: row["core_seconds"] for row in rows}
    assert spent == {
        "training": 50.0,
        "evaluation": 20.0,
        "experiments": 0.0,
        "figures": 20.0,
        "data, tables, verdicts, pages": 10.0,
        "starting, logging, saving": 10.0,
        "Snakemake itself, idle cores": 30.0,
        "environment": 60.0,
    }
    assert sum(spent.values()) == 2 * (70 + 30)
    assert sum(row["share"] for row in rows) == pytest.approx(1, abs=1e-3)


def test_a_job_lies_on_the_first_core_that_is_free() -> None:
    rows = [(row["core"], row["start"], row["end"]) for row in hour.lanes(JOBS)]
    assert rows == [(0, 0.0, 60.0), (1, 0.0, 20.0), (1, 30.0, 50.0), (0, 60.0, 70.0)]


def test_a_job_of_several_outputs_is_read_once_and_a_run_tells_its_own_clock(
    tmp_path: Path,
) -> None:
    metadata = tmp_path / ".snakemake/metadata/bm90"
    metadata.mkdir(parents=True)
    for name, started in (("one", 100.0), ("two", 100.000085)):
        told = {"rule": "train", "starttime": started, "endtime": 160.0}
        (metadata / name).write_text(json.dumps(told))
    [job] = hour.jobs(tmp_path)
    assert (job.rule, round(job.start, 3), job.end) == ("train", 100.0, 160.0)
    run = tmp_path / "results/small/runs/ring/points/gan_ns/decay/seed0"
    run.mkdir(parents=True)
    (run / "provenance.json").write_text(json.dumps({"training_seconds": 42.5}))
    assert list(hour.clocks(tmp_path / "results/small")) == [42.5]
