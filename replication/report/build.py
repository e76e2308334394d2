"""The report: self-contained pages, the same as Markdown, and the results part of the README."""

from __future__ import annotations

from pathlib import Path

from replication.evidence import growing
from replication.figures.results import MissingResult
from replication.jobs import files
from replication.plan.paths import REPORTS, RESULTS
from replication.plan.study import Study
from replication.report import pages, readme
from replication.report.context import context
from replication.report.templating import render


def studies(study: Study) -> list[Study]:
    """The studies of the report: all that have evidence, the largest last.

    Raises:
        MissingResult: there is none.
    """
    if found := growing.found(study):
        return found
    raise MissingResult(
        f"{RESULTS}: no study has evidence; make it with: snakemake --cores all all"
    )


def build(study: Study) -> list[Path]:
    """Write the pages under reports/ over all studies that have evidence, and bring the README's results up to date.

    Args:
        study: any of params.yaml, which has them all.

    Equal results give equal bytes: nothing in a page depends on when or where it was written.

    Raises:
        MissingResult: evidence, a table, a figure or verdicts are absent; the message names the command that makes it.
    """
    report = context(studies(study))
    papers = {paper.page: paper for paper in report.papers}
    for page in pages.every():
        template = "paper" if page in papers else page.removesuffix(".html")
        for name, form in ((page, "html"), (pages.twin(page), "md")):
            text = render(f"{template}.{form}.j2", report=report, here=page, paper=papers.get(page))
            files.write_text(REPORTS / name, text)
    readme.update(report, Path("README.md"))
    return pages.outputs()
