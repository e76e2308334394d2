"""`replication watch`: every run of the study, live. Reads files only, so it can be started and left at will."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from replication.metrics._base import parts
from replication.plan.config import Run
from replication.plan.paths import Paths
from replication.plan.study import Study

#: How often the picture is renewed, seconds.
PERIOD = 2.0

#: A run that reports nothing for this long, and for several of its own intervals, is no longer running.
SILENCE = 60.0

STYLES = {
    "training": "bold green",
    "stopped": "bold yellow",
    "diverged": "red",
    "trained": "cyan",
    "evaluated": "blue",
    "waiting": "dim",
}


#: The states of a run whose training has ended.
OVER = ("trained", "evaluated", "diverged")


@dataclass(frozen=True)
class Sight:
    """What the files say of a run."""

    id: str
    state: str
    step: int
    steps: int
    speed: float | None
    left: float | None
    fid: float | None


def observe(run: Run, paths: Paths, now: float) -> Sight:
    """Where a run stands at `now` (seconds since the epoch)."""
    status = _read(paths.run(run.id) / "status.json")
    fid, seen = _last_fid(run, paths), (paths.arm(run.arm) / "quality.parquet").exists()
    if status:
        lost = all(own["state"] == "diverged" for own in status)
        state = "diverged" if lost else "evaluated" if seen else "trained"
        return Sight(run.id, state, max(own["step"] for own in status), run.steps, None, None, fid)
    progress = _progress(run, paths)
    if not progress:
        return Sight(run.id, "waiting", 0, run.steps, None, None, None)
    step, seconds = progress["step"], progress["seconds"]
    speed = step / seconds if seconds > 0 else None
    interval = seconds / max(step, 1) * run.steps / len(run.logs)
    silence = now - datetime.fromisoformat(progress["updated"]).timestamp()
    if silence > max(SILENCE, 5 * interval):
        return Sight(run.id, "stopped", step, run.steps, None, None, None)
    left = (run.steps - step) / speed if speed else None
    return Sight(run.id, "training", step, run.steps, speed, left, None)


def picture(sights: Sequence[Sight], height: int | None = None) -> RenderableType:
    """The table of all runs under one line of totals; the liveliest first where `height` rows are too few."""
    counts = Counter(sight.state for sight in sights)
    totals = ", ".join(f"{counts[state]} {state}" for state in STYLES if counts[state])
    done = sum(1 if s.state in OVER else s.step / s.steps for s in sights) / max(len(sights), 1)
    head = Text(f"{len(sights)} runs: {totals}; training {done:.0%} done")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("run", "state", "", "step", "step/s", "left", "FID"):
        table.add_column(column, justify="left" if column in ("run", "state", "") else "right")
    shown = list(sights)
    if height is not None and len(shown) > height:
        shown = sorted(shown, key=lambda s: list(STYLES).index(s.state))[:height]
    for sight in shown:
        table.add_row(*_cells(sight))
    rest = (
        [Text(f"… and {len(sights) - len(shown)} more", "dim")] if len(shown) < len(sights) else []
    )
    return Group(head, table, *rest)


def watch(study: Study) -> None:
    """Show the runs until all are evaluated or the user has seen enough; once where there is no terminal."""
    console = Console()
    runs = list(study.runs.values())

    def look() -> tuple[list[Sight], RenderableType]:
        sights = [observe(run, study.paths, time.time()) for run in runs]
        return sights, picture(sights, console.height - 4 if console.is_terminal else None)

    sights, view = look()
    if not console.is_terminal:
        Console(width=120).print(view)
        return
    with Live(view, console=console, auto_refresh=False) as live:
        while any(s.state not in ("evaluated", "diverged") for s in sights):
            time.sleep(PERIOD)
            sights, view = look()
            live.update(view, refresh=True)


def _cells(sight: Sight) -> tuple[RenderableType, ...]:
    return (
        sight.id,
        Text(sight.state, STYLES[sight.state]),
        ProgressBar(total=sight.steps, completed=sight.step, width=20),
        f"{sight.step}/{sight.steps}",
        "" if sight.speed is None else f"{sight.speed:.1f}",
        "" if sight.left is None else f"{int(sight.left) // 60}:{int(sight.left) % 60:02d}",
        "" if sight.fid is None else f"{sight.fid:.1f}",
    )


def _progress(run: Run, paths: Paths) -> dict[str, Any] | None:
    """What the latest attempt at a run last reported; attempts differ in their configuration."""
    attempts = (
        _read(p) for p in paths.scratch.glob(f"{run.id.replace('/', '__')}__*/progress.json")
    )
    return max(filter(None, attempts), key=lambda progress: str(progress["updated"]), default=None)


def _last_fid(run: Run, paths: Paths) -> float | None:
    """FID at the last checkpoint, mean over the run's seeds."""
    path = paths.arm(run.arm) / "quality.parquet"
    try:
        return _fid(path, path.stat().st_mtime_ns, run.seeds)
    except (FileNotFoundError, OSError, ValueError):  # not there yet, or just being renewed
        return None


@cache
def _fid(path: Path, modified: int, seeds: tuple[int, ...]) -> float | None:
    quality = pd.read_parquet(path)
    fid = quality[[parts(metric).metric == "fid" for metric in quality["metric"]]]
    fid = fid[fid["seed"].isin(seeds)]
    return float(fid.loc[fid["step"] == fid["step"].max(), "value"].mean()) if len(fid) else None


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
