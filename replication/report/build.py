"""The report: two self-contained pages, the same as Markdown, and the results part of the README."""

from __future__ import annotations

from pathlib import Path

from replication import files
from replication.report import readme, views
from replication.report.context import context
from replication.report.templating import render
from replication.study import REPORTS, Study

PAGES = {
    "report.html.j2": REPORTS / views.MAIN,
    "ground.html.j2": REPORTS / views.GROUND,
    "report.md.j2": REPORTS / "README.md",
    "ground.md.j2": REPORTS / "ground.md",
}


def build(study: Study) -> list[Path]:
    """Write the pages under reports/, and bring the README's results up to date.

    Equal results give equal bytes: nothing in a page depends on when or where it was written.

    Raises:
        MissingResult: a table, figure or the verdicts are absent; the message names the command that makes it.
    """
    report = context(study)
    for template, path in PAGES.items():
        files.write_text(path, render(template, report=report))
    readme.update(report, Path("README.md"))
    return list(PAGES.values())
