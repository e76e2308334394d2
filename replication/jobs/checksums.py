"""What a file holds decides, not its date: results are known by their SHA-256.

Each job leaves a record beside its files, ``<name>.sha256``, in the format of ``sha256sum`` with the date of making
on top. Results that no longer are what was written are removed, to be made again. Those that are get back the date of
their making, since Snakemake goes by dates, and a copy, a checkout or a ``touch`` gives others. No torch here.
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
from typing import NamedTuple

from replication.jobs import files
from replication.plan.paths import KNOWN, RESULTS

#: In the folder that is looked through: size and date of files already found sound, so that a sweep reads only what
#: changed since.
SOUND = (KNOWN / "sound.json").relative_to(RESULTS)

_Known = dict[str, list[int | str]]


class DamagedFile(ValueError):
    """A results file whose bytes are not those that were written."""


class Record(NamedTuple):
    """What a job left: the SHA-256 of its files, when it made them, and the contents of what it read.

    Attributes:
        files: {name relative to the record's folder: hex SHA-256}.
        made: nanoseconds since 1970, one date for all files; 0 where it was not written down.
        source: the digest of the sources, see `replication.jobs.contents`; empty where no sources were named.
    """

    files: dict[str, str]
    made: int = 0
    source: str = ""

    def write(self, path: Path) -> None:
        """Write the record; lines that begin with # are comments to ``sha256sum --check``."""
        heads = (
            f"# {key} {value}\n" for key in ("made", "source") if (value := getattr(self, key))
        )
        lines = (f"{digest}  {name}\n" for name, digest in self.files.items())
        files.write_text(path, "".join([*heads, *lines]))


def read(path: Path) -> Record:
    """The record of a file; an empty one where there is none that can be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        return Record({})
    heads = dict(
        line[2:].split(" ", 1) for line in lines if line.startswith("# ") and " " in line[2:]
    )
    entries = (line.partition("  ") for line in lines if not line.startswith("#"))
    named = {name: digest for digest, _, name in entries if len(digest) == 64 and name}
    made = heads.get("made", "")
    return Record(named, int(made) if made.isdecimal() else 0, heads.get("source", ""))


@contextmanager
def sealed(
    record: Path, paths: Iterable[Path], *, source: str = "", lasting: bool = False
) -> Iterator[None]:
    """Around the writing of files: drop their old record, and write the new one once all are there.

    Where that fails before any file was touched, what was there is as whole as before, and its record comes back.

    Args:
        record: the record to write, ``*.sha256``.
        paths: the files, beside or below the record; looked at once they are written.
        source: the digest of what they are made from, where that is no result of another job.
        lasting: files that come out as they were keep their date, so nothing is made again from them. For jobs that
            read no results of others: to Snakemake, those would be newer.
    """
    before = read(record)
    record.unlink(missing_ok=True)
    try:
        yield
    except BaseException:
        if before.files and not _differing(record, before):
            before.write(record)
        raise
    paths = list(paths)
    found = {p.relative_to(record.parent).as_posix(): files.sha256(p) for p in paths}
    made = max((p.stat().st_mtime_ns for p in paths), default=0)
    if lasting and found == before.files and before.made:
        made = before.made
    for path in paths:
        os.utime(path, ns=(made, made))
    Record(found, made, source).write(record)


def _differing(path: Path, record: Record) -> list[Path]:
    """The files of a record at a path that are absent, or not what was written."""
    there = {path.parent / name: digest for name, digest in record.files.items()}
    return [f for f, digest in there.items() if not f.exists() or files.sha256(f) != digest]


def check(record: Path) -> None:
    """Read every file of a record again, if there is one; raises `DamagedFile` at the first that differs."""
    for name, expected in read(record).files.items():
        path = record.parent / name
        if path.exists() and files.sha256(path) != expected:
            raise DamagedFile(
                f"{path}: damaged (its SHA-256 is not the one in {record.name}); "
                "delete it, and the workflow makes it again"
            )


def verify(
    results: Path = RESULTS, *others: Path, remove: bool = True, date: bool = True
) -> list[Path]:
    """Find every file that differs from its record, and delete it, with a line on stderr each; date the others.

    Fast: a file whose size and modification time are those of the last sweep is not read again.

    Args:
        results: the folder to look through.
        others: more of them.
        remove: delete what is damaged; otherwise only report it.
        date: give what is sound the date of its making.

    Returns:
        The damaged files.
    """
    cache = results / SOUND
    known, damaged = _load(cache), []
    sound: _Known = {}
    for path in sorted(p for folder in (results, *others) for p in folder.rglob("*.sha256")):
        record = read(path)
        there = {f: sha for name, sha in record.files.items() if (f := path.parent / name).exists()}
        for file, expected in list(there.items()):
            if known.get(str(file)) != _state(file, expected) and files.sha256(file) != expected:
                damaged.append(file)
                del there[file]
        if date:
            _date(path, record, there, known, keep=remove)
        sound |= {str(file): _state(file, expected) for file, expected in there.items()}
    for path in damaged:
        verdict = "deleted, to be made again" if remove else "to be made again"
        print(f"{path}: damaged (its SHA-256 is not the recorded one); {verdict}", file=sys.stderr)
        if remove:
            path.unlink()
    if remove and sound != known:
        files.write_json(cache, sound)
    return damaged


def fix_timestamps(paths: Iterable[Path]) -> list[Path]:
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


def touch(paths: Iterable[Path]) -> None:
    """Date files now that no record knows and nothing is made from, such as Snakemake's benchmarks.

    Snakemake counts them among what a job made, and would find them older than what it was made from.
    """
    for path in paths:
        with contextlib.suppress(OSError):
            os.utime(path)


def _date(path: Path, record: Record, sound: dict[Path, str], known: _Known, keep: bool) -> None:
    """Give sound files the date of their record, or, where that does not hold here, the record theirs.

    It does not hold where it is of the future, nor where something else stood in their place at the last start: what
    was made from that is older than they are, whenever they were made. Files that may only be read stay as they are.
    """
    brought = any(known.get(str(f), ["", "", sha])[2] != sha for f, sha in sound.items())
    with contextlib.suppress(PermissionError):
        if 0 < record.made <= time.time_ns() and not brought:
            for file in sound:
                if file.stat().st_mtime_ns != record.made:
                    os.utime(file, ns=(record.made, record.made))
        elif keep and sound and (now := max(f.stat().st_mtime_ns for f in sound)) != record.made:
            record._replace(made=now).write(path)


def _state(file: Path, expected: str) -> list[int | str]:
    status = file.stat()
    return [status.st_size, status.st_mtime_ns, expected]


def _load(cache: Path) -> _Known:
    try:
        known: _Known = json.loads(cache.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return known
