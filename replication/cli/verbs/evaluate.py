"""`replication evaluate`."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from replication.cli.verbs import _base

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from replication.plan.config import Run
    from replication.plan.paths import Paths
    from replication.plan.study import Study

OPTIONS = {
    "against": "data set to compare with, prepared and with its classifier: `replication data`, `... classifier`",
    "json": "file for the scores of all targets, in place of one <name>.scores.json each",
}


def evaluate(targets: list[str], *, against: str | None = None, json: str | None = None) -> None:
    """Measure the quality of an arm's checkpoints; with --against, of any images or generator.

    TARGETS is an arm of the study, DATASET/NET/METHOD/VARIANT. With --against it is one or more of: a
    folder of images, an .npz file of uint8 images (the array 'images', or the only one; [N, H, W],
    [N, H, W, C] or [N, C, H, W]), and a run's checkpoints.safetensors or id, of which the last
    checkpoint counts. The profile of params.yaml says how quality is measured. Each metric is printed
    with its protocol, and written to <name>.scores.json in this folder, <name> being the folder's or
    the file's, without suffix.

    Of an arm, runs that have not ended are left out, and runs that its evidence has already stay in it,
    whether or not their weights are there: a long study can be evaluated and kept seed by seed. The arm
    is in tables and figures when all of its runs are.
    """
    study = _base.study()
    if against is not None:
        from replication.scoring import evaluate as _scoring

        _scoring.score(targets, against, study, json)
    elif len(targets) > 1 or (os.path.exists(targets[0]) and targets[0] not in study.arms):
        from replication.plan.config import ConfigError

        raise ConfigError(f"{targets[-1]}: compare it with what? add --against and a data set")
    else:
        _evaluate_arm(study, targets[0])


def _evaluate_arm(study: Study, arm: str) -> None:
    from replication.evidence import current, growing
    from replication.evidence import evaluate as evaluate_
    from replication.evidence.store import arm_files
    from replication.jobs import checksums, gpus, progress

    paths, every = study.paths, study.arm(arm)
    made_by = _base.made_by(study, f"evaluate/{arm}")
    kept = current.kept(paths, f"evaluate/{arm}", made_by)
    ended = [r for r in every if r.id in kept or (paths.run(r.id) / "status.json").exists()]
    runs = ended or every  # where none has ended, the first is asked for
    awaited = [run for run in every if run not in runs]
    for run in awaited:
        log.warning("%s: not trained yet; until it is, no table has its arm", run.id)
        del made_by[f"{current.TRAIN}{run.id}"]
    scored = [run for run in runs if run.id not in kept]
    for run in scored:
        checksums.check(paths.run(run.id) / _base.RECORD)
    with (
        gpus.gpu(study.config.device, study.config.jobs_per_gpu),
        checksums.sealed(paths.arm(arm) / _base.RECORD, arm_files(paths, arm)),
        progress.bar(arm, sum(len(run.checkpoints) for run in scored)) as advance,
    ):

        def score(these: Sequence[Run], under: Paths) -> None:
            evaluate_.evaluate(these, study.config.budget.evaluation, under, made_by, advance)

        growing.grow(runs, kept, awaited, paths, made_by, score)
