"""A disk that is full at any moment of a run: nothing half-written is taken as whole, and the run goes on later."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from bits import outcome, same

from replication.cli.verbs._base import RECORD
from replication.jobs import checksums
from replication.plan.config import Run
from replication.plan.paths import RUN_FILES, Paths
from replication.tensors import store
from replication.training.loop import scratch_name, train

PATHS = Paths.of("smoke")
Factory = Callable[..., Run]


def sealed(run: Run) -> None:
    """Train as the workflow's job does."""
    folder = PATHS.run(run.id)
    with checksums.sealed(folder / RECORD, [folder / name for name in RUN_FILES]):
        train(run, PATHS)


def full_at(monkeypatch: pytest.MonkeyPatch, count: int) -> list[int]:
    """Let the disk be full at the count-th file, of which half is written; returns what will list all writes."""
    flush, writes = os.fsync, []

    def fsync(descriptor: int) -> None:
        writes.append(descriptor)
        if len(writes) == count:
            os.ftruncate(descriptor, os.fstat(descriptor).st_size // 2)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    return writes


def test_whichever_write_finds_it_full(runs: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    run = runs("gan_ns")
    with monkeypatch.context() as patch:
        writes = full_at(patch, 0)
        sealed(run)
    expected = outcome(PATHS.run(run.id))
    # The generators, the states and the progress, then the four files of a run and their record.
    assert len(writes) == 2 * len(run.checkpoints) + len(run.logs) + len(RUN_FILES) + 1
    folder = PATHS.run(run.id)
    for count in range(1, len(writes) + 1):
        for name in (*RUN_FILES, RECORD):
            (folder / name).unlink()
        with monkeypatch.context() as patch:
            full_at(patch, count)
            with pytest.raises(OSError, match="No space left"):
                sealed(run)
        assert not (folder / RECORD).exists(), "what is not whole is not sealed"
        for file in (
            *(PATHS.scratch / scratch_name(run)).glob("*.safetensors"),
            *folder.glob("*.safetensors"),
        ):
            store.load(file)  # whole, or it would raise
        assert not list(Path().rglob("*.part")), "nothing is left to fill the disk"
        sealed(run)
        same(expected, outcome(folder))
