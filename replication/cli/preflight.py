"""What can be known of a study before work starts: said by `replication doctor` and by every start of Snakemake.

No torch here. What a configuration says by itself is checked in `params` and `study`; here stands what depends on
the user's files and on the machine. What stands between backticks may be set in params.yaml as it is.
"""

from __future__ import annotations

import json
import math
import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from replication.claims import arms, feasible, schema
from replication.data._base import HELDOUT_SHARE
from replication.data._checks import DataError
from replication.data._shape import Known, shape_of
from replication.metrics import _base as metrics
from replication.plan import fits, registry
from replication.plan.config import ConfigError, Run
from replication.plan.paths import REPORTS, RESULTS
from replication.plan.study import Study, kind
from replication.words import numbers

#: Bytes of one generator, as a rough upper guess: measured 0.3 to 4.3 MB on images, and less on points.
GENERATOR = {"images": 4.5e6, "points": 1e5}


def check(study: Study) -> list[str]:
    """What the study will do otherwise than a reader may expect, each as one line.

    Raises:
        ConfigError: what would end the study after it has begun, each as one line with its place and remedy; and
            tests of the papers that name arms which no profile has, or that so few seeds could not decide.
    """
    arms.check(study.config)
    faults = [
        fault
        for folder in (RESULTS, study.paths.root, study.paths.scratch, REPORTS)
        if (fault := unwritable(folder))
    ]
    faults += feasible.unfit(study, schema.all_claims(schema.papers().values()))
    doubts: list[str] = []
    # Arms that stand apart are compared with no other data set.
    compared = {run.dataset for run in study.runs.values() if run.arm not in study.apart}
    for dataset in study.datasets:
        try:
            known = shape_of(dataset, study.config)
        except DataError as error:
            faults.append(str(error))
            continue
        if known is not None:
            faults += _unfit_nets(study, dataset, known)
            faults += _unfit_protocol(study, dataset, known)
            if dataset in compared:
                doubts += _reduced_protocol(study, dataset, known)
    if faults:
        raise ConfigError("\n".join(dict.fromkeys(faults)))
    return doubts


def announce(study: Study) -> None:
    """Say on stderr what `check` doubts, and whether the disk may be too small; raises as `check`."""
    doubts = check(study)
    enough, said = disk(*room(study))
    for line in doubts if enough else [*doubts, said]:
        print(line, file=sys.stderr)


def unwritable(folder: Path) -> str:
    """Why a folder, which need not exist yet, cannot be written, with a remedy; empty where it can."""
    whole = folder.absolute()
    there = next(p for p in (whole, *whole.parents) if os.path.lexists(p))
    named = shlex.quote(str(there))
    if not there.is_dir():
        return f"{there} is a file where a folder is needed; move it away: mv {named} {named}.old"
    if not os.access(there, os.W_OK | os.X_OK):
        return f"{there} cannot be written; allow it: chmod u+wx {named}"
    return ""


def room(study: Study) -> tuple[float, float]:
    """Free bytes where results are kept, and bytes that the runs of the profile may need.

    The need is a rough upper guess: checkpoints, and the copy of them that DVC keeps.
    """
    free = shutil.disk_usage(RESULTS if RESULTS.exists() else Path()).free
    needed = sum(
        2 * GENERATOR[kind(run.dataset)] * len(run.seeds) * len(run.checkpoints)
        for run in study.runs.values()
    )
    return free, needed


def disk(free: float, needed: float) -> tuple[bool, str]:
    """Whether free bytes suffice, and both in words."""
    what = f"{numbers.size(free)} free, up to {numbers.size(needed)} needed"
    return (True, what) if free > needed else (False, f"{what}: make room")


def _unfit_nets(study: Study, dataset: str, known: Known) -> Iterator[str]:
    """Arms whose net does not take the images, or whose batches are larger than the train part."""
    for run, *_ in study.arms.values():
        if run.dataset != dataset:
            continue
        if fault := fits.misfit(run, known.shape):
            yield f"{study.arms_place}: {fault}{_resizing(study, run, known)}"
        if run.recipe.batch > known.train:
            yield (
                f"{study.arms_place}: {dataset} has {known.train:,} images to train on, and a batch of "
                f"{run.method} {run.recipe.batch:,}; add images, or set `{_batch(study, run, known.train)}`"
            )


def _resizing(study: Study, run: Run, known: Known) -> str:
    """The other remedy for images of a folder that are of a size which a run's net does not take."""
    own, sides = study.config.own_data.get(run.dataset), fits.sides(run.net.net)
    if own is None or not sides or not Path(own.path).expanduser().is_dir():
        return ""
    side = min(sides, key=lambda side: abs(side - min(known.shape[1:])))
    return f", or `own_data: {{{run.dataset}: {{path: {json.dumps(own.path)}, resize: {side}}}}}`"


def _batch(study: Study, run: Run, size: int) -> str:
    """The setting of params.yaml that gives a run another batch size: its variant's, where that has one."""
    for name, variant in study.config.joined(run.variant).items():
        if "batch" in variant.change:
            return f"variants: {{{name}: {{change: {{batch: {size}}}}}}}"
    return f"methods: {{{run.method}: {{batch: {size}}}}}"


def _unfit_protocol(study: Study, dataset: str, known: Known) -> Iterator[str]:
    """What the metrics' protocol asks of a data set and cannot have."""
    evaluation = study.config.budget.evaluation
    if metrics.has_features(evaluation.extractor, dataset, known.labelled):
        samples = min(evaluation.samples, known.train)
        for line in metrics.too_large(evaluation, samples, known.heldout):
            yield f"{study.protocol_place}: {dataset}: {line}"


def _reduced_protocol(study: Study, dataset: str, known: Known) -> Iterator[str]:
    """What the metrics' protocol asks of a data set and gets less of."""
    evaluation = study.config.budget.evaluation
    protocol = metrics.Protocol.of(evaluation, known.heldout)
    capped = {
        "samples": min(evaluation.samples, known.train),
        "transport_samples": protocol.transport_samples,
    }
    if metrics.has_features(evaluation.extractor, dataset, known.labelled):
        capped["kid_subset_size"] = protocol.kid_subset_size
        yield from _singular(study, dataset, known)
    less = {field: n for field, n in capped.items() if n < getattr(evaluation, field)}
    if less:
        settings = ", ".join(f"`{field}: {n}`" for field, n in less.items())
        yield (
            f"{study.protocol_place}: {dataset} has {known.train:,} images to train on and {known.heldout:,} "
            f"held out, so it is scored with {settings}; set these to score all data sets alike"
        )


def _singular(study: Study, dataset: str, known: Known) -> Iterator[str]:
    """The covariance of n features has rank n - 1 at most."""
    evaluation = study.config.budget.evaluation
    needed = registry.metadata("features", evaluation.extractor)["DIMENSION"] + 1
    place = f"{study.protocol_place}: {dataset}: FID with {evaluation.extractor} needs {needed:,}"
    if evaluation.samples < needed:
        yield f"{place} generated images or more, not {evaluation.samples:,}; set `samples: {needed}`"
    if known.heldout < needed:
        whole = math.ceil(needed / HELDOUT_SHARE)
        yield f"{place} held-out images or more, not {known.heldout:,}; give {whole:,} images"
