"""`replication import`."""

from __future__ import annotations

from pathlib import Path

from replication.cli.verbs import _base

OPTIONS = {"study": "to which it is added; without it, that of the profile of params.yaml"}


def import_(folder: str, *, study: str | None = None) -> None:
    """Add evidence that was made elsewhere to a study: FOLDER is results/<study> of another clone.

    It is checked before anything is copied: its tables, its hashes, and its settings against params.yaml.
    """
    chosen = _base.study(study)
    from replication.evidence import importing

    pieces = importing.bring(Path(folder), chosen)
    for piece in pieces:
        print(f"{piece.job}: added{'; ' if piece.note else ''}{piece.note}")
    print(
        f"{len(pieces)} added to {chosen.paths.root}; make the report with: snakemake --cores all all"
    )
