"""`replication evaluate`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from replication.cli.verbs import _base

if TYPE_CHECKING:
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
    from replication.evidence import evaluate as evidence
    from replication.evidence.store import arm_files
    from replication.jobs import checksums, gpus, progress

    runs, paths = study.arm(arm), study.paths
    for run in runs:
        checksums.check(paths.run(run.id) / _base.RECORD)
    made_by = _base.made_by(study, f"evaluate/{arm}")
    with (
        gpus.gpu(study.config.device, study.config.jobs_per_gpu),
        checksums.sealed(paths.arm(arm) / _base.RECORD, arm_files(paths, arm)),
        progress.bar(arm, sum(len(run.checkpoints) for run in runs)) as advance,
    ):
        evidence.evaluate(runs, study.config.budget.evaluation, paths, made_by, advance)
