"""The tables of the report's numbers, as text that knows why a value is missing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pandas as pd

from replication.figures import names
from replication.figures.names import Arm
from replication.figures.results import Frames
from replication.words import numbers

#: Metrics of the main table, by file.
MAIN = ("fid", "inception_score", "w1_pixels", "precision", "recall")

#: The same for data sets of points.
OF_POINTS = ("w1", "modes", "high_quality", "reverse_kl")

#: With a recall below this, precision says nothing of how good samples are.
NO_RECALL = 0.05

MARK = "†"

RECALL_NOTE = (
    f" {MARK}: recall is below {NO_RECALL:g}: samples cover almost none of the real images. A high precision then only "
    "says that the few places they cover are near a real image."
)

#: Where the classifier behind a score has not learned its classes.
DOUBT = "‡"

#: What each mark of a cell means.
NOTES = {
    MARK: RECALL_NOTE,
    DOUBT: f" {DOUBT}: the classifier behind this score is hardly better than guessing on held-out images, so the "
    "score means little.",
}

DASH = numbers.MISSING

NO_INTERVAL = "too few seeds"


@dataclass(frozen=True)
class Cell:
    """What a cell says, and beside it in small type an interval or why the value is missing."""

    text: str
    small: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Table:
    """A table: the first column holds row headings; columns named in `numeric` are set as numbers."""

    caption: str
    columns: list[str]
    rows: list[list[Cell]]
    numeric: frozenset[int] = field(default_factory=frozenset)


def interval(mean: float, low: float, high: float, n: int) -> Cell:
    """A mean with its interval, or with a word why there is none."""
    if pd.isna(mean):
        return Cell(DASH, "no finished run" if n == 0 else "undefined")
    if pd.isna(low):
        return Cell(numbers.rounded(mean), NO_INTERVAL)
    return Cell(numbers.rounded(mean, low, high), numbers.interval(low, high, mean))


def plural(n: int, noun: str) -> str:
    """The noun, with an s unless `n` is 1."""
    return noun if n == 1 else f"{noun}s"


def final(frames: Frames, own: pd.DataFrame, metric: str) -> Cell:
    """A metric of an arm as a cell, its precision with a mark where recall is near 0.

    Args:
        frames: where they are from.
        own: the arm's rows of summary.csv by metric.
        metric: its id; recall is looked up by the same extractor.
    """
    cell = doubtful(frames, measured(own.loc[metric]), metric)
    recall = metric.replace("precision", "recall", 1)
    if names.metric(metric).stem != "precision" or recall not in own.index:
        return cell
    empty = own.loc[recall, "mean"] < NO_RECALL
    return replace(cell, text=f"{cell.text} {MARK}") if empty else cell


def doubtful(frames: Frames, cell: Cell, metric: str) -> Cell:
    """The cell, with a mark where the metric looks through a classifier that has not learned its classes."""
    return replace(cell, text=f"{cell.text} {DOUBT}") if frames.doubted(metric) else cell


def noted(caption: str, rows: list[list[Cell]]) -> str:
    """The caption, and what each mark means that a cell has."""
    marks = {word for row in rows for cell in row for word in cell.text.split()[1:]}
    return caption + "".join(note for mark, note in NOTES.items() if mark in marks)


def measured(row: pd.Series) -> Cell:
    """A row of summary.csv as a cell."""
    return interval(row["mean"], row["ci_low"], row["ci_high"], int(row["n_seeds"]))


def failures(frames: Frames) -> Table | None:
    """Every run that diverged, with the step and the reason; None where none did."""
    bad = frames.runs[frames.runs["state"] != "finished"]
    rows = [
        [Cell(names.arm_label(Arm(r.dataset, r.net, r.method, r.variant), frames.arms)), Cell(f"{r.seed}"),
         Cell(f"{r.step:,}"), Cell(f"{r.state}: {r.reason}")]
        for r in bad.itertuples()
    ]  # fmt: skip
    caption = "Runs that did not finish. They are counted in the main table and enter no mean."
    columns = ["Method", "Seed", "Generator step", "What happened"]
    return Table(caption, columns, rows, frozenset({1, 2})) if rows else None
