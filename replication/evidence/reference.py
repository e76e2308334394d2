"""The evidence of a data set: its size, its real images scored as if they had been generated, and some of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from replication.evidence import pictures
from replication.jobs import files
from replication.metrics import _trust
from replication.metrics._base import OF_HELDOUT, REFERENCE_COLUMNS
from replication.metrics._judge import Judge, compute
from replication.plan.config import Evaluation
from replication.plan.paths import Paths
from replication.tensors import device as devices
from replication.tensors.levels import to_uint8

#: Held-out samples that are kept, by kind of data.
KEPT = {"images": 64, "points": 1000}


def reference(
    dataset: str,
    evaluation: Evaluation,
    threads: int,
    paths: Paths,
    made_by: Mapping[str, str],
    device: str = "cpu",
) -> None:
    """Score the first train images, as many as are generated, as if they had been; write the data set's evidence.

    Args:
        dataset: its id.
        evaluation: the protocol.
        threads: of torch.
        paths: the study's.
        made_by: what decides this evidence, see `replication.evidence.current`.
        device: for the extractor.

    Raises:
        DataError, ResultsError: what it needs is missing or damaged.
    """
    judge = Judge(paths, dataset, evaluation, devices.prepare(device, threads))
    folder = paths.real(dataset)
    frame = pd.DataFrame(list(scores(judge).items()), columns=list(REFERENCE_COLUMNS))
    with files.replacing(folder / "real.parquet") as aside:
        frame.to_parquet(aside, index=False)
    _keep(judge, paths)
    images = judge.images
    known = {
        "dataset": dataset,
        "made_by": dict(made_by),
        "train": len(images.train),
        "heldout": len(images.heldout),
        "shape": images.shape,
        "labelled": images.train_labels is not None,
        "classifier": _trust.record(paths, evaluation.extractor, dataset),
    }
    files.write_json(folder / "dataset.json", known)


def scores(judge: Judge) -> dict[str, float]:
    """Metrics of real training images by id.

    The classifier has seen these images, so beside their inception score stands that of the
    held-out images, under the same id with `OF_HELDOUT` at its end: what confident predictions on
    new images give.
    """
    found = judge.score(judge.images.train[: judge.evaluation.samples])
    if "inception_score" in judge.metrics:
        score = compute("inception_score", judge.real, judge.real, judge.protocol.of_heldout())
        found[judge.id("inception_score") + OF_HELDOUT] = score
    return found


def _keep(judge: Judge, paths: Paths) -> None:
    """Some held-out samples, evenly spaced."""
    heldout, folder = judge.images.heldout, paths.real(judge.dataset)
    kept = heldout[
        np.linspace(0, len(heldout) - 1, min(KEPT[judge.kind], len(heldout))).astype(int)
    ]
    if judge.kind == "points":
        pictures.write_points(folder / "heldout.parquet", [({"part": 0}, kept.numpy())])
    else:
        block = ({"part": 0}, to_uint8(kept).numpy())
        pictures.write_images(folder / "heldout.png", judge.images.shape, [block])
