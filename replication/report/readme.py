"""The parts of the README that are generated: results at the top, and which net takes what."""

from __future__ import annotations

import re
from pathlib import Path

from replication.jobs import files
from replication.plan import registry
from replication.plan.fits import sides
from replication.plan.paths import REPORTS
from replication.report.context import Context
from replication.report.templating import render

START, END = "<!-- results:start -->", "<!-- results:end -->"
NETS_START, NETS_END = "<!-- nets:start -->", "<!-- nets:end -->"

#: The panel that answers the question most people come with.
FIGURE = "can_i_read_my_loss/answer"


def update(report: Context, path: Path) -> bool:
    """Replace what stands between the markers; a file without those of the results, or none, is left as it is.

    Returns:
        Whether the file has the markers.
    """
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if not _marked(START, END).search(text):
        return False
    renewed = _renewed(text, START, END, results(report))
    renewed = _renewed(renewed, NETS_START, NETS_END, nets())
    if renewed != text:
        files.write_text(path, renewed)
    return True


def results(report: Context) -> str:
    """The table, the figure and the counts of the study."""
    figure = next((view for view in report.front if view.id == FIGURE), None)
    return render("readme.md.j2", report=report, figure=figure, folder=REPORTS.as_posix()).strip()


def nets() -> str:
    """A Markdown table of all nets, with the images that they take."""
    rows = ["| net | height × width | data |", "|---|---|---|"]
    for net in registry.ids("nets"):
        takes = registry.metadata("nets", net)["TAKES"]
        size = ", ".join(f"{side}×{side}" for side in sides(net))
        rows.append(
            f"| `{net}` | {size or ('any' if 'images' in takes else '–')} | {', '.join(takes)} |"
        )
    return "\n".join(rows)


def _marked(start: str, end: str) -> re.Pattern[str]:
    return re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.S)


def _renewed(text: str, start: str, end: str, part: str) -> str:
    return _marked(start, end).sub(lambda _: f"{start}\n{part}\n{end}", text, count=1)
