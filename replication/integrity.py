"""Results that no longer are what was written: noticed by their SHA-256, and removed to be made again.

Each job leaves a record beside its files, ``<name>.sha256``, in the format of ``sha256sum``. Dates that no clock has
reached yet are set right, since Snakemake goes by dates. No torch here.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from replication import files, study

#: Size and modification time of files already found sound, so that a sweep reads only what changed since.
SOUND = study.SCRATCH / "sound.json"


class DamagedFile(ValueError):
    """A results file whose bytes are not those that were written."""


@contextmanager
def sealed(record: Path, paths: Iterable[Path]) -> Iterator[None]:
    """Around the writing of files: drop their old record, and write the new one once all are there.

    Args:
        record: the record to write, ``*.sha256``.
        paths: the files, beside or below the record.
    """
    record.unlink(missing_ok=True)
    yield
    lines = (f"{files.sha256(p)}  {p.relative_to(record.parent).as_posix()}\n" for p in paths)
    files.write_text(record, "".join(lines))


def check(record: Path) -> None:
    """Read every file of a record again, if there is one; raises `DamagedFile` at the first that differs."""
    for path, expected in _sealed(record):
        if path.exists() and files.sha256(path) != expected:
            raise DamagedFile(
                f"{path}: damaged (its SHA-256 is not the one in {record.name}); "
                "delete it, and the workflow makes it again"
            )


def sweep(results: Path = study.RESULTS, *, remove: bool = True) -> list[Path]:
    """Find every results file that differs from its record, and delete it, with a line on stderr each.

    Fast: a file whose size and modification time are those of the last sweep is not read again.

    Args:
        results: the folder to look through.
        remove: delete what is damaged; otherwise only report it.

    Returns:
        The damaged files.
    """
    cache = results / SOUND.relative_to(study.RESULTS)
    known, sound, damaged = _load(cache), {}, []
    for record in sorted(results.rglob("*.sha256")):
        for path, expected in _sealed(record):
            if not path.exists():
                continue
            state = [path.stat().st_size, path.stat().st_mtime_ns, expected]
            if known.get(str(path)) == state or files.sha256(path) == expected:
                sound[str(path)] = state
            else:
                damaged.append(path)
    for path in damaged:
        verdict = "deleted, to be made again" if remove else "to be made again"
        print(f"{path}: damaged (its SHA-256 is not the recorded one); {verdict}", file=sys.stderr)
        if remove:
            path.unlink()
    if remove and sound != known:
        files.write_json(cache, sound)
    return damaged


def settle(paths: Iterable[Path]) -> list[Path]:
    """Date files of the future now, and so all alike: none of them becomes newer than what was made from it.

    A clock that was ahead leaves them. Snakemake would take every file that is made from them for outdated.

    Args:
        paths: files, each there or not.

    Returns:
        Those that were of the future.
    """
    now, ahead = time.time_ns(), []
    for path in paths:
        with contextlib.suppress(OSError):
            if path.stat().st_mtime_ns > now:
                os.utime(path, ns=(now, now))
                ahead.append(path)
    return ahead


def _sealed(record: Path) -> Iterator[tuple[Path, str]]:
    """The files of a record, with their hashes; none where there is no readable record."""
    try:
        lines = record.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        return
    for line in lines:
        digest, _, name = line.partition("  ")
        if len(digest) == 64 and name:
            yield record.parent / name, digest


def _load(cache: Path) -> dict[str, list[int | str]]:
    try:
        known: dict[str, list[int | str]] = json.loads(cache.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return known
