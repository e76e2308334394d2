"""Can I read my loss? The answer of tracking.csv for every arm, in words and numbers."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from replication.analysis import tracking
from replication.analysis.answers import HIGH_LOW, HIGH_MEAN, LOW_HIGH, answer
from replication.figures import names
from replication.figures.names import Arm
from replication.figures.results import Frames
from replication.report.budget import Fact
from replication.report.tables import DASH, NO_INTERVAL, Cell, Table, plural
from replication.words import numbers

#: The panel that draws it.
PANEL = "can_i_read_my_loss/rivals"

HELD_OUT = "estimate_heldout"

RULE = (
    f"Nothing to track: over the checkpoints of a run FID moved by less than {tracking.MOVED:.0%} of the way from its "
    "highest value to that of real images, mean over seeds; there is no progress that a signal could follow, whatever "
    "ρ is. Depends on the score: ρ with FID and ρ with exact W1 have intervals on opposite sides of 0. For all others "
    f"ρ with FID decides. Yes: a mean of {HIGH_MEAN} or more and an interval above {HIGH_LOW}. No: an interval below "
    f"{LOW_HIGH}. The wrong way: an interval below 0, so the estimate rises while samples improve. Partly: another "
    "interval above 0. Cannot tell: all else."
)

SPLIT, NOTHING = "Depends on the score", "Nothing to track"

VERDICTS = (
    "Yes",
    "Partly",
    SPLIT,
    "Cannot tell",
    "No",
    "The wrong way",
    NOTHING,
    "Too few seeds",
    "No run finished",
)


def verdict(mean: float, low: float, high: float) -> str:
    """One of `VERDICTS`, by what `RULE` says of FID."""
    return answer(mean, low, high) or "No run finished"


def table(frames: Frames) -> Table | None:
    """Per arm the answer for the held-out estimate, and ρ with FID for every signal, and with W1 for that one.

    None where no run has an FID.
    """
    if not frames.metrics("fid"):
        return None
    signals = [s for s in names.ESTIMATES if s in set(frames.tracking["estimate"])]
    columns = [(s, "fid") for s in signals]
    columns[1:1] = [(HELD_OUT, "w1_pixels")]
    cells = []
    for arm in frames.arms:
        label = Cell(names.arm_label(arm, frames.arms), colour=names.colour(arm.method))
        rows = (_row(frames, arm, signal, quality) for signal, quality in columns)
        values = [Cell(DASH, "not measured") if r is None else _rho(r) for r in rows]
        cells.append([label, Cell(_answer(frames, arm), _basis(frames, arm)), *values])
    titles = [_title(signal, quality) for signal, quality in columns]
    caption = (
        "Spearman's ρ between a training signal and FID, in one column exact W1, over the checkpoints of a run: mean "
        "over seeds with its 95 % interval. 1: the signal falls exactly when the score falls. The answer is about the "
        "held-out estimate."
    )
    return Table(
        caption, ["Method", "Can it be read?", *titles], cells, frozenset(range(2, 2 + len(titles)))
    )


def answers(frames: Frames) -> list[Fact]:
    """For each answer that occurs, the arms that get it, with their numbers."""
    groups: dict[str, list[str]] = {}
    for arm in frames.arms if frames.metrics("fid") else []:
        groups.setdefault(_answer(frames, arm), []).append(_with_numbers(frames, arm))
    return [Fact(v, f"{'; '.join(groups[v])}.") for v in VERDICTS if v in groups]


def counts(frames: Frames) -> dict[str, int]:
    """How many arms get each answer, in the order of `VERDICTS`; empty where no run has an FID."""
    found = Counter(_answer(frames, arm) for arm in (frames.arms if frames.metrics("fid") else []))
    return {word: found[word] for word in VERDICTS if found[word]}


def _title(signal: str, quality: str) -> str:
    text = names.ESTIMATES[signal][0].upper() + names.ESTIMATES[signal][1:]
    return text if quality == "fid" else f"{text}, with exact W1"


def _row(
    frames: Frames, arm: Arm, signal: str = HELD_OUT, quality: str = "fid"
) -> pd.Series | None:
    rows = names.rows_of(frames.tracking, arm)
    known = rows["quality"].isin(frames.metrics(quality))
    rows = rows[(rows["estimate"] == signal) & known]
    return rows.iloc[0] if len(rows) else None


def _answer(frames: Frames, arm: Arm) -> str:
    fid, w1 = _row(frames, arm), _row(frames, arm, quality="w1_pixels")
    if fid is None:
        return VERDICTS[-1]
    if frames.stood_still(arm):
        return NOTHING
    if w1 is not None and opposite(fid, w1):
        return SPLIT
    return verdict(fid["spearman"], fid["ci_low"], fid["ci_high"])


def opposite(first: pd.Series, second: pd.Series) -> bool:
    """Whether two rows of tracking.csv have intervals on opposite sides of 0; without an interval, no."""
    below, above = sorted((first, second), key=lambda row: float(row["spearman"]))
    return bool(below["ci_high"] < 0 < above["ci_low"])


def _basis(frames: Frames, arm: Arm) -> str:
    """The estimate that is read, and from how many seeds and checkpoints."""
    symbol, row = names.estimate(arm.method)["symbol"], _row(frames, arm)
    if row is None:
        return symbol
    seeds, points = int(row["n_seeds"]), int(row["n_checkpoints"])
    return f"{symbol}, {seeds} {plural(seeds, 'seed')} × {points} {plural(points, 'checkpoint')}"


def _with_numbers(frames: Frames, arm: Arm) -> str:
    """The arm, with ρ, and where the scores disagree with both."""
    label, row = names.arm_label(arm, frames.arms), _row(frames, arm)
    if row is None or pd.isna(row["spearman"]):
        return label
    said = f"ρ {_rho(row).text}, {_rho(row).small}"
    other = _row(frames, arm, quality="w1_pixels")
    if other is not None and opposite(row, other):
        return f"{label} (with FID {said}; with exact W1 ρ {_rho(other).text}, {_rho(other).small})"
    return f"{label} ({said})"


def _rho(row: pd.Series) -> Cell:
    if pd.isna(row["spearman"]):
        return Cell(DASH, "no finished run" if row["n_seeds"] == 0 else "undefined")
    if pd.isna(row["ci_low"]):
        return Cell(numbers.plain(row["spearman"]), NO_INTERVAL)
    return Cell(
        numbers.plain(row["spearman"]),
        f"{numbers.plain(row['ci_low'])} to {numbers.plain(row['ci_high'])}",
    )
