"""Two results folders side by side: which numbers moved beyond noise, which verdicts changed. Pure functions.

Seeds pair the arms of one folder, but not two folders: training is chaotic, so two commits or machines
share little more than the first steps of a run. Means are compared as those of independent samples.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from replication.analysis.folder import KEY, Results, Said
from replication.analysis.statistics import Floats
from replication.claims.multiplicity import holm

LEVEL = 0.05

RULE = (
    f"A number moved where Welch's t test of its two means has p of at most {LEVEL:g} after Holm's correction for "
    "all numbers of its table; standard errors are those of the seeds' values, or of the 95 % intervals where "
    "a folder has no quality.parquet."
)

#: What can be said of a number that both folders have.
MOVED, WITHIN, EQUAL, UNTOLD = "moved", "within noise", "equal", "cannot be told"


@dataclass(frozen=True)
class Difference:
    """What two folders say differently; pairs are (before, after).

    Attributes:
        numbers: those that both have: columns `KEY`, those of `Results.numbers` with the suffixes _before
            and _after, p, p_holm, and state: `MOVED`, `WITHIN`, `EQUAL` or `UNTOLD`.
        lone: how many numbers only one of them has.
        arms: those that only one of them has.
        diverged: by arm of both, where the counts of diverged runs differ.
        verdicts: by claim and setting, where they differ; None where a folder has no verdict there.
        n_claims: how many verdicts both have together.
    """

    folders: tuple[Path, Path]
    profiles: tuple[str, str]
    numbers: pd.DataFrame
    lone: tuple[int, int]
    arms: tuple[list[str], list[str]]
    diverged: dict[str, tuple[tuple[int, int], tuple[int, int]]]
    verdicts: dict[str, tuple[Said | None, Said | None]]
    n_claims: int

    @property
    def moved(self) -> pd.DataFrame:
        """The numbers that moved beyond noise."""
        return self.numbers[self.numbers["state"] == MOVED]

    @property
    def totals(self) -> str:
        """All counts, as one line."""
        states = self.numbers["state"].value_counts()
        said = ", ".join(f"{states.get(s, 0)} {s}" for s in (MOVED, WITHIN, EQUAL, UNTOLD))
        return (
            f"{len(self.numbers)} numbers in both: {said}; {sum(self.lone)} in one only; "
            f"{len(self.verdicts)} of {self.n_claims} verdicts changed; "
            f"{sum(map(len, self.arms))} arms in one only"
        )


def compare(before: Results, after: Results) -> Difference:
    """What the second folder says otherwise than the first."""
    numbers = moves(before.numbers, after.numbers)
    first, second = before.diverged, after.diverged
    ids = {**before.verdicts, **after.verdicts}
    pairs = {name: (before.verdicts.get(name), after.verdicts.get(name)) for name in ids}
    return Difference(
        folders=(before.folder, after.folder),
        profiles=(before.profile, after.profile),
        numbers=numbers,
        lone=(len(before.numbers) - len(numbers), len(after.numbers) - len(numbers)),
        arms=([arm for arm in first if arm not in second], [arm for arm in second if arm not in first]),
        diverged={arm: (n, second[arm]) for arm, n in first.items() if second.get(arm, n) != n},
        verdicts={name: pair for name, pair in pairs.items() if _verdict(pair[0]) != _verdict(pair[1])},
        n_claims=len(ids),
    )  # fmt: skip


def moves(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """What became of every number that two tables share.

    Equal numbers have p = 1 and count in Holm's correction; numbers without a standard error do not.

    Args:
        before: as `Results.numbers`.
        after: likewise.

    Returns:
        As `Difference.numbers`, in the order of `before`.
    """
    both = before.merge(after, on=KEY, suffixes=("_before", "_after"), validate="one_to_one")
    equal = both["mean_before"] == both["mean_after"]
    both["p"] = np.where(equal, 1.0, _welch(both))
    both["p_holm"] = np.nan
    for _, own in both.groupby("table"):
        both.loc[own.index, "p_holm"] = holm(own["p"].tolist())
    conditions = [equal, both["p"].isna(), both["p_holm"] <= LEVEL]
    both["state"] = np.select(conditions, [EQUAL, UNTOLD, MOVED], WITHIN)
    return both


def plain(difference: Difference) -> dict[str, Any]:
    """A difference as JSON holds it: the rule, what moved and changed, and the totals."""
    verdicts, diverged = difference.verdicts.items(), difference.diverged.items()
    return {
        "before": str(difference.folders[0]),
        "after": str(difference.folders[1]),
        "profiles": list(difference.profiles),
        "rule": RULE,
        "moved": json.loads(difference.moved.to_json(orient="records")),
        "verdicts": [{"id": name, "before": old, "after": new} for name, (old, new) in verdicts],
        "diverged": [{"arm": arm, "before": old, "after": new} for arm, (old, new) in diverged],
        "only_before": difference.arms[0],
        "only_after": difference.arms[1],
        "totals": difference.totals,
    }


def _welch(both: pd.DataFrame) -> Floats:
    """Two-sided p of every row; NaN where a side has no standard error."""
    sides: list[Floats] = []
    for side in ("before", "after"):
        mean, error, n = (
            both[f"{column}_{side}"].to_numpy(dtype=np.float64)
            for column in ("mean", "error", "n_seeds")
        )
        n = np.maximum(n, 2)  # of fewer there is no error, and p is NaN
        sides += [mean, error * np.sqrt(n), n]
    with np.errstate(divide="ignore", invalid="ignore"):  # of two constants t is infinite, and p 0
        p: Floats = stats.ttest_ind_from_stats(*sides, equal_var=False).pvalue
    return p


def _verdict(said: Said | None) -> str | None:
    return None if said is None else str(said["verdict"])
