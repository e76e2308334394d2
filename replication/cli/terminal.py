"""Results as a terminal shows them: the verdicts on a paper, and what two results folders say differently."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from replication.analysis.folder import Said
from replication.analysis.tracking import ARM
from replication.claims import compare, schema
from replication.claims.compare import Difference
from replication.plan.paths import Paths
from replication.plan.registry import UnknownName, nearest
from replication.report import board, claim
from replication.report.marks import MARKS
from replication.report.setting import SettingView
from replication.words import numbers

if TYPE_CHECKING:
    from replication.evidence.verify import Check

#: By the style of a verdict's mark.
STYLES = {
    "yes": "bold green",
    "weak": "green",
    "no": "bold red",
    "open": "bold yellow",
    "out": "yellow",
    "none": "dim",
}

#: Columns of text where there is no terminal to ask.
WIDTH = 120


def show(view: RenderableType) -> None:
    """Print, as wide as the terminal; lines that must stay whole may be wider."""
    console = Console()
    (console if console.is_terminal else Console(width=WIDTH)).print(view, crop=False)


def verdicts(paper: str, studies: Sequence[Paths]) -> RenderableType:
    """The verdicts on one paper, such as ``wgan2017``: a line per claim, and under it one per setting and study.

    Args:
        paper: its folder.
        studies: whose claims.json is read, the largest last.

    Raises:
        UnknownName: it has no verdict there; the message names the nearest that has.
        MissingResult: there is no such file.
    """
    every = [verdict for study in studies for verdict in board.read(study)]
    valid = {verdict.paper for verdict in every}
    if paper not in valid:
        raise UnknownName(f"there is no paper {paper!r}{nearest(paper, valid)}")
    own = board.by_claim(verdict for verdict in every if verdict.paper == paper)
    known, sources = schema.papers(), board.sources()
    title = (
        f"{known[paper].citation.short}, {known[paper].citation.title}" if paper in known else paper
    )
    where = ", ".join(study.name for study in studies)
    head = Text.assemble((title, "bold"), f"\n{board.line(own)} Of {where}.")
    views = [claim.view(verdicts_on, sources.get(name), set()) for name, verdicts_on in own.items()]
    several = len(studies) > 1
    width = max(len(_place(one, several)) for view in views for one in view.settings)
    parts: list[RenderableType] = [head]
    for view in views:
        parts += [Text(), Text.assemble((view.id, "bold"), f"  {view.statement}")]
        table = Table.grid(
            Column(width=width + 2), Column(width=16), Column(), padding=(0, 2, 0, 0)
        )
        for one in view.settings:
            mark = Text(str(one.mark), STYLES[one.mark.style], no_wrap=True)
            table.add_row(Text(f"  {_place(one, several)}"), mark, _told(one))
        parts.append(table)
    return Group(*parts)


def _place(view: SettingView, several: bool) -> str:
    """The setting, and of several studies which one."""
    return f"{view.setting}, {view.study}" if several else view.setting


def checked(check: Check) -> RenderableType:
    """A line on a part of the evidence that was made again."""
    where = f" ({check.where})" if check.where else ""
    if check.same:
        said = Text("same bits", STYLES["yes"])
    elif check.within:
        said = Text(f"within {numbers.amount(check.difference)}{where}", STYLES["open"])
    else:
        said = Text(f"otherwise{where}", STYLES["no"])
    code = Text(f"; changed since: {', '.join(check.changed)}" if check.changed else "", "dim")
    return Text.assemble(f"{check.job}: ", said, code)


def verified(checks: Sequence[Check]) -> RenderableType:
    """The totals."""
    from replication.evidence.verify import TOLERANCE

    same, within = (sum(getattr(check, name) for check in checks) for name in ("same", "within"))
    said = f"{same} of {len(checks)} bit for bit"
    if within > same:
        said += f", {within - same} more within {TOLERANCE:g} of the larger number"
    return _line(f"{said}; {len(checks) - within} otherwise", "bold")


def difference(found: Difference) -> RenderableType:
    """What moved, what changed, what only one folder has; the last line has the totals."""
    names = zip(("before", "after"), found.folders, found.profiles, strict=True)
    parts: list[RenderableType] = [
        _line(f"{side}: {where}, profile {profile}") for side, where, profile in names
    ]
    if found.profiles[0] != found.profiles[1]:
        parts.append(
            Text(
                "The profiles differ, and so do their budgets: numbers are meant to move.", "yellow"
            )
        )
    for title, table in _sections(found):
        if table.row_count:
            parts += [Text(), Text(title, "bold"), table]
    return Group(*parts, Text(), Text(compare.RULE, "dim"), _line(found.totals, "bold"))


def _sections(found: Difference) -> Iterator[tuple[str, Table]]:
    yield "Numbers that moved beyond noise", _moved(found)
    changed = _table("claim", "before", "after")
    for name, pair in found.verdicts.items():
        changed.add_row(name, *(_verdict(said) for said in pair))
    yield "Verdicts that changed", changed
    lost = _table("arm", "before", "after")
    for arm, counts in found.diverged.items():
        lost.add_row(arm, *(f"{bad} of {runs} runs" for bad, runs in counts))
    yield "Diverged runs", lost
    for side, arms in zip(("before", "after"), found.arms, strict=True):
        lone = _table()
        for arm in arms:
            lone.add_row(arm)
        yield f"Arms only {side}", lone


def _moved(found: Difference) -> Table:
    """A heading per arm, and under it a row per number."""
    table = _table("number", "before", "after", "p (Holm)")
    for arm, own in found.moved.groupby(ARM, sort=False):
        table.add_row(Text("/".join(arm), "cyan"))
        for row in own.to_dict("records"):
            sides = (_estimate(*(row[f"{c}_{side}"] for c in ("mean", "ci_low", "ci_high")))
                     for side in ("before", "after"))  # fmt: skip
            table.add_row(f"  {row['number']}", *sides, numbers.p_value(row["p_holm"]))
    return table


def _told(view: SettingView) -> Text:
    """The number with its interval and what it is over; where a control failed, that and no number."""
    if not view.counts or not view.found:
        return Text(view.lacking or view.note, "dim")
    interval = f" ({view.interval})" if view.interval else ""
    about = f"{interval} {view.unit}; threshold: {view.asked}; {view.n}"
    others = f"; other tests: {view.others}" if view.others else ""
    note = f"; {view.note}" if view.note else ""
    return Text.assemble((view.found, "bold"), about, (others + note, "dim"))


def _verdict(said: Said | None) -> RenderableType:
    """A verdict with its estimate, as claims.json holds them."""
    if said is None:
        return Text("no such claim", "dim")
    mark = MARKS.get(said["verdict"])
    text = Text(said["verdict"], STYLES[mark.style] if mark else "")
    if said["estimate"] is not None:
        number = _estimate(*(said[end] for end in ("estimate", "low", "high")))
        text.append(f"\n{number} {said['unit'] or ''}", "default")
    return text


def _estimate(mean: float, low: float | None, high: float | None) -> str:
    """To four digits, as moves may be small; None is absent, as JSON has it."""
    low, high = (math.nan if end is None else end for end in (low, high))
    return numbers.estimate(mean, low, high, digits=4)


def _line(text: str, style: str = "") -> Text:
    """One line, whatever the width."""
    return Text(text, style, no_wrap=True, overflow="ignore")


def _table(*columns: str) -> Table:
    """Without lines; the first column is never folded."""
    table = Table(box=None, pad_edge=False, header_style="dim", show_header=any(columns))
    for place, column in enumerate(columns or ("",)):
        table.add_column(column, no_wrap=place == 0, overflow="fold")
    return table
