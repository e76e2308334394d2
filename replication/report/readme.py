"""The results part of the README at the top: the main table, one figure, and a line on the run."""

from __future__ import annotations

import re
from pathlib import Path

from replication.jobs import files
from replication.plan.paths import REPORTS
from replication.report.context import Context
from replication.report.templating import render

START, END = "<!-- results:start -->", "<!-- results:end -->"

#: The panel that answers the question most people come with.
FIGURE = "benchmark/tracking_forest"


def update(report: Context, path: Path) -> bool:
    """Replace what stands between the markers; a file without them, or none, is left as it is.

    Returns:
        Whether the file has the markers.
    """
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    marked = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.S)
    if not marked.search(text):
        return False
    renewed = marked.sub(lambda _: f"{START}\n{results(report)}\n{END}", text, count=1)
    if renewed != text:
        files.write_text(path, renewed)
    return True


def results(report: Context) -> str:
    """The part between the markers."""
    figure = next((view for view in report.front if view.id == FIGURE), None)
    return render("readme.md.j2", report=report, figure=figure, folder=REPORTS.as_posix()).strip()
