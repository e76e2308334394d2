"""A progress bar for the person at a terminal; nothing at all in a log file. No torch here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Told how many of the steps are done.
Progress = Callable[[int], None]


@contextmanager
def bar(label: str, steps: int) -> Iterator[Progress]:
    """Show how far a job is, with its speed and the time left, on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Display

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
    )
    with Display(*columns, console=Console(stderr=True)) as display:
        task = display.add_task(label, total=steps)
        yield lambda done: display.update(task, completed=done)
