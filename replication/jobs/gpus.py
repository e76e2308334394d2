"""One GPU for each job: jobs that Snakemake starts side by side on a machine share out its devices among themselves.

A lock stands for a place on a GPU. The system lets go of it when its process ends, however it ends, so no place is
ever lost. No torch here: a device is chosen before torch looks for any.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

#: What CUDA shows of its devices, to this process and to what it starts.
VISIBLE = "CUDA_VISIBLE_DEVICES"

#: Seconds between two looks for a free place.
PATIENCE = 0.5

#: A folder for each GPU that Linux's driver has found.
DRIVER = Path("/proc/driver/nvidia/gpus")


@contextmanager
def gpu(device: str, jobs: int) -> Iterator[str | None]:
    """Make one GPU visible and hold a place on it; wait while all places are taken.

    Nothing happens on machines without a GPU, for ``cpu``, and where a scheduler has left a single GPU to choose.

    Args:
        device: of the configuration: ``auto``, ``cpu`` or ``cuda``.
        jobs: places on each GPU.

    Yields:
        The GPU as `VISIBLE` names it, or None.
    """
    devices = visible() if device != "cpu" else []
    if len(devices) < 2 and not (devices and jobs > 1):
        yield devices[0] if devices else None
        return
    before = os.environ.get(VISIBLE)
    with place(devices, jobs, folder()) as found:
        os.environ[VISIBLE] = found
        try:
            yield found
        finally:
            os.environ.pop(VISIBLE) if before is None else os.environ.update({VISIBLE: before})


def visible() -> list[str]:
    """The GPUs that this process may use, as `VISIBLE` names them or by number; none where there is no driver."""
    if (named := os.environ.get(VISIBLE)) is not None:
        return [name for name in named.split(",") if name.strip() not in ("", "-1")]
    return [str(i) for i in range(len(list(DRIVER.iterdir())))] if DRIVER.is_dir() else []


def folder() -> Path:
    """Where the locks of this machine and user are, whatever the study."""
    return Path(tempfile.gettempdir()) / f"replication-gpus-{os.getuid()}"


@contextmanager
def place(devices: Sequence[str], jobs: int, locks: Path) -> Iterator[str]:
    """Hold a place on one of some devices: the emptiest first, which are those with a free earlier place."""
    locks.mkdir(parents=True, exist_ok=True)
    places = [
        (FileLock(locks / f"{device.replace('/', '_')}.{number}.lock"), device)
        for number in range(jobs)
        for device in devices
    ]
    while True:
        for lock, device in places:
            if _taken(lock):
                try:
                    yield device
                finally:
                    lock.release()
                return
        time.sleep(PATIENCE)


def _taken(lock: FileLock) -> bool:
    """Whether this process could take a lock that nobody else holds."""
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return False
    return True
