"""What verbs share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from replication.plan.study import Study

#: Beside the files of a folder: their SHA-256.
RECORD = "files.sha256"


def made_by(study: Study, job: str) -> dict[str, str]:
    """What makes the evidence of a job, see `replication.evidence.current`."""
    from replication.jobs import keys

    return keys.made_by(dict(keys.every(study)), job)


def study(name: str | None = None) -> Study:
    """The study of params.yaml, or of another profile; threads and memory are set before anything loads torch."""
    from replication.jobs import memory
    from replication.plan.study import Study

    memory.keep()
    study = Study() if name is None else Study().another(name)
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[variable] = str(study.config.threads)
    return study
