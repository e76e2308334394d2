"""A panel is a figure of a paper, re-made from our runs: what it is given, and how its files are written.

A panel's file has the literal constants ``TITLE``, ``CAPTION`` (what our figure shows, with its protocol),
``MIRRORS`` (``"wgan2017:fig3"``; empty where it mirrors nothing), ``PAPER_SHOWS`` (what that figure of the
paper shows) and ``RUNS`` (patterns of the arms it needs, ``dataset/net/method/variant``; ``["*"]`` takes
every arm of the profile), where it shows experiments
``EXPERIMENTS`` (their ids, to be read by `experiment`), where it explains something ``EXPLAINED`` (two sentences for a
student), where the page on theory shows it ``TOPIC`` and ``PLACE`` (its section there, see
`replication.report.theory`, and where it stands in it), where the front page shows it ``FRONT`` (its place
there), and the functions ``data(frames)`` and ``draw(table, frames)``.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from replication.analysis import tracking
from replication.evidence import store
from replication.figures import names, style
from replication.figures.names import ARM, Arm
from replication.jobs import files
from replication.metrics import _base as metrics
from replication.metrics._trust import doubt
from replication.plan import registry
from replication.plan.config import Run
from replication.plan.paths import Paths
from replication.plan.study import Study, kind, matches


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
            wanted = [a for a in arm.unique() if matches("/".join(map(str, a)), patterns)]
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
        _, extractor, ending = metrics.parts(metric)
        dataset = ending.removesuffix(metrics.OF_HELDOUT)
        if dataset not in self.datasets:
            return False
        return bool(doubt(extractor, dataset, self.about(dataset)["classifier"]))

    def stood_still(self, arm: Arm) -> bool:
        """Whether FID hardly moved in the runs of an arm that finished, so that no signal has anything to follow."""
        own = names.rows_of(self.quality, arm)
        own = tracking.finished(self.runs, own[own["metric"].isin(self.metrics("fid"))])
        if own.empty:
            return False
        courses = own.pivot(index="step", columns="seed", values="value")
        return (
            tracking.moved(courses, self.real(arm.dataset, str(own["metric"].iloc[0])))
            < tracking.MOVED
        )

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

    def protocol(self, dataset: str) -> metrics.Protocol:
        """The numbers that metrics of a data set depend on."""
        return metrics.Protocol.of(
            self.study.config.budget.evaluation, self.about(dataset)["heldout"]
        )

    def about(self, dataset: str) -> dict[str, Any]:
        """What is known of a data set, see `replication.evidence.store.about`."""
        return store.about(self.study.paths, dataset)


class Panel(Protocol):
    """What a panel's file provides."""

    RUNS: list[str]

    def data(self, frames: Frames) -> pd.DataFrame:
        """The numbers that are drawn, tidy: they are written beside the figure."""

    def draw(self, table: pd.DataFrame, frames: Frames) -> Figure:
        """The figure; `frames` for pictures and names only."""


def figure(module: Panel, table: pd.DataFrame, frames: Frames | None) -> Figure:
    """The figure of a panel, or one that says why there is none.

    Args:
        module: the panel.
        table: its numbers.
        frames: the results of its runs; None where the profile plans none of them.
    """
    if not len(table):
        return style.notice(f"Nothing to show: {reason(module.RUNS, frames)}.")
    made = module.draw(table, cast(Frames, frames))
    style.say_what_is_empty(made)
    return made


def reason(wanted: list[str], frames: Frames | None) -> str:
    """Why no run has what a panel of runs shows, in a few words."""
    runs = ", ".join(wanted)
    if frames is None or not len(frames.runs):
        return f"this profile has no run of {runs}"
    if not (frames.runs["state"] == "finished").any():
        return f"every run of {runs} diverged"
    scored = {d for d, m in zip(frames.reference["dataset"], frames.reference["metric"], strict=True)
              if metrics.parts(m)[1]}  # fmt: skip
    bare = [d for d in frames.datasets if kind(d) == "images" and d not in scored]
    if bare:
        return f"{', '.join(bare)} has no labels, so no classifier could be trained to score images"
    return f"no run of {runs} has what it would show"


@np.errstate(divide="ignore", invalid="ignore")  # 0 / 0 is NaN, which no figure shows
def render(study: Study, panel: str) -> list[Path]:
    """Write the figure of a panel ``<paper>/<panel>`` as svg, pdf and png, and its numbers as csv.

    A profile may hold none of the arms that a panel needs; its figure then says so.

    Raises:
        UnknownName: there is no such panel.
        MissingResult: results are not collected yet.
    """
    module = cast(Panel, registry.load_panel(panel))
    # A panel that needs no run has its own numbers, and one whose arms are not planned has none: both may be
    # drawn before any run has ended.
    planned = any(matches(run.arm, module.RUNS) for run in study.runs.values())
    frames = Frames.read(study).only(module.RUNS) if planned else None
    shown = planned or not module.RUNS
    table = module.data(cast(Frames, frames)) if shown else pd.DataFrame(columns=["seed"])
    with style.applied():
        paths = study.paths.panel(panel)
        style.save(figure(module, table, frames), paths[0].with_suffix(""))
    files.write_text(paths[-1], table.to_csv(index=False, float_format="%.6g", lineterminator="\n"))
    return paths


def experiment(paths: Paths, name: str) -> pd.DataFrame:
    """What an experiment of a study measured.

    Raises:
        MissingResult: it was not run yet.
    """
    return _read(paths.experiment(name), f"experiment {name}")


def file(name: str) -> pd.DataFrame:
    """A table beside the package, of a panel's ``FILES``.

    Raises:
        MissingResult: this is no clone of the project, or it was removed.
    """
    path = registry.PACKAGE.parent / name
    if not path.exists():
        raise MissingResult(
            f"{path}: no such file; make it in a clone of the project with: make bench"
        )
    return pd.read_csv(path)


def _read(path: Path, verb: str = "collect") -> pd.DataFrame:
    if not path.exists():
        raise MissingResult(f"{path}: no such file; make it with: replication {verb}")
    return pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
