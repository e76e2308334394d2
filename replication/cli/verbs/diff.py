"""`replication diff`."""

from __future__ import annotations

from pathlib import Path

OPTIONS = {"json": "file for what is printed, as JSON"}


def diff(before: str, after: str, *, json: str | None = None) -> None:
    """Compare two results folders: which numbers moved beyond noise, and which verdicts changed.

    BEFORE and AFTER each hold summary.csv, tracking.csv and claims.json: of two commits, machines or
    profiles. Where a folder also has runs.csv and quality.parquet, its noise is that of its seeds' own
    values. That something moved is no error: the exit code is 0.
    """
    from replication.analysis import folder
    from replication.claims import compare
    from replication.cli import terminal
    from replication.jobs import files

    found = compare.compare(folder.read(Path(before)), folder.read(Path(after)))
    terminal.show(terminal.difference(found))
    if json is not None:
        files.write_json(Path(json), compare.plain(found))
