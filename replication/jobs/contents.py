"""What files hold, as one short string: their names, sizes and SHA-256, whatever their dates. No torch here.

A folder of 100,000 images is read once; afterwards only files whose size or date is another are read again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from replication.jobs import files
from replication.plan import paths

#: What is known of folders of the user's own.
KNOWN = paths.KNOWN / "contents"

#: Size, modification time in nanoseconds, and SHA-256 of a file.
Seen = list[int | str]


def digest(paths: Iterable[Path], root: Path) -> str:
    """Sixteen hex digits for the contents of files and their names below a folder, in any order; absent ones count."""
    return _joined({os.path.relpath(path, root): _seen(path, None) for path in paths})


def of_images(source: Path, known: Path = KNOWN) -> str:
    """Sixteen hex digits for a file, or for all files of a folder and of the folders in it; hidden ones do not count.

    Args:
        source: a file or a folder; empty is the answer where it is neither.
        known: the folder in which what was seen is kept.
    """
    if not source.is_dir():
        return _joined({source.name: _seen(source, None)}) if source.is_file() else ""
    cache = known / f"{hashlib.sha256(str(source.resolve()).encode()).hexdigest()[:16]}.json"
    before = _load(cache)
    seen = {name: _seen(source / name, before.get(name)) for name in sorted(_names(source))}
    if seen != before:
        # The next start reads again what could not be written down.
        with contextlib.suppress(OSError):
            files.write_json(cache, seen)
    return _joined(seen)


def _names(folder: Path) -> Iterable[str]:
    """Files below a folder, relative to it."""
    walked: set[str] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        walked.add(os.path.realpath(place))
        inside = (name for name in folders if not name.startswith("."))
        # A link to a folder above would lead round and round.
        folders[:] = [n for n in inside if os.path.realpath(os.path.join(place, n)) not in walked]
        for name in names:
            if not name.startswith("."):
                yield os.path.relpath(os.path.join(place, name), folder)


def _seen(path: Path, before: Seen | None) -> Seen:
    """What a file is now, read only where its size or date is another; whoever opens it says why it cannot be read."""
    try:
        status = path.stat()
        if before and before[:2] == [status.st_size, status.st_mtime_ns]:
            return before
        return [status.st_size, status.st_mtime_ns, files.sha256(path)]
    except OSError:
        return [0, 0, "unreadable"]


def _joined(seen: dict[str, Seen]) -> str:
    lines = (f"{name}\0{size}\0{sha}\n" for name, (size, _, sha) in sorted(seen.items()))
    return hashlib.sha256("".join(lines).encode(errors="surrogateescape")).hexdigest()[:16]


def _load(cache: Path) -> dict[str, Seen]:
    try:
        known: dict[str, Seen] = json.loads(cache.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known
