"""Score the checkpoints of a run, and real images as if they had been generated."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from torch import Tensor

from replication.jobs.files import replacing
from replication.jobs.progress import Progress
from replication.metrics._base import (
    KEPT_WALKS,
    OF_HELDOUT,
    QUALITY_COLUMNS,
    REFERENCE_COLUMNS,
    WALK_STEPS,
    WALKS,
    every,
)
from replication.metrics._judge import Judge, compute
from replication.plan import study
from replication.plan.config import Evaluation, Run
from replication.tensors import device as devices
from replication.tensors import store
from replication.tensors.levels import to_uint8
from replication.training.sampler import Sampler, checkpoint_name

#: Images on a sample sheet, and points of a cloud.
SHEET = {"images": 64, "points": 1000}


def evaluate(
    runs: Sequence[Run], evaluation: Evaluation, progress: Progress = lambda done: None
) -> None:
    """Score every checkpoint of an arm's runs; write ``quality.parquet`` and ``samples.safetensors``.

    Args:
        runs: the runs of one arm, each of which has ended, finished or diverged.
        evaluation: the protocol.
        progress: told the number of checkpoints done.

    Raises:
        CorruptFile, DataError, ResultsError: what it needs is missing or damaged.
    """
    one = runs[0]
    judge = Judge(one.dataset, evaluation, devices.prepare(one.device, one.threads))
    rows: list[tuple[int, int, str, float]] = []
    sheets: dict[str, Tensor] = {}
    done = 0
    for run in runs:
        sampler = Sampler(run)
        for place, step in enumerate(sampler.steps, 1):
            remaining = len(sampler.steps) - place
            without = [m for m in judge.metrics if remaining % every(m)]
            images = sampler.images(step, max(evaluation.samples, SHEET[judge.kind])).cpu()
            walks = sampler.walks(step, WALKS, WALK_STEPS).cpu()
            sheets |= _kept(run.name, step, images, walks, judge.kind)
            for seed, own, along in zip(run.seeds, images, walks, strict=True):
                scores = judge.score(own[: evaluation.samples], walks=along, without=without)
                rows += [(seed, step, metric, value) for metric, value in scores.items()]
            progress(done := done + 1)
    folder = study.metrics_folder(one.arm)
    store.save(folder / "samples.safetensors", sheets, {})
    types = {"seed": "int64", "step": "int64", "metric": "str", "value": "float64"}
    frame = pd.DataFrame(rows, columns=list(QUALITY_COLUMNS)).astype(types)
    with replacing(folder / "quality.parquet") as aside:
        frame.to_parquet(aside, index=False)


def _kept(run: str, step: int, samples: Tensor, walks: Tensor, kind: str) -> dict[str, Tensor]:
    """What samples.safetensors keeps of a checkpoint.

    Args:
        run: its name.
        step: the checkpoint's.
        samples: ``[seeds, n, ...]``, of which the first are kept: images as uint8, points as they are.
        walks: ``[seeds, WALKS, WALK_STEPS + 1, ...]``, of which the first `KEPT_WALKS` are kept if they are
            images. Their key names no step, so that of all checkpoints of a run the last one's stay.
        kind: "images" or "points".
    """
    sheet, cut = f"{run}/{checkpoint_name(step)}", samples[:, : SHEET[kind]]
    if kind == "points":
        return {sheet: cut}
    return {sheet: to_uint8(cut), f"{run}/walks": to_uint8(walks[:, :KEPT_WALKS])}


def reference(dataset: str, evaluation: Evaluation, threads: int, device: str = "cpu") -> None:
    """Score the first train images, as many as are generated, as if they had been; write the reference.

    The classifier has seen these images, so beside their inception score stands that of the
    held-out images, under the same id with `OF_HELDOUT` at its end: what confident predictions on
    new images give.

    Raises:
        DataError, ResultsError: what it needs is missing or damaged.
    """
    judge = Judge(dataset, evaluation, devices.prepare(device, threads))
    scores = judge.score(judge.images.train[: evaluation.samples])
    if "inception_score" in judge.metrics:
        score = compute("inception_score", judge.real, judge.real, judge.protocol.of_heldout())
        scores[judge.id("inception_score") + OF_HELDOUT] = score
    frame = pd.DataFrame(list(scores.items()), columns=list(REFERENCE_COLUMNS))
    with replacing(study.reference_file(dataset)) as aside:
        frame.to_parquet(aside, index=False)
