"""The report: self-contained pages, the same as Markdown, and the results part of the README."""

from __future__ import annotations

from pathlib import Path

from replication.jobs import files
from replication.plan.study import REPORTS, Study
from replication.report import pages, readme
from replication.report.context import context
from replication.report.templating import render


def build(study: Study) -> list[Path]:
    """Write the pages under reports/, and bring the README's results up to date.

    Equal results give equal bytes: nothing in a page depends on when or where it was written.

    Raises:
        MissingResult: a table, figure or the verdicts are absent; the message names the command that makes it.
    """
    report = context(study)
    papers = {paper.page: paper for paper in report.papers}
    for page in pages.every():
        template = "paper" if page in papers else page.removesuffix(".html")
        for name, form in ((page, "html"), (pages.twin(page), "md")):
            text = render(f"{template}.{form}.j2", report=report, here=page, paper=papers.get(page))
            files.write_text(REPORTS / name, text)
    readme.update(report, Path("README.md"))
    return pages.outputs()
