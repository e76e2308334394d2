"""All tables and verdicts of all studies as one file, with a word on each of their columns."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from replication.claims.controls import Checked
from replication.claims.outcome import Outcome
from replication.claims.verdict import Verdict
from replication.jobs import files
from replication.plan.paths import Paths

#: The tables for people, and what a row of each is.
TABLES = {
    "summary.csv": "a metric of an arm at its last checkpoint: mean over seeds, ends of its 95 % interval, seeds",
    "tracking.csv": "a training signal of an arm and a metric: rank correlation over checkpoints, mean over seeds",
    "controls.csv": "a control of an arm and a seed: how near it came to the regime that claims speak of",
    "runs.csv": "a seed of an arm: how it ended, at which step",
}

#: Every file has this date, so that equal results give equal bytes.
DATE = (1980, 1, 1, 0, 0, 0)


def write(path: Path, studies: Sequence[Paths]) -> None:
    """Write the archive.

    Args:
        path: of the zip.
        studies: whose files it holds, each in a folder of the study's name.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name: str, content: bytes) -> None:
            entry = zipfile.ZipInfo(name, DATE)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)

        add("schema.json", (json.dumps(schema(), indent=1) + "\n").encode())
        for study in studies:
            for table in [*map(study.table, TABLES), study.claims]:
                if table.exists():
                    add(f"{study.name}/{table.name}", table.read_bytes())
    with files.replacing(path) as aside:
        aside.write_bytes(buffer.getvalue())


def schema() -> dict[str, object]:
    """What stands in each file: of the tables a row, of the verdicts every field with its type."""
    records = {
        kind.__name__.lower(): {one.name: str(one.type) for one in fields(kind)}
        for kind in (Verdict, Outcome, Checked)
    }
    return {"tables": TABLES, "claims.json": {"row": "verdict", **records}}
