"""One pipeline in a folder, and one training of a run: whoever comes second is refused, or waits.

The locks are the system's: it lets go of them when their process ends, however it ends. No torch here.
"""

from __future__ import annotations

import contextlib
import os
import platform
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

#: Where Snakemake keeps its own locks, which outlive a Snakemake that is killed.
SNAKEMAKE = Path(".snakemake")

#: Held as long as this process is the pipeline of its folder.
_held: list[FileLock] = []


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
    path = folder / "pipeline.lock"
    lock = _lock(path)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise AlreadyRunning(
            f"{folder.absolute().parent}: another pipeline is running here ({path.read_text().strip()}); "
            "wait for its end, or stop it"
        ) from None
    except OSError:
        return
    path.write_text(f"process {os.getpid()} on {platform.node()}\n")
    _held.append(lock)
    for stale in (folder / "locks").glob("*.lock"):
        stale.unlink()


@contextlib.contextmanager
def turn(run: str, scratch: Path) -> Iterator[None]:
    """Wait until no other process trains a run: two would write and clear one scratch folder.

    A Snakemake that is killed leaves its jobs running, and the next one starts them again.
    """
    path = scratch / f"{run.replace('/', '__')}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # a file system without locks
            stack.enter_context(_lock(path))
            stack.callback(
                path.unlink, missing_ok=True
            )  # before the lock goes: who waits tries again
        yield


def _lock(path: Path) -> FileLock:
    """A lock of the system's, never a marker file in its place: that would outlive a process that is killed."""
    return FileLock(path, fallback_to_soft=False)
