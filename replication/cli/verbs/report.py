"""`replication report`."""

from __future__ import annotations

from replication.cli.verbs import _base


def report() -> None:
    """Write reports/index.html and the other pages, each as Markdown too, over all studies that have evidence."""
    study = _base.study()
    from replication.jobs import checksums
    from replication.plan.paths import REPORTS
    from replication.report import build

    with checksums.sealed(REPORTS / "pages.sha256", build.outputs(study)):
        build.build(study)
