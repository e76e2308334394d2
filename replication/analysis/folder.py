"""What a results folder says, wherever it came from: its means with their standard errors, and its verdicts.

Only the columns in use are asked for, so that the folder of an older version can be read too. No torch here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from scipy import stats

from replication.analysis.statistics import Floats
from replication.analysis.tracking import ARM, finished
from replication.jobs.files import ResultsError
from replication.metrics._base import QUALITY_COLUMNS

#: What identifies a number: the table it stands in, the arm, and its name there.
KEY = ["table", *ARM, "number"]

#: What is kept of a claim, and of the test that settled it; older versions name no such test.
OF_CLAIM, OF_TEST = ("id", "verdict", "profile"), ("estimate", "low", "high", "unit")

INTERVAL = ["ci_low", "ci_high", "n_seeds"]

#: Columns that hold numbers; all others hold words.
KINDS = dict.fromkeys(("seed", "step", "n_seeds", "n_diverged"), int) | dict.fromkeys(
    ("mean", "spearman", "ci_low", "ci_high", "value"), float
)

#: Rows of a table, ten times as many as 10,000 runs leave; and letters of a name, ten times those of the longest.
ROWS, LETTERS = 50_000_000, 500

REMEDY = "take it from git or DVC again, or make it: `replication collect`, `replication claims`"

Said = Mapping[str, Any]


@dataclass(frozen=True)
class Results:
    """What a results folder says.

    Attributes:
        numbers: columns `KEY`, mean, `INTERVAL` and error, the standard error of the mean; NaN where the
            seeds are too few for one.
        diverged: by arm, how many of how many runs diverged.
        verdicts: by ``<claim>, <setting>``: `OF_CLAIM` and `OF_TEST`, None where a file does not say.
    """

    folder: Path
    numbers: pd.DataFrame
    diverged: dict[str, tuple[int, int]]
    verdicts: dict[str, Said]

    @property
    def profile(self) -> str:
        """The profile that the verdicts name."""
        return ", ".join(sorted({str(said["profile"]) for said in self.verdicts.values()}))


def read(folder: Path) -> Results:
    """Read summary.csv, tracking.csv and claims.json; runs.csv and quality.parquet where both are there.

    Raises:
        ResultsError: a file is missing, damaged or lacks a column.
    """
    summary = _table(folder / "summary.csv", [*ARM, "metric", "mean", *INTERVAL, "n_diverged"])
    follows = _table(folder / "tracking.csv", [*ARM, "estimate", "quality", "spearman", *INTERVAL])
    numbers = _numbers(summary, follows)
    if numbers.duplicated(KEY).any():
        raise ResultsError(f"{folder}: a number stands twice; {REMEDY}")
    if (folder / "runs.csv").exists() and (folder / "quality.parquet").exists():
        runs = _table(folder / "runs.csv", [*ARM, "seed", "state"])
        seeds = seed_errors(runs, _table(folder / "quality.parquet", [*ARM, *QUALITY_COLUMNS]))
        own = seeds.reindex(pd.MultiIndex.from_frame(numbers[[*ARM, "number"]])).to_numpy()
        known = (numbers["table"] == "quality") & np.isfinite(own)
        numbers["error"] = np.where(known, own, numbers["error"])
    return Results(folder, numbers, _diverged(summary), _verdicts(folder / "claims.json"))


def standard_error(mean: Any, low: Any, high: Any, n: Any) -> Floats:
    """The standard error behind intervals of `statistics.mean_interval`, from their longer sides.

    That of values without skewness; of skewed ones, and of intervals that end where a mean must end, too large.

    Args:
        mean: ``[numbers]``.
        low: ``[numbers]``, lower ends of 95 % intervals; NaN where there is none.
        high: likewise.
        n: ``[numbers]``, values behind each mean.
    """
    mean, low, high, count = (np.asarray(x, dtype=np.float64) for x in (mean, low, high, n))
    side = np.maximum(high - mean, mean - low)
    error: Floats = side / stats.t.ppf(0.975, np.maximum(count, 2) - 1)
    return error


def seed_errors(runs: pd.DataFrame, quality: pd.DataFrame) -> pd.Series:
    """The standard error of every metric at the last checkpoint, by arm and metric, from one value per seed.

    Args:
        runs: columns `ARM`, seed, state; only runs that finished enter, as in summary.csv.
        quality: columns `ARM`, seed, step, metric, value.
    """
    done = finished(runs, quality)
    last = done[done["step"] == done.groupby([*ARM, "seed"])["step"].transform("max")]
    values = last["value"].where(np.isfinite(last["value"]))
    return values.groupby([last[column] for column in (*ARM, "metric")]).sem()


def _numbers(summary: pd.DataFrame, follows: pd.DataFrame) -> pd.DataFrame:
    """Both tables as one, with the errors that their intervals tell."""
    quality = summary.rename(columns={"metric": "number"}).assign(table="quality")
    named = follows["estimate"] + " ~ " + follows["quality"]
    ranks = follows.rename(columns={"spearman": "mean"}).assign(table="tracking", number=named)
    columns = [*KEY, "mean", *INTERVAL]
    numbers = pd.concat([quality[columns], ranks[columns]], ignore_index=True)
    return numbers.assign(
        error=standard_error(*(numbers[column] for column in ("mean", *INTERVAL)))
    )


def _diverged(summary: pd.DataFrame) -> dict[str, tuple[int, int]]:
    counts = summary.groupby(ARM, sort=False)[["n_seeds", "n_diverged"]].max()
    return {
        "/".join(arm): (int(lost), int(done + lost))
        for arm, done, lost in counts.itertuples(name=None)
    }


def _verdicts(path: Path) -> dict[str, Said]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {_named(row): _said(row) for row in rows}
    except (FileNotFoundError, NotADirectoryError):
        raise _missing(path) from None
    except (ValueError, LookupError, TypeError):
        raise ResultsError(f"{path}: damaged; {REMEDY}") from None


def _named(row: Mapping[str, Any]) -> str:
    """A claim and its setting; older versions have one row per claim, and name none."""
    return f"{row['id']}, {row['setting']}" if "setting" in row else str(row["id"])


def _said(row: Mapping[str, Any]) -> Said:
    settled: Said = next((test for test in row.get("outcomes", ()) if test["settled"]), {})
    said = {name: row.get(name) for name in OF_CLAIM} | {n: settled.get(n) for n in OF_TEST}
    return said | {"verdict": row["verdict"]}


def _table(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    try:
        table = pd.read_csv(path) if path.suffix == ".csv" else _parquet(path, columns)
        if missing := [column for column in columns if column not in table]:
            raise ResultsError(f"{path}: has no column {', '.join(missing)}; {REMEDY}")
        return table.astype({column: KINDS.get(column, str) for column in columns})
    except (FileNotFoundError, NotADirectoryError):
        raise _missing(path) from None
    except ResultsError:
        raise
    except Exception:  # its readers fail in ways of their own on a file that is damaged
        raise ResultsError(f"{path}: damaged; {REMEDY}") from None


def _parquet(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Some columns of a table, unless it is one that kilobytes blow up: many rows, or long words in all of them."""
    with pq.ParquetFile(path) as file:
        rows, there = file.metadata.num_rows, set(file.schema_arrow.names)
    if rows > ROWS:
        raise ResultsError(f"{path}: {rows:,} rows, where no study has {ROWS:,}; {REMEDY}")
    wanted = [column for column in columns if column in there]
    words = [column for column in wanted if column not in KINDS]
    table = pq.read_table(path, columns=wanted, read_dictionary=words)
    chunks = [chunk.dictionary for word in words for chunk in table[word].chunks]
    if (
        longest := max((len(word or "") for c in chunks for word in c.to_pylist()), default=0)
    ) > LETTERS:
        raise ResultsError(
            f"{path}: a word of {longest:,} characters, which names nothing; {REMEDY}"
        )
    return table.to_pandas(ignore_metadata=True)


def _missing(path: Path) -> ResultsError:
    return ResultsError(f"{path}: no such file; name the results folder of a study")
