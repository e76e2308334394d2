"""A small study, and evidence of it for which nothing was trained."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from replication.evidence import current, pictures, store
from replication.evidence.importing import RECORD
from replication.jobs import checksums, files, keys
from replication.metrics._base import QUALITY_COLUMNS, REFERENCE_COLUMNS
from replication.plan.paths import Paths
from replication.plan.study import Study, kind

ROOT = Path(__file__).parents[2]
DIGITS, RING = "mnist_5k/mlp/gan_ns/paper", "ring/points/gan_ns/decay"
EXPERIMENT = "known_w1"
#: Some of its jobs, one of each kind that makes evidence.
JOBS = [f"evaluate/{DIGITS}", f"evaluate/{RING}", "reference/mnist_5k", f"experiment/{EXPERIMENT}"]


def study(**changes: Any) -> Study:
    """Two arms of two seeds each, with changes to the profile."""
    raw = copy.deepcopy(yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8")))
    arms = [
        {"dataset": "mnist_5k", "net": "mlp", "methods": ["gan_ns"]},
        {"dataset": "ring", "net": "points", "methods": ["gan_ns"], "variants": ["decay"]},
    ]
    profile = raw["profiles"]["smoke"] | {"seeds": 2, "arms": arms} | changes
    return Study(raw | {"profile": "small", "profiles": {"small": profile}, "device": "cpu"})


def leave(study: Study, jobs: list[str], paths: Paths | None = None) -> None:
    """Write what jobs of a study would leave, sealed; at other paths where given."""
    every, paths = dict(keys.every(study)), paths or study.paths
    for job in jobs:
        verb, _, name = job.partition("/")
        {"evaluate": arm, "reference": dataset, "experiment": experiment}[verb](
            paths, name, keys.made_by(every, job)
        )


def arm(paths: Paths, name: str, made_by: dict[str, str]) -> None:
    folder, made = paths.arm(name), store.arm_files(paths, name)
    with checksums.sealed(folder / RECORD, made):
        runs = [
            {"name": f"seed{seed}", "provenance": {},
             "status": [{"seed": seed, "state": "finished", "step": 9, "reason": ""}]}
            for seed in (0, 1)
        ]  # fmt: skip
        files.write_json(folder / "arm.json", {"arm": name, "made_by": made_by, "runs": runs})
        curves = pd.DataFrame(np.ones((2, len(store.CURVE_COLUMNS))), columns=store.CURVE_COLUMNS)
        curves.to_parquet(folder / "curves.parquet")
        quality = pd.DataFrame([(0, 9, "w1", 1.0)], columns=list(QUALITY_COLUMNS))
        quality.to_parquet(folder / "quality.parquet")
        entry = {"seed": 0, "step": 9}
        if kind(name.partition("/")[0]) == "points":
            pictures.write_points(folder / "samples.parquet", [(entry, np.eye(2))])
        else:
            image = np.zeros((1, 1, 28, 28), np.uint8)
            pictures.write_images(folder / "samples.png", (1, 28, 28), [(entry, image)])
            pictures.write_images(folder / "walks.png", (1, 28, 28), [(entry, image)])


def dataset(paths: Paths, name: str, made_by: dict[str, str]) -> None:
    folder, made = paths.real(name), store.dataset_files(paths, name)
    with checksums.sealed(folder / RECORD, made):
        known = {"made_by": made_by, "train": 40, "heldout": 10, "shape": [1, 28, 28]}
        files.write_json(folder / "dataset.json", known)
        scores = pd.DataFrame([("w1_pixels", 1.0)], columns=list(REFERENCE_COLUMNS))
        scores.to_parquet(folder / "real.parquet")
        if kind(name) == "points":
            pictures.write_points(folder / "heldout.parquet", [({"part": 0}, np.eye(2))])
        else:
            block = ({"part": 0}, np.zeros((1, 1, 28, 28), np.uint8))
            pictures.write_images(folder / "heldout.png", (1, 28, 28), [block])


def experiment(paths: Paths, name: str, made_by: dict[str, str]) -> None:
    path = paths.experiment(name)
    with checksums.sealed(path.with_suffix(".sha256"), [path]):
        store.write_experiment(path, pd.DataFrame({"seed": [0, 1], "value": [1.0, 2.0]}), made_by)


def said(paths: Paths, job: str, **others: str) -> None:
    """Let the evidence of an arm say that other keys made it, by job; its record follows."""
    path = paths.arm(job.partition("/")[2]) / "arm.json"
    with checksums.sealed(path.with_name(RECORD), store.arm_files(paths, job.partition("/")[2])):
        record = store.outcomes(paths, job.partition("/")[2])
        files.write_json(path, record | {"made_by": current.said(paths, job) | others})
