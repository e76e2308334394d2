"""Does the code of now still give the numbers of a study's evidence? The first logged steps of every arm, once more.

Data sets are prepared, classifiers trained and real images scored again too, in a folder of their own. Where all of
it comes out the same, bit for bit, evidence stands although code was written anew; on another machine, whose
arithmetic rounds otherwise, it comes out within `TOLERANCE`.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from replication.data import _base as data
from replication.evidence import current, growing, reference, store
from replication.features import lenet
from replication.jobs import keys, provenance
from replication.metrics._base import REFERENCE_COLUMNS
from replication.metrics._judge import Judge
from replication.plan.config import Run
from replication.plan.paths import Paths
from replication.plan.study import Study
from replication.tensors import device as devices
from replication.training.loop import Paused, Training

#: The largest difference between machines, relative to the larger of two numbers or to the column's usual size.
TOLERANCE = 0.01

#: Logged steps of an arm that are run again, at least; and its first checkpoint.
STEPS = 2


@dataclass(frozen=True)
class Check:
    """How a part of the evidence came out.

    Attributes:
        job: the job that made it, by id.
        difference: the largest relative one; 0 where the bits are the same, NaN where it could not be compared.
        where: of that difference, in words.
        changed: the jobs at or behind it whose code or settings are others now, by id.
    """

    job: str
    difference: float
    where: str
    changed: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether it came out bit for bit."""
        return self.difference == 0

    @property
    def within(self) -> bool:
        """Whether it came out as another machine may have it."""
        return self.difference <= TOLERANCE


def verify(study: Study) -> Iterator[Check]:
    """Check the evidence of a study, data sets first.

    Raises:
        ResultsError: there is none, or it is damaged.
        DataError: a data set is missing or unsuitable.
    """
    every = dict(keys.every(study))
    with tempfile.TemporaryDirectory(prefix="replication-") as folder:
        aside = Paths(Path(folder))
        for dataset in store.datasets(study, keys.datasets(study)):
            yield _checked(study, f"reference/{dataset}", every, _scored(study, dataset, aside))
        for arm in growing.whole(study):
            yield _checked(study, f"evaluate/{arm}", every, _trained(study, arm, aside))


def accept(study: Study, checks: Sequence[Check]) -> list[str]:
    """Let code that gave the same bits stand for that which made the evidence; returns the jobs that it covers.

    Settings must be those of the evidence. Code counts for all that it made: where any of that came out otherwise, it
    is accepted for none.
    """
    every = dict(keys.every(study))
    made_by = {check.job: keys.made_by(every, check.job) for check in checks}
    sound = {check.job for check in checks if _sound(study, check, made_by[check.job], checks)}
    refused = {
        made_by[check.job].get(name)
        for check in checks
        if check.job not in sound
        for name in check.changed
    }
    told = {"commit": provenance.git()["commit"], "machine": provenance.machine(None)["cpu"]}
    entries: dict[str, dict[str, Any]] = {}
    covered = []
    for check in checks:
        now, then = made_by[check.job], current.said(study.paths, check.job)
        if not check.changed or refused & {now.get(name) for name in check.changed}:
            continue
        covered.append(check.job)
        for name in check.changed:
            entries[now[name]] = {"for": then[name], "job": name, **told, "on": provenance.now()}
    if entries:
        current.accept(study.paths, entries)
    return covered


def _sound(study: Study, check: Check, now: current.MadeBy, checks: Sequence[Check]) -> bool:
    """Whether a part came out the same, with the settings of the evidence, and so did the data sets behind it."""
    then = current.said(study.paths, check.job)
    behind = {f"reference/{job.partition('/')[2]}" for job in now if job.startswith("prepare/")}
    return all(one.same for one in checks if one.job in {check.job, *behind}) and all(
        current.settings(now, name) == current.settings(then, name) for name in check.changed
    )


def _checked(
    study: Study, job: str, every: dict[str, keys.Job], found: tuple[pd.DataFrame, pd.DataFrame]
) -> Check:
    """Compare numbers of now with those of the evidence."""
    changed = current.changed(study.paths, job, keys.made_by(every, job))
    return Check(job, *difference(*found), tuple(changed))


def _scored(study: Study, dataset: str, aside: Paths) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Scores of real images, from the source of the data set on: of now, and of the evidence."""
    config, evaluation = study.config, study.config.budget.evaluation
    data.prepare(dataset, config, aside.dataset(dataset))
    if keys.classified(study, dataset):
        lenet.train(aside, dataset, evaluation.classifier_epochs, config.threads)
    judge = Judge(aside, dataset, evaluation, devices.prepare(config.device, config.threads))
    now = pd.DataFrame(list(reference.scores(judge).items()), columns=list(REFERENCE_COLUMNS))
    then = store.read_frame(study.paths.real(dataset) / "real.parquet", REFERENCE_COLUMNS)
    return _wide(now), _wide(then)


def _wide(scores: pd.DataFrame) -> pd.DataFrame:
    """A row of scores."""
    return scores.set_index("metric")["value"].to_frame().T.reset_index(drop=True)


def _trained(study: Study, arm: str, aside: Paths) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The first rows of an arm's first run: of now, and of the evidence."""
    run = study.arm(arm)[0]
    if not aside.dataset(run.dataset).exists():
        data.prepare(run.dataset, study.config, aside.dataset(run.dataset))
    now = first_rows(run, aside)
    then = store.read_frame(study.paths.arm(arm) / "curves.parquet", store.CURVE_COLUMNS)
    steps = now["step"].unique()
    then = then[then["seed"].isin(run.seeds) & then["step"].isin(steps)]
    return now, then.sort_values(["seed", "step"], ignore_index=True)


def first_rows(run: Run, paths: Paths) -> pd.DataFrame:
    """The curves of a run up to its first checkpoint, and over `STEPS` logged steps at least."""
    last = max(run.logs[:STEPS][-1], run.checkpoints[0])
    training = Training(run, data.load(paths.dataset(run.dataset)), paths.scratch)
    try:
        training.play(lambda step: None, lambda: training.step >= last)
    except Paused:
        pass
    rows = training.recorder.frame(training.lost)
    return rows[rows["step"] <= last].sort_values(["seed", "step"], ignore_index=True)


def difference(now: pd.DataFrame, then: pd.DataFrame) -> tuple[float, str]:
    """The largest relative difference between two tables, and where it is; NaN where their shapes differ.

    Times differ always, and do not count.
    """
    columns = [c for c in then if c != "seconds"]
    if len(now) != len(then) or set(columns) - set(now):
        return math.nan, "other rows or columns"
    largest, where = 0.0, ""
    for column in columns:
        a, b = (np.asarray(table[column], dtype=np.float64) for table in (now, then))
        equal = (a == b) | (np.isnan(a) & np.isnan(b))
        if equal.all():
            continue
        size = np.maximum(np.maximum(abs(a), abs(b)), np.nanmedian(abs(b)))
        apart = np.where(equal, 0.0, abs(a - b) / size)
        row = int(np.nan_to_num(apart, nan=np.inf).argmax())
        if not (apart[row] <= largest):
            largest, where = float(apart[row]), f"{column}: {a[row]:.6g} for {b[row]:.6g}"
            where += f" at step {now['step'].iloc[row]}" if "step" in now else ""
    return largest, where
