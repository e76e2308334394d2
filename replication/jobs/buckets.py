"""Results in a bucket: its local copies and the study's own folders are the same files. No torch here.

With a storage provider, Snakemake puts what a job reads and looks for what it wrote under
``.snakemake/storage/s3/<bucket>/...``. The verbs of this study read and write ``results/...``. A link from
the one to the other makes both right.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from replication.plan.config import ConfigError


def join(provider: Any, prefix: str, folders: Iterable[Path]) -> None:
    """Make Snakemake's local copies of folders in a bucket links to the folders themselves.

    Args:
        provider: Snakemake's storage provider.
        prefix: where in its bucket the study is, such as ``s3://bucket/study``.
        folders: in the folder of the study.

    Raises:
        ConfigError: local copies of another kind are in the way.
    """
    for folder in folders:
        link(provider.object(f"{prefix.rstrip('/')}/{folder.as_posix()}").local_path(), folder)


def link(copy: Path, folder: Path) -> None:
    """Make `copy` a link to a folder; both are made where they are missing, and a link is never absent meanwhile.

    Raises:
        ConfigError: `copy` is there, and no link.
    """
    folder.mkdir(parents=True, exist_ok=True)
    copy.parent.mkdir(parents=True, exist_ok=True)
    if copy.exists() and not copy.is_symlink():
        raise ConfigError(
            f"{copy}: local copies of a bucket that are not the study's own; delete them"
        )
    # Relative, so that the study may be moved; beside and renamed, since jobs of a cluster do this at once.
    aside = copy.with_name(f".{copy.name}.{os.getpid()}.part")
    aside.unlink(missing_ok=True)
    aside.symlink_to(os.path.relpath(folder.resolve(), copy.parent.resolve()))
    aside.replace(copy)
