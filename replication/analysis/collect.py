"""Gather the files of all runs into the tables that panels and report read. No torch here."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from replication.analysis.statistics import mean_interval
from replication.analysis.tracking import ARM, arms, finished, tracking
from replication.jobs import files
from replication.jobs.files import ResultsError
from replication.metrics._base import QUALITY_COLUMNS
from replication.plan import study
from replication.plan.config import Run
from replication.plan.study import RESULTS, Study

#: What every curves.parquet has at least.
CURVE_COLUMNS = (
    "seed",
    "step",
    "critic_steps",
    "critic_loss",
    "generator_loss",
    "estimate_train",
    "estimate_heldout",
    "lipschitz",
    "score_gap",
    "w_bound",
    "critic_grad_norm",
    "generator_grad_norm",
    "seconds",
)

RUN_COLUMNS = [*ARM, "seed", "state", "step", "reason", "seconds"]

SUMMARY_COLUMNS = [*ARM, "metric", "mean", "ci_low", "ci_high", "n_seeds", "n_diverged"]


def collect(study: Study) -> None:
    """Write runs.csv, curves.parquet, quality.parquet, summary.csv and tracking.csv to `RESULTS`.

    Rows keep the order of params.yaml, then seed, step and metric.

    Raises:
        ResultsError: a file of a run is missing, damaged or lacks a column.
    """
    every = list(study.runs.values())
    curves = pd.concat([_curves(run) for run in every], ignore_index=True)
    quality = pd.concat([_quality(arm) for arm in study.arms], ignore_index=True)
    runs = pd.DataFrame([row for run in every for row in _runs(run, curves)], columns=RUN_COLUMNS)
    _write(runs, RESULTS / "runs.csv")
    _write(curves, RESULTS / "curves.parquet")
    _write(quality, RESULTS / "quality.parquet")
    _write(summary(runs, quality), RESULTS / "summary.csv")
    _write(tracking(runs, curves, quality), RESULTS / "tracking.csv")


def summary(runs: pd.DataFrame, quality: pd.DataFrame) -> pd.DataFrame:
    """summary.csv: each metric at the last checkpoint, mean over the seeds that finished.

    Args:
        runs: columns `ARM`, seed, state.
        quality: columns `ARM`, seed, step, metric, value.

    Returns:
        Columns `SUMMARY_COLUMNS`; `n_seeds` counts the values in the mean, `n_diverged` the runs
        that are not in it because they diverged.
    """
    done = finished(runs, quality)
    last = done[done["step"] == done.groupby([*ARM, "seed"])["step"].transform("max")]
    values = {key: own["value"] for key, own in last.groupby([*ARM, "metric"])}
    lost = runs[runs["state"] == "diverged"].groupby(ARM).size().to_dict()
    rows = [
        (*arm, metric, *mean_interval(values.get((*arm, metric), [])), lost.get(arm, 0))
        for arm, metrics in arms(runs, quality)
        for metric in metrics
    ]
    return pd.DataFrame(rows, columns=SUMMARY_COLUMNS)


def read_frame(path: Path, columns: Iterable[str]) -> pd.DataFrame:
    """Read a parquet file that must have these columns; it may have more.

    Raises:
        ResultsError: it is missing, damaged or lacks a column.
    """
    try:
        frame = pd.read_parquet(path)
    except FileNotFoundError:
        raise ResultsError(f"{path}: no such file; {_remedy(path)}") from None
    except (OSError, ValueError):
        raise ResultsError(f"{path}: damaged; delete it, then {_remedy(path)}") from None
    if missing := [column for column in columns if column not in frame]:
        lacks = f"{path}: has no column {', '.join(missing)}"
        raise ResultsError(f"{lacks}; delete it, then {_remedy(path)}")
    return frame


def _curves(run: Run) -> pd.DataFrame:
    frame = read_frame(study.run_folder(run) / "curves.parquet", CURVE_COLUMNS)
    return _with_arm(run.arm, frame.sort_values(["seed", "step"]))


def _quality(arm: str) -> pd.DataFrame:
    frame = read_frame(study.metrics_folder(arm) / "quality.parquet", QUALITY_COLUMNS)
    return _with_arm(arm, frame.sort_values(["seed", "step", "metric"]))


def _with_arm(arm: str, frame: pd.DataFrame) -> pd.DataFrame:
    for place, (name, value) in enumerate(zip(ARM, arm.split("/"), strict=True)):
        frame.insert(place, name, value)
    return frame


def _runs(run: Run, curves: pd.DataFrame) -> Iterable[tuple[object, ...]]:
    """The rows of runs.csv of a run, one per seed; seconds are those of training."""
    path = study.run_folder(run) / "status.json"
    try:
        status = {own["seed"]: own for own in json.loads(path.read_text(encoding="utf-8"))}
        outcomes = [
            (status[seed]["state"], status[seed]["step"], status[seed]["reason"])
            for seed in run.seeds
        ]
    except FileNotFoundError:
        raise ResultsError(f"{path}: no such file; {_remedy(path)}") from None
    except (ValueError, LookupError, TypeError):
        raise ResultsError(f"{path}: damaged; delete it, then {_remedy(path)}") from None
    arm = run.arm.split("/")
    own = curves[(curves[ARM] == arm).all(axis=1)]
    for seed, outcome in zip(run.seeds, outcomes, strict=True):
        yield (*arm, seed, *outcome, own.loc[own["seed"] == seed, "seconds"].max())


def _remedy(path: Path) -> str:
    return f"run `snakemake --cores all {path}`"


def _write(table: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".csv":
        text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
        files.write_text(path, text)
        return
    with files.replacing(path) as aside:
        table.to_parquet(aside, index=False)
