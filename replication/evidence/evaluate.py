"""The evidence of an arm: its runs' curves, what became of them, the quality of their checkpoints, and samples."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from numpy.typing import NDArray
from torch import Tensor

from replication.evidence import pictures
from replication.evidence.store import CURVE_COLUMNS, read_frame, remedy
from replication.jobs import files
from replication.jobs.files import ResultsError, replacing
from replication.jobs.progress import Progress
from replication.metrics._base import QUALITY_COLUMNS, WALK_STEPS, WALKS, every
from replication.metrics._judge import Judge
from replication.plan.config import Evaluation, Run
from replication.plan.paths import Paths
from replication.tensors import device as devices
from replication.tensors.levels import to_uint8
from replication.training.sampler import Sampler

Block = tuple[dict[str, int], NDArray[Any]]

#: Samples that are kept of a seed's last checkpoint, by kind of data.
LAST = {"images": 64, "points": 500}

#: Of each earlier checkpoint of the leading seed, likewise; and walks of that seed.
EACH, KEPT_WALKS = {"images": 16, "points": 500}, 5


def evaluate(
    runs: Sequence[Run],
    evaluation: Evaluation,
    paths: Paths,
    made_by: Mapping[str, str],
    progress: Progress = lambda done: None,
) -> None:
    """Score every checkpoint of an arm's runs, and write the evidence of the arm.

    Args:
        runs: the runs of one arm, each of which has ended, finished or diverged.
        evaluation: the protocol.
        paths: the study's.
        made_by: what decides this evidence, see `replication.evidence.current`.
        progress: told the number of checkpoints done.

    Raises:
        CorruptFile, DataError, ResultsError: what it needs is missing or damaged.
    """
    one, folder = runs[0], paths.arm(runs[0].arm)
    curves = [read_frame(paths.run(run.id) / "curves.parquet", CURVE_COLUMNS) for run in runs]
    record = {
        "arm": one.arm,
        "made_by": dict(made_by),
        "runs": [_outcome(run, paths) for run in runs],
    }
    judge = Judge(paths, one.dataset, evaluation, devices.prepare(one.device, one.threads))
    kept = Kept(judge.images.shape, judge.kind)
    rows: list[tuple[int, int, str, float]] = []
    done = 0
    for run in runs:
        sampler = Sampler(run, paths.run(run.id) / "checkpoints.safetensors")
        for place, step in enumerate(sampler.steps, 1):
            remaining = len(sampler.steps) - place
            without = [m for m in judge.metrics if remaining % every(m)]
            images = sampler.images(step, max(evaluation.samples, LAST[judge.kind])).cpu()
            walks = sampler.walks(step, WALKS, WALK_STEPS).cpu()
            kept.add(run.seeds, step, images, walks, last=not remaining)
            for seed, own, along in zip(run.seeds, images, walks, strict=True):
                scores = judge.score(own[: evaluation.samples], walks=along, without=without)
                rows += [(seed, step, metric, value) for metric, value in scores.items()]
            progress(done := done + 1)
    types = {"seed": "int64", "step": "int64", "metric": "str", "value": "float64"}
    quality = pd.DataFrame(rows, columns=list(QUALITY_COLUMNS)).astype(types)
    order = pd.concat(curves, ignore_index=True).sort_values(["seed", "step"], ignore_index=True)
    for name, table in (("curves", order), ("quality", quality)):
        with replacing(folder / f"{name}.parquet") as aside:
            table.to_parquet(aside, index=False)
    kept.write(paths, one.arm)
    files.write_json(folder / "arm.json", record)


def _outcome(run: Run, paths: Paths) -> dict[str, Any]:
    """A run's name, what became of its seeds, and where its numbers come from."""
    found: dict[str, Any] = {"name": run.name}
    for name in ("status", "provenance"):
        path = paths.run(run.id) / f"{name}.json"
        try:
            found[name] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise ResultsError(f"{path}: no such file; {remedy(path)}") from None
        except ValueError:
            raise ResultsError(f"{path}: damaged; delete it, then {remedy(path)}") from None
    path = paths.run(run.id) / "status.json"
    try:
        seeds = {own["seed"] for own in found["status"] if own["state"]}
    except (LookupError, TypeError):
        raise ResultsError(f"{path}: damaged; delete it, then {remedy(path)}") from None
    if seeds != set(run.seeds):
        raise ResultsError(f"{path}: has other seeds; delete it, then {remedy(path)}")
    return found


class Kept:
    """The samples of an arm that stay: images on sheets, or points in a table.

    The first seed that has a checkpoint leads: of it samples of every checkpoint are kept, and walks of images.

    Args:
        shape: of one sample.
        kind: "images" or "points".
    """

    def __init__(self, shape: tuple[int, ...], kind: str) -> None:
        self.shape, self.kind = shape, kind
        self.stored = to_uint8 if kind == "images" else Tensor.float
        self.samples: list[Block] = []
        self.walks: list[Block] = []
        self.leader: int | None = None

    def add(
        self, seeds: Sequence[int], step: int, samples: Tensor, walks: Tensor, *, last: bool
    ) -> None:
        """Keep some of a checkpoint.

        Args:
            seeds: those of the run.
            step: the checkpoint's.
            samples: ``[seeds, n, ...]``.
            walks: ``[seeds, WALKS, WALK_STEPS + 1, ...]``.
            last: whether it is the run's last checkpoint.
        """
        self.leader = seeds[0] if self.leader is None else self.leader
        for seed, own, along in zip(seeds, samples, walks, strict=True):
            entry, leads = {"seed": seed, "step": step}, seed == self.leader
            if last or leads:
                count = (LAST if last else EACH)[self.kind]
                self.samples.append((entry, self.stored(own[:count]).numpy()))
            if last and leads:
                self.walks = list(_steps(entry, self.stored(along[:KEPT_WALKS]).numpy()))

    def write(self, paths: Paths, arm: str) -> None:
        """Write what was kept into the evidence of the arm."""
        folder = paths.arm(arm)
        if self.kind == "points":
            pictures.write_points(folder / "samples.parquet", self.samples)
        else:
            pictures.write_images(folder / "samples.png", self.shape, self.samples)
            across = WALK_STEPS + 1
            pictures.write_images(folder / "walks.png", self.shape, self.walks, across)


def _steps(entry: dict[str, int], walks: NDArray[Any]) -> Iterator[Block]:
    for number, walk in enumerate(walks):
        yield entry | {"walk": number}, walk
