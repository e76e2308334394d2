"""The report: one self-contained page, the same as Markdown, and the results part of the README."""

from __future__ import annotations

from pathlib import Path

from replication import files
from replication.report import readme
from replication.report.context import context
from replication.report.templating import render
from replication.study import REPORTS, Study

PAGES = {"report.html.j2": REPORTS / "index.html", "report.md.j2": REPORTS / "README.md"}


def build(study: Study) -> list[Path]:
    """Write reports/index.html and reports/README.md, and bring the README's results up to date.

    Equal results give equal bytes: nothing in a page depends on when or where it was written.

    Raises:
        MissingResult: a table or figure is absent; the message names the command that makes it.
    """
    report = context(study)
    for template, path in PAGES.items():
        files.write_text(path, render(template, report=report))
    readme.update(report, Path("README.md"))
    return list(PAGES.values())
