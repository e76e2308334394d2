"""The study's summary in the shapes that ``dvc metrics`` and ``dvc plots`` read: small, and kept in git."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from replication.jobs import files
from replication.plan.paths import Paths

_ARM = ["dataset", "net", "method", "variant"]


def outputs(paths: Paths, arms: Iterable[str]) -> list[Path]:
    """The files that `write` makes: of every arm in the tables, and of all together."""
    return [*sorted(_score_file(paths, arm) for arm in arms), paths.courses]


def write(paths: Paths) -> None:
    """Write scores, read by ``dvc metrics``, and courses, read by ``dvc plots``, from the tables; other scores go."""
    scores = by_arm(pd.read_csv(paths.table("summary.csv")))
    for stale in set(paths.scores.rglob("*.json")) - {_score_file(paths, arm) for arm in scores}:
        stale.unlink()
    for arm, means in scores.items():
        files.write_json(_score_file(paths, arm), means)
    table = courses(pd.read_parquet(paths.table("quality.parquet")))
    text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    files.write_text(paths.courses, text)


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


def _score_file(paths: Paths, arm: str) -> Path:
    return paths.scores / f"{arm}.json"
