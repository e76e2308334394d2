"""The report: pages, the same as Markdown, small pictures, all tables as one download, and the README's results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from replication.evidence import growing
from replication.figures.results import MissingResult
from replication.jobs import files
from replication.plan import registry
from replication.plan.paths import REPORTS, RESULTS
from replication.plan.study import Study
from replication.report import download, pages, readme, sheets
from replication.report.context import Context, context
from replication.report.templating import render, text


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


def outputs(study: Study) -> list[Path]:
    """The files that `build` writes."""
    return pages.outputs({one.name: growing.whole(one) for one in studies(study)})


def build(study: Study) -> list[Path]:
    """Write the pages under reports/ over all studies that have evidence, and bring the README's results up to date.

    Args:
        study: any of params.yaml, which has them all.

    Equal results give equal bytes: nothing in a page depends on when or where it was written.

    Raises:
        MissingResult: evidence, a table, a figure or verdicts are absent; the message names the command that makes it.
    """
    found = studies(study)
    report = context(found)
    for page, template, values in _pages(report):
        for form, name in (("html", page), ("md", pages.twin(page))):
            if form == "html" or pages.has_twin(page):
                written = render(f"{template}.{form}.j2", here=page, report=report, **values)
                files.write_text(REPORTS / name, written)
    _pictures(report)
    for name in pages.LIBRARY:
        files.write_text(REPORTS / name, text(name))
    download.write(REPORTS / pages.DOWNLOAD, [one.paths for one in found])
    readme.update(report)
    made = outputs(study)
    _forget(made)
    return made


def _forget(written: Iterable[Path]) -> None:
    """Remove the pages of arms, and the figures of panels, that are no more."""
    panels, figures = set(registry.panels()), REPORTS / "figures"
    gone = set((REPORTS / "arms").glob("*/*")) - set(written)
    gone |= {
        file
        for file in figures.glob("*/*/*")
        if file.relative_to(figures).with_suffix("").as_posix().partition("/")[2] not in panels
    }
    for path in gone:
        path.unlink()


def _pages(report: Context) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every page with its template and what that shows besides the report."""
    for page in map(pages.of, pages.STUDY):
        yield page, page.removesuffix(".html"), {}
    for topic in report.theory.topics:
        yield topic.page, "topic", {"topic": topic}
    for paper in report.papers:
        yield paper.page, "paper", {"paper": paper}
    for arm in report.arms:
        yield arm.page, "arm", {"arm": arm}


def _pictures(report: Context) -> None:
    """The small picture of every panel, of each study in which it shows something."""
    made = set()
    for view in report.drawn.values():
        for study, picture in view.pictures.items():
            path = REPORTS / pages.thumbnail(view.id, study)
            sheets.thumbnail(REPORTS / picture, path)
            made.add(path)
    for path in set((REPORTS / "thumbnails").rglob("*.webp")) - made:
        path.unlink()
