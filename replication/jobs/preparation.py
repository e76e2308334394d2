"""The user's own images, prepared anew before the rest is planned, where what is in their folder changed.

Snakemake plans all at once, and what follows from a data set is in the plan as soon as the data set is. Whether the
prepared images are others (a file renamed, a note put beside them) is known only then. No torch here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from replication.jobs import checksums, contents
from replication.plan.study import Study

#: Set for the Snakemake that prepares, so that it does not do likewise.
AHEAD = "REPLICATION_AHEAD"


class NotPrepared(RuntimeError):
    """Images that changed could not be prepared."""


def changed(study: Study) -> list[str]:
    """The data sets whose images are no longer those that they were prepared from."""

    def other(dataset: str) -> bool:
        path, images = study.paths.dataset(dataset), study.own_images(dataset)
        if images is None or not path.exists():
            return False
        before = checksums.read(path.with_suffix(".sha256")).source
        return bool(before) and before != contents.of_images(images)

    return [dataset for dataset in study.datasets if other(dataset)]


def ahead(study: Study, given: Mapping[str, Any]) -> None:
    """Prepare what changed; equal images keep their date, so that nothing is made again from them.

    Args:
        study: the study that is about to be planned.
        given: what ``--config`` changed of it.

    Raises:
        NotPrepared: the images are missing or unsuitable; the job has said why.
    """
    if AHEAD in os.environ or not (datasets := changed(study)):
        return
    targets = [str(study.paths.dataset(dataset)) for dataset in datasets]
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--force"]
    if given:
        command += ["--config", *(f"{key}={json.dumps(value)}" for key, value in given.items())]
    done = subprocess.run([*command, "--", *targets], env=os.environ | {AHEAD: "1"}, check=False)
    if done.returncode:
        raise NotPrepared(
            f"{', '.join(datasets)}: not prepared, see above; nothing else was started"
        )
