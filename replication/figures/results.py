"""The results of a study as figures and pages are given them: its tables, and the evidence behind them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from replication.analysis import tracking
from replication.evidence import store
from replication.figures import names
from replication.figures.names import ARM, Arm
from replication.metrics._base import OF_HELDOUT, Protocol, parts
from replication.metrics._trust import doubt
from replication.plan.config import Run
from replication.plan.paths import Paths
from replication.plan.study import Study

#: An id to the table of that experiment.
Experiment = Callable[[str], pd.DataFrame]

#: A data set and how many of its held-out samples, to these, evenly spaced: see `replication.evidence.store.held_out`.
HeldOut = Callable[[str, int], NDArray[Any]]


class MissingResult(FileNotFoundError):
    """A file of results that a panel or the report needs and that is not there."""


@dataclass(frozen=True)
class Frames:
    """The collected results of a study, as tables; pictures are read when asked for."""

    study: Study
    runs: pd.DataFrame
    curves: pd.DataFrame
    quality: pd.DataFrame
    summary: pd.DataFrame
    tracking: pd.DataFrame
    reference: pd.DataFrame

    @classmethod
    def read(cls, study: Study) -> Frames:
        """Read what ``replication collect`` wrote, and the reference of every data set that has evidence.

        Raises:
            MissingResult: a file is absent; the message names it and the command that makes it.
        """
        paths = study.paths
        references = [
            _read(paths.real(d) / "real.parquet").assign(dataset=d)
            for d in store.datasets(study, study.datasets)
        ]
        empty = pd.DataFrame(columns=["metric", "value", "dataset"])
        return cls(
            study,
            runs=_read(paths.table("runs.csv")),
            curves=_read(paths.table("curves.parquet")),
            quality=_read(paths.table("quality.parquet")),
            summary=_read(paths.table("summary.csv")),
            tracking=_read(paths.table("tracking.csv")),
            reference=pd.concat(references, ignore_index=True) if references else empty,
        )

    @property
    def arms(self) -> list[Arm]:
        """Every arm that has a run, in the order in which they are shown."""
        return names.arms_of(self.runs)

    @property
    def datasets(self) -> list[str]:
        """The data sets of these results."""
        return sorted(self.runs["dataset"].unique())

    @property
    def planned(self) -> list[Run]:
        """The runs of these arms, as the study plans them."""
        known = {"/".join(arm) for arm in self.arms}
        return [run for run in self.study.runs.values() if run.arm in known]

    def metrics(self, *stems: str) -> list[str]:
        """Ids of the metrics, measured or summarised, that the files of these stems define, in that order."""
        known = sorted({*self.quality["metric"], *self.summary["metric"]})
        return [m for stem in stems for m in known if names.metric(m).stem == stem]

    def title(self, stem: str) -> str:
        """Label and direction of the metric of a file, as it was measured, or as it would be."""
        return names.metric(next(iter(self.metrics(stem)), stem)).title

    def only(self, patterns: list[str]) -> Frames:
        """The part of every table whose arm matches one of the patterns."""

        def part(table: pd.DataFrame) -> pd.DataFrame:
            arm = pd.MultiIndex.from_frame(table[ARM])
            wanted = [a for a in arm.unique() if self.study.fits("/".join(map(str, a)), patterns)]
            return table[arm.isin(wanted)].reset_index(drop=True)

        tables = ("runs", "curves", "quality", "summary", "tracking")
        return dataclasses.replace(self, **{t: part(getattr(self, t)) for t in tables})

    def real(self, dataset: str, metric: str) -> float:
        """The reference: a metric of real training images against held-out ones; NaN where not measured."""
        row = self.reference[
            (self.reference["dataset"] == dataset) & (self.reference["metric"] == metric)
        ]
        return float(row["value"].iloc[0]) if len(row) else float("nan")

    def doubted(self, metric: str) -> bool:
        """Whether a metric looks through a classifier that has not learned its classes."""
        _, extractor, ending = parts(metric)
        dataset = ending.removesuffix(OF_HELDOUT)
        used = self.study.config.budget.evaluation.extractor
        if dataset not in self.datasets or extractor != used:
            return False
        return bool(doubt(extractor, dataset, self.about(dataset)["classifier"]))

    def learned(self, arm: Arm) -> bool:
        """Whether FID went most of its way in the runs of an arm that finished; true where FID is not measured."""
        own = names.rows_of(self.quality, arm)
        own = tracking.finished(self.runs, own[own["metric"].isin(self.metrics("fid"))])
        if own.empty:
            return True
        courses = own.pivot(index="step", columns="seed", values="value")
        real = self.real(arm.dataset, str(own["metric"].iloc[0]))
        return tracking.moved(courses, real) >= tracking.LEARNED

    def samples(self, arm: Arm, seed: int) -> dict[int, NDArray[Any]]:
        """Samples of a seed by generator step, one z for all steps: uint8 [n, C, H, W], points float32 [n, d]."""
        return store.samples(self.study.paths, "/".join(arm)).get(seed, {})

    def first_samples(self, arm: Arm) -> dict[int, NDArray[Any]]:
        """The samples of the first seed of an arm that has any; empty where all diverged at once."""
        return next(iter(store.samples(self.study.paths, "/".join(arm)).values()), {})

    def first_walks(self, arm: Arm) -> NDArray[Any] | None:
        """Paths through z of that seed's last checkpoint, uint8 [n, steps + 1, C, H, W]; None of points."""
        return store.walks(self.study.paths, "/".join(arm))

    def held_out(self, dataset: str, count: int) -> NDArray[Any]:
        """`count` held-out samples of a data set, evenly spaced: images [count, C, H, W] or points [count, d]."""
        return store.held_out(self.study.paths, dataset, count)

    def protocol(self, dataset: str) -> Protocol:
        """The numbers that metrics of a data set depend on."""
        return Protocol.of(self.study.config.budget.evaluation, self.about(dataset)["heldout"])

    def about(self, dataset: str) -> dict[str, Any]:
        """What is known of a data set, see `replication.evidence.store.about`."""
        return store.about(self.study.paths, dataset)


def experiment(paths: Paths, name: str) -> pd.DataFrame:
    """What an experiment of a study measured.

    Raises:
        MissingResult: it was not run yet.
    """
    return _read(paths.experiment(name), f"experiment {name}")


def _read(path: Path, verb: str = "collect") -> pd.DataFrame:
    if not path.exists():
        raise MissingResult(f"{path}: no such file; make it with: replication {verb}")
    return pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
