"""The results part of the README at the top: the main table, one figure, and a line on the run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from replication import files
from replication.report.claim import MARKS, ClaimView
from replication.report.context import Context
from replication.report.templating import render
from replication.study import REPORTS

START, END = "<!-- results:start -->", "<!-- results:end -->"

#: What decides a claim at each tier, in the order of cost.
SCALES = {
    "T0": "calculations",
    "T1": "toys and labs",
    "T2": "images, reduced",
    "T3": "the papers' own scale",
}

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
    rests, folder = rests_on(report.board.tested), REPORTS.as_posix()
    return render("readme.md.j2", report=report, figure=figure, rests=rests, folder=folder).strip()


def rests_on(tested: Iterable[ClaimView]) -> str:
    """On what the verdicts rest: how many of each there are by scale; empty where nothing was tested."""
    found = Counter((one.tier, one.mark.word) for one in tested)
    parts = []
    for tier, scale in SCALES.items():
        counts = [f"{n} {m.word}" for m in MARKS.values() if (n := found[tier, m.word])]
        parts += [f"{scale} ({tier}): {', '.join(counts)}"] if counts else []
    return f"What they rest on: {'; '.join(parts)}." if parts else ""
