"""The parts of the prose that are generated: results at the top of the README, and which net takes what."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from replication.jobs import files
from replication.plan import registry
from replication.plan.fits import sides
from replication.plan.paths import REPORTS
from replication.report.context import Context
from replication.report.templating import render

START, END = "<!-- results:start -->", "<!-- results:end -->"
NETS_START, NETS_END = "<!-- nets:start -->", "<!-- nets:end -->"

#: Where they stand.
README, IMAGES = Path("README.md"), Path("docs/images.md")


def update(report: Context) -> None:
    """Replace what stands between the markers of both files; a file without markers, or none, is left as it is."""
    _renew(README, START, END, lambda: results(report))
    _renew(IMAGES, NETS_START, NETS_END, nets)


def results(report: Context) -> str:
    """The figure of the first finding, the findings, and the counts of verdicts."""
    lead = next((one.panel for one in report.findings), "")
    figure = report.drawn.get(lead)
    folder = REPORTS.as_posix()
    return render(
        "readme.md.j2", here="README.md", report=report, figure=figure, folder=folder
    ).strip()


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


def _renew(path: Path, start: str, end: str, part: Callable[[], str]) -> None:
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    marked = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.S)
    if marked.search(text):
        renewed = marked.sub(lambda _: f"{start}\n{part()}\n{end}", text, count=1)
        if renewed != text:
            files.write_text(path, renewed)
