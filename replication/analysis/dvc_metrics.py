"""The study's summary in the shapes that ``dvc metrics`` and ``dvc plots`` read: small, and kept in git."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from replication.jobs import files
from replication.plan.study import RESULTS, Study

#: Read by ``dvc metrics show`` and ``diff``: one file per arm, so one row per arm, {metric: mean over seeds}.
SCORES = RESULTS / "scores"

#: Read by ``dvc plots show`` and ``diff``: mean over seeds of each metric at each checkpoint.
PLOT = RESULTS / "plots" / "quality.csv"

_ARM = ["dataset", "net", "method", "variant"]


def outputs(study: Study) -> list[Path]:
    """The files that `write` makes."""
    return [*sorted({_score_file(run.arm) for run in study.runs.values()}), PLOT]


def write() -> None:
    """Write the files of `SCORES` and `PLOT` from the collected tables; scores of other arms go."""
    scores = by_arm(pd.read_csv(RESULTS / "summary.csv"))
    for stale in set(SCORES.rglob("*.json")) - {_score_file(arm) for arm in scores}:
        stale.unlink()
    for arm, means in scores.items():
        files.write_json(_score_file(arm), means)
    table = courses(pd.read_parquet(RESULTS / "quality.parquet"))
    files.write_text(PLOT, table.to_csv(index=False, float_format="%.6g", lineterminator="\n"))


def by_arm(summary: pd.DataFrame) -> dict[str, dict[str, float | None]]:
    """{arm: {metric: mean}}; null where no seed gave a value."""
    means: dict[str, dict[str, float | None]] = {}
    for arm, row in zip(_arms(summary), summary.to_dict("records"), strict=True):
        value = row["mean"]
        means.setdefault(arm, {})[row["metric"]] = None if pd.isna(value) else float(value)
    return means


def courses(quality: pd.DataFrame) -> pd.DataFrame:
    """Columns arm, metric, step, mean: the course of each metric over training, mean over seeds."""
    grouped = quality.assign(arm=list(_arms(quality))).groupby(["arm", "metric", "step"])["value"]
    return grouped.mean().rename("mean").reset_index()


def _arms(table: pd.DataFrame) -> Iterable[str]:
    return ("/".join(map(str, row)) for row in table[_ARM].itertuples(index=False))


def _score_file(arm: str) -> Path:
    return SCORES / f"{arm}.json"
