"""Score any images or generator against any data set: what ``replication evaluate --against`` does."""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from replication.jobs import files, progress
from replication.jobs.files import ResultsError
from replication.metrics._base import describe, direction, has_features, too_large
from replication.metrics._judge import Judge
from replication.plan import registry
from replication.plan.config import Config
from replication.plan.study import Study
from replication.scoring.samples import Prepared, Samples, read
from replication.tensors import device

log = logging.getLogger(__name__)

#: Images that can be scored at all: some metrics look at either half of them.
FEWEST = 2


def score(targets: Sequence[str], dataset: str, study: Study, json: str | None = None) -> None:
    """Score paths against a data set: print every metric with its protocol, and write JSON.

    Args:
        targets: as in `_samples.read`, or ids of the study's runs.
        dataset: a prepared data set.
        study: gives the protocol, the extractor and the device.
        json: one file for all; None: ``<name>.scores.json`` for each, in the working folder.

    Raises:
        DataError, ResultsError: something cannot be scored; one line, before anything is computed.
    """
    config = study.config
    if dataset not in config.datasets:
        hint = registry.nearest(dataset, config.datasets)
        raise ResultsError(f"--against: there is no data set {dataset!r}{hint}")
    records = _records(targets, json)
    real = Prepared.read(study.paths, dataset)
    where = device.prepare(config.device, config.threads)
    samples = _read(targets, real, study)
    with progress.bar(f"real images of {dataset}", real.count) as advance:
        judge = Judge(study.paths, dataset, config.budget.evaluation, where, advance)
    scores = {target: [_scored(judge, one) for one in own] for target, own in samples.items()}
    for record, among in records.items():
        found = [entry for target in among for entry in scores[target]]
        files.write_json(record, _header(judge) | {"scores": found})
        print(f"written: {record}")


def _read(targets: Sequence[str], real: Prepared, study: Study) -> dict[str, list[Samples]]:
    """The samples of every target, all of them fit to be scored."""
    samples: dict[str, list[Samples]] = {}
    with progress.bar("read", len(targets)) as advance:
        for done, target in enumerate(targets, 1):
            samples[target] = read(_place(target, study), real, study.config)
            for one in samples[target]:
                _enough(one, real, study.config)
            advance(done)
    return samples


def _records(targets: Sequence[str], json: str | None) -> dict[Path, list[str]]:
    """The files to write, each with the targets whose scores it holds."""
    if json is not None:
        return {Path(json): list(dict.fromkeys(targets))}
    names = {target: _name(Path(target)) for target in dict.fromkeys(targets)}
    name, count = Counter(names.values()).most_common(1)[0]
    if count > 1:
        raise ResultsError(
            f"{name}: the scores of {count} paths; name one file for all with --json"
        )
    return {Path(f"{name}.scores.json"): [target] for target, name in names.items()}


def _place(target: str, study: Study) -> str:
    """The path of a target: a run's id stands for its folder."""
    if target not in study.runs:
        return target
    if not (folder := study.paths.run(target)).exists():
        raise ResultsError(f"{target}: not trained; run `replication train {target}`")
    return str(folder)


def _name(path: Path) -> str:
    path = path.resolve()
    return path.name if path.is_dir() else path.stem


def _enough(samples: Samples, real: Prepared, config: Config) -> None:
    """Refuse images that are too few for the protocol.

    The covariance of n features has rank n - 1 at most: fewer leave FID without a meaning.
    """
    evaluation, count = config.budget.evaluation, len(samples.images)
    if count < FEWEST:
        raise ResultsError(
            f"{samples.name}: {count} image; metrics compare sets: give {FEWEST} or more"
        )
    if not has_features(evaluation.extractor, real.dataset, real.labelled):
        return
    needed = registry.metadata("features", evaluation.extractor)["DIMENSION"]
    if count <= needed:
        raise ResultsError(
            f"{samples.name}: {count:,} images are too few for the {needed:,} features of {evaluation.extractor}; "
            f"give {needed + 1:,} or more (of a generator: evaluation.samples in params.yaml)"
        )
    for line in too_large(evaluation, count, real.heldout):
        raise ResultsError(f"{samples.name}: {line} in params.yaml, or give more images")


def _scored(judge: Judge, samples: Samples) -> dict[str, Any]:
    """Score one source; prints its table and returns its record."""
    count = len(samples.images)
    with progress.bar(samples.name, count + len(judge.metrics)) as advance:
        values = judge.score(samples.images, advance, samples.walks)
    protocol = judge.protocol_of(count)
    rows = [(metric, describe(metric, protocol), value) for metric, value in values.items()]
    print(f"{samples.name}: {count:,} samples against {judge.dataset}")
    for note in samples.notes:
        print(f"  {note}")
    for metric, says, value in rows:
        shown = f"{value:.4g}" if math.isfinite(value) else "none"
        print(f"  {shown:>10}  {says}, {direction(metric)} is better")
    undefined = [says for _, says, value in rows if not math.isfinite(value)]
    if len(undefined) == len(rows):
        log.warning("%s: pixels that are not finite: the generator has diverged", samples.name)
    elif undefined:
        log.warning("%s: undefined for these images: %s", samples.name, "; ".join(undefined))
    return {
        "samples": samples.name,
        "count": count,
        "read": list(samples.notes),
        "metrics": [
            {"id": metric, "says": says, "value": value if math.isfinite(value) else None}
            for metric, says, value in rows
        ],
    }


def _header(judge: Judge) -> dict[str, Any]:
    """What the scores depend on beside the samples."""
    used = judge.extractor and {
        "id": judge.evaluation.extractor,
        "weights_sha256": judge.extractor.sha256,
    }
    return {"against": judge.dataset, "extractor": used or None, "warning": judge.warning or None}
