"""One pipeline in a folder, and one training of a run: whoever comes second is refused, or waits.

The locks are the system's: it lets go of them when their process ends, however it ends. No torch here.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from replication.study import SCRATCH

#: Where Snakemake keeps its own locks, which outlive a Snakemake that is killed.
SNAKEMAKE = Path(".snakemake")

#: Open as long as this process is the pipeline of its folder.
_held: list[IO[str]] = []


class AlreadyRunning(RuntimeError):
    """Another pipeline is at work in this folder."""


def claim(folder: Path = SNAKEMAKE) -> None:
    """Be the pipeline of a folder until this process ends, and drop the locks of one that was killed.

    Where the file system knows no locks, Snakemake's own stay in charge.

    Args:
        folder: Snakemake's, in the folder of the study.

    Raises:
        AlreadyRunning: there is one, on this or on another machine.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / "pipeline.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        raise AlreadyRunning(
            f"{folder.absolute().parent}: another pipeline is running here ({file.read().strip()}); "
            "wait for its end, or stop it"
        ) from None
    except OSError:
        return
    file.truncate(0)
    print(f"process {os.getpid()} on {platform.node()}", file=file, flush=True)
    _held.append(file)
    for stale in (folder / "locks").glob("*.lock"):
        stale.unlink()


@contextlib.contextmanager
def turn(run: str, scratch: Path = SCRATCH) -> Iterator[None]:
    """Wait until no other process trains a run: two would write and clear one scratch folder.

    A Snakemake that is killed leaves its jobs running, and the next one starts them again.
    """
    path = scratch / f"{run.replace('/', '__')}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path):
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def _locked(path: Path) -> IO[str]:
    """A file that this process alone has locked: not one that was removed while it waited."""
    while True:
        file = path.open("w")
        with contextlib.suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        try:
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        except FileNotFoundError:
            pass
        file.close()
