"""Gather the files of all runs into the tables that panels and report read. No torch here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from replication.analysis.statistics import mean_interval
from replication.analysis.tracking import ARM, arms, finished, tracking
from replication.controls._base import Trained
from replication.evidence import growing, store
from replication.evidence.store import CURVE_COLUMNS, read_frame, remedy
from replication.jobs import files
from replication.jobs.files import ResultsError
from replication.metrics._base import QUALITY_COLUMNS, REFERENCE_COLUMNS, parts
from replication.plan import registry
from replication.plan.paths import Paths
from replication.plan.study import Study, kind

Scores = Mapping[str, float]

RUN_COLUMNS = [*ARM, "seed", "state", "step", "reason", "seconds"]

CONTROL_COLUMNS = [*ARM, "seed", "control", "value"]

SUMMARY_COLUMNS = [*ARM, "metric", "mean", "ci_low", "ci_high", "n_seeds", "n_diverged"]


def collect(study: Study) -> None:
    """Write `replication.plan.paths.TABLES` of all arms that have evidence.

    Rows keep the order of params.yaml, then seed, step and metric.

    Raises:
        ResultsError: evidence is missing altogether, damaged or lacks a column.
    """
    paths, there = study.paths, growing.whole(study)
    if not there:
        raise ResultsError(f"{paths.evidence}: no arm has evidence; run `snakemake --cores all`")
    curves = pd.concat([_table(paths, arm, "curves", CURVE_COLUMNS) for arm in there])
    quality = pd.concat([_table(paths, arm, "quality", QUALITY_COLUMNS) for arm in there])
    curves, quality = curves.reset_index(drop=True), quality.reset_index(drop=True)
    rows = [row for arm in there for row in _runs(paths, arm, curves)]
    runs = pd.DataFrame(rows, columns=RUN_COLUMNS)
    tables = {
        "runs.csv": runs,
        "curves.parquet": curves,
        "quality.parquet": quality,
        "summary.csv": summary(runs, quality),
        "tracking.csv": tracking(runs, curves, quality),
        "controls.csv": controls(runs, curves, quality, _real(study, runs["dataset"].unique())),
    }
    for name, table in tables.items():
        _write(table, paths.table(name))


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
        (*arm, metric, *mean_interval(own, within=_ends(metric)), lost.get(arm, 0))
        for arm, metrics in arms(runs, quality)
        for metric in metrics
        for own in [values.get((*arm, metric), [])]
    ]
    return pd.DataFrame(rows, columns=SUMMARY_COLUMNS)


def _ends(metric: str) -> tuple[float, float]:
    """The values that a metric can have, by its id: no interval of its mean goes beyond.

    Evidence may outlive the file of a metric, whose ends are then not known.
    """
    try:
        head = registry.metadata("metrics", parts(metric).metric)
    except registry.UnknownName:
        head = {}
    return head.get("LEAST", -math.inf), head.get("MOST", math.inf)


def controls(
    runs: pd.DataFrame, curves: pd.DataFrame, quality: pd.DataFrame, real: Mapping[str, Scores]
) -> pd.DataFrame:
    """controls.csv: what every arm shows of the regime it reached, by seed; see `replication.controls`.

    Args:
        runs: columns `ARM`, seed, state; only runs that finished enter.
        curves: columns `ARM`, seed, step and those of the curves.
        quality: columns `ARM`, seed, step, metric, value.
        real: by data set the score of real data by metric.

    Returns:
        Columns `CONTROL_COLUMNS`; without the controls that an arm has no numbers for.
    """
    done = {key: own for key, own in finished(runs, quality).groupby(ARM)}
    drawn = {key: own for key, own in finished(runs, curves).groupby(ARM)}
    rows = [
        (*arm, seed, name, value)
        for arm in runs[ARM].drop_duplicates().itertuples(index=False, name=None)
        if arm in done
        for name in registry.ids("controls")
        if kind(arm[0]) in registry.metadata("controls", name)["NEEDS"]
        for seed, value in registry.load("controls", name)
        .measured(Trained(drawn[arm], done[arm], real.get(arm[0], {})))
        .items()
    ]
    return pd.DataFrame(rows, columns=CONTROL_COLUMNS)


def _real(study: Study, datasets: Iterable[str]) -> dict[str, Scores]:
    """The score of real data, by data set and metric, of those data sets that have evidence."""
    found: dict[str, Scores] = {}
    for dataset in store.datasets(study, datasets):
        frame = read_frame(study.paths.real(dataset) / "real.parquet", REFERENCE_COLUMNS)
        found[dataset] = dict(zip(frame["metric"], frame["value"], strict=True))
    return found


def _table(paths: Paths, arm: str, name: str, columns: Iterable[str]) -> pd.DataFrame:
    """A table of an arm's evidence, with the arm in its first columns."""
    frame = read_frame(paths.arm(arm) / f"{name}.parquet", columns)
    keys = [key for key in ("seed", "step", "metric") if key in frame]
    frame = frame.sort_values(keys)
    for place, (column, value) in enumerate(zip(ARM, arm.split("/"), strict=True)):
        frame.insert(place, column, value)
    return frame


def _runs(paths: Paths, arm: str, curves: pd.DataFrame) -> Iterable[tuple[object, ...]]:
    """The rows of runs.csv of an arm, one per seed; seconds are those of training."""
    own = curves[(curves[ARM] == arm.split("/")).all(axis=1)]
    seconds = own.groupby("seed")["seconds"].max()
    try:
        for run in store.outcomes(paths, arm)["runs"]:
            for seed in run["status"]:
                outcome = (seed["seed"], seed["state"], seed["step"], seed["reason"])
                yield (*arm.split("/"), *outcome, seconds.get(seed["seed"]))
    except (LookupError, TypeError):
        path = paths.arm(arm) / "arm.json"
        raise ResultsError(f"{path}: damaged; delete it, then {remedy(path)}") from None


def _write(table: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".csv":
        text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
        files.write_text(path, text)
        return
    with files.replacing(path) as aside:
        table.to_parquet(aside, index=False)
