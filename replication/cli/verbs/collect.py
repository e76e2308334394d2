"""`replication collect`."""

from __future__ import annotations

from replication.cli.verbs import _base

OPTIONS = {"study": "whose evidence; without it, that of the profile of params.yaml"}


def collect(*, study: str | None = None) -> None:
    """Gather the evidence of a study into tables, and summarise them."""
    chosen = _base.study(study)
    from replication.analysis import collect as gathering
    from replication.analysis import dvc_metrics
    from replication.evidence import growing
    from replication.jobs import checksums
    from replication.plan.paths import TABLES

    tables = [
        *map(chosen.paths.table, TABLES),
        *dvc_metrics.outputs(chosen.paths, growing.whole(chosen)),
    ]
    with checksums.sealed(chosen.paths.root / "tables.sha256", tables):
        gathering.collect(chosen)
        dvc_metrics.write(chosen.paths)
