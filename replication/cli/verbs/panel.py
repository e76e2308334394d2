"""`replication panel`."""

from __future__ import annotations

from pathlib import Path

from replication.cli.verbs import _base

OPTIONS = {
    "study": "whose figures; without it, those of the profile of params.yaml",
    "pdf": "also as PDF, for print",
}


def panel(panels: list[str], *, study: str | None = None, pdf: bool = False) -> None:
    """Draw panels of a study, each named <paper>/<panel>; <paper> stands for all of its panels."""
    chosen = _base.study(study)
    from itertools import groupby

    from replication.figures.panel import render
    from replication.jobs import checksums
    from replication.plan import registry

    paths = chosen.paths
    for paper, wanted in groupby(registry.panels_of(panels), lambda panel: panel.split("/")[0]):
        own = registry.panels_of([paper])
        every = (file for panel in own for file in [*paths.panel(panel), paths.picture(panel)])
        with checksums.sealed(paths.panels_record(paper), filter(Path.exists, every)):
            for panel in wanted:
                render(chosen, panel, pdf)
