"""Can I read my loss? The answer of tracking.csv for every arm, in words and numbers."""

from __future__ import annotations

import pandas as pd

from replication.report import names, style
from replication.report.budget import Fact
from replication.report.names import Arm
from replication.report.panels import Frames
from replication.report.tables import DASH, NO_INTERVAL, Cell, Table, plural

#: A correlation is high where its mean and the lower end of its interval are at least these.
HIGH_MEAN, HIGH_LOW = 0.7, 0.4

#: A correlation is low where the upper end of its interval is below this.
LOW_HIGH = 0.3

RULE = (
    f"Yes: mean ρ of {HIGH_MEAN} or more and an interval above {HIGH_LOW}. No: an interval below {LOW_HIGH}. The "
    "wrong way: an interval below 0, so the estimate rises while samples improve. Partly: another interval above 0. "
    "Cannot tell: all else."
)

VERDICTS = (
    "Yes",
    "Partly",
    "Cannot tell",
    "No",
    "The wrong way",
    "Too few seeds",
    "No run finished",
)


def verdict(mean: float, low: float, high: float) -> str:
    """One of `VERDICTS`, by `RULE`."""
    if pd.isna(mean):
        return "No run finished"
    if pd.isna(low):
        return "Too few seeds"
    if mean >= HIGH_MEAN and low > HIGH_LOW:
        return "Yes"
    if high < LOW_HIGH:
        return "The wrong way" if high < 0 else "No"
    return "Partly" if low > 0 else "Cannot tell"


def table(frames: Frames) -> Table:
    """Per arm the answer for the held-out estimate, and ρ with FID for every signal."""
    rows = frames.tracking[frames.tracking["quality"].isin(frames.metrics("fid"))]
    signals = [s for s in names.ESTIMATES if s in set(rows["estimate"])]
    cells = []
    for arm in frames.arms:
        own = names.rows_of(rows, arm).set_index("estimate")
        label = Cell(names.arm_label(arm, frames.arms), colour=names.colour(arm.method))
        values = [
            _rho(own.loc[s]) if s in own.index else Cell(DASH, "not measured") for s in signals
        ]
        cells.append([label, Cell(_answer(frames, arm), _basis(frames, arm)), *values])
    titles = [names.ESTIMATES[s][0].upper() + names.ESTIMATES[s][1:] for s in signals]
    columns = ["Method", "Can it be read?", *titles]
    caption = (
        "Spearman's ρ between a training signal and FID over the checkpoints of a run: mean over seeds with its "
        "95 % interval. 1: the signal falls exactly when FID falls. The answer is about the held-out estimate."
    )
    return Table(caption, columns, cells, frozenset(range(2, len(columns))))


def answers(frames: Frames) -> list[Fact]:
    """For each answer that occurs, the arms that get it, with their numbers."""
    groups: dict[str, list[str]] = {}
    for arm in frames.arms:
        groups.setdefault(_answer(frames, arm), []).append(_with_numbers(frames, arm))
    return [Fact(v, f"{'; '.join(groups[v])}.") for v in VERDICTS if v in groups]


def _row(frames: Frames, arm: Arm) -> pd.Series | None:
    rows = names.rows_of(frames.tracking, arm)
    rows = rows[
        (rows["estimate"] == "estimate_heldout") & rows["quality"].isin(frames.metrics("fid"))
    ]
    return rows.iloc[0] if len(rows) else None


def _answer(frames: Frames, arm: Arm) -> str:
    row = _row(frames, arm)
    return VERDICTS[-1] if row is None else verdict(row["spearman"], row["ci_low"], row["ci_high"])


def _basis(frames: Frames, arm: Arm) -> str:
    """The estimate that is read, and from how many seeds and checkpoints."""
    symbol, row = names.estimate(arm.method)["symbol"], _row(frames, arm)
    if row is None:
        return symbol
    seeds, points = int(row["n_seeds"]), int(row["n_checkpoints"])
    return f"{symbol}, {seeds} {plural(seeds, 'seed')} × {points} {plural(points, 'checkpoint')}"


def _with_numbers(frames: Frames, arm: Arm) -> str:
    label, row = names.arm_label(arm, frames.arms), _row(frames, arm)
    if row is None or pd.isna(row["spearman"]):
        return label
    rho = _rho(row)
    return f"{label} (ρ {rho.text}, {rho.small})"


def _rho(row: pd.Series) -> Cell:
    if pd.isna(row["spearman"]):
        return Cell(DASH, "no finished run" if row["n_seeds"] == 0 else "undefined")
    if pd.isna(row["ci_low"]):
        return Cell(style.number(row["spearman"]), NO_INTERVAL)
    return Cell(
        style.number(row["spearman"]),
        f"{style.number(row['ci_low'])} to {style.number(row['ci_high'])}",
    )
