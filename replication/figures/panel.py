"""A panel is a figure of a paper, re-made from our runs: what it is given, and how its files are written.

A panel's file has the literal constants ``TITLE`` and ``CAPTION`` (what our figure shows, with its protocol), where it
mirrors a figure ``MIRRORS`` (``"wgan2017:fig3"``), where a paper has a figure or a table like it ``PAPER_SHOWS`` (what
that shows), where it shows runs ``RUNS`` (patterns of their arms, ``dataset/net/method/variant``; ``["*"]`` takes every
arm of the profile), where it shows experiments ``EXPERIMENTS`` (their ids, to be read by `experiment`), where it
explains something ``EXPLAINED`` (two sentences for a student), where the page on theory shows it ``TOPIC`` and
``PLACE`` (its section there, see `replication.report.theory`, and where it stands in it), where the front page shows it
``FRONT`` (its place there), and the functions ``data(frames)``, or ``data()`` where it shows no run, and
``draw(table)``.

``data`` finds what is shown, and ``draw`` opens no file: results, pictures and reference values it has from the table,
and it adds no more than the curve of a formula. A picture (images, points, values on a grid) is an array in a column
whose name begins with `PICTURE`; the other columns are the panel's csv.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray
from safetensors import safe_open

from replication.analysis import tracking
from replication.figures import names, style
from replication.figures.names import ARM, Arm
from replication.jobs import files
from replication.metrics import _base as metrics
from replication.plan import registry
from replication.plan.config import Run
from replication.plan.study import (
    RESULTS,
    Study,
    dataset_file,
    experiment_file,
    kind,
    matches,
    metrics_folder,
    panel_files,
    reference_file,
)


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
        """Read what ``replication collect`` wrote, and the reference of every data set.

        Raises:
            MissingResult: a file is absent; the message names it and the command that makes it.
        """
        references = [
            _read(reference_file(d), f"reference {d}").assign(dataset=d) for d in study.datasets
        ]
        return cls(
            study,
            runs=_read(RESULTS / "runs.csv"),
            curves=_read(RESULTS / "curves.parquet"),
            quality=_read(RESULTS / "quality.parquet"),
            summary=_read(RESULTS / "summary.csv"),
            tracking=_read(RESULTS / "tracking.csv"),
            reference=pd.concat(references, ignore_index=True),
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
        """The runs of the study on these data sets."""
        return [run for run in self.study.runs.values() if run.dataset in self.datasets]

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

    def samples(self, run: Run) -> dict[int, NDArray[Any]]:
        """Samples of a run by generator step, each [seeds, n, ...], one z for all steps: uint8 images, float points."""
        own = f"{run.name}/step"
        return {int(key.removeprefix(own)): kept for key, kept in _pictures(run, own).items()}

    def walks(self, run: Run) -> NDArray[Any] | None:
        """Paths through z at a run's last checkpoint, uint8 [seeds, n, steps + 1, C, H, W]; None of points."""
        own = f"{run.name}/walks"
        return _pictures(run, own).get(own)

    def first_samples(self, arm: Arm) -> dict[int, NDArray[Any]]:
        """The samples of the first seed of the arm's first run that has any, each [n, ...]."""
        for run in self.study.arm("/".join(arm)):
            if sheets := self.samples(run):
                return {step: sheet[0] for step, sheet in sheets.items()}
        return {}

    def first_walks(self, arm: Arm) -> NDArray[Any] | None:
        """The walks of the first seed of the arm's first run that has any, [n, steps + 1, C, H, W]."""
        for run in self.study.arm("/".join(arm)):
            if (walks := self.walks(run)) is not None:
                return cast(NDArray[Any], walks[0])
        return None

    def held_out(self, dataset: str, count: int) -> NDArray[Any]:
        """See the function `held_out`."""
        return held_out(dataset, count)


def held_out(dataset: str, count: int) -> NDArray[Any]:
    """`count` held-out samples of a data set, evenly spaced: images [count, C, H, W] or points [count, d]."""
    with safe_open(dataset_file(dataset), framework="numpy") as tensors:
        images: NDArray[Any] = tensors.get_tensor("heldout_images")
    chosen: NDArray[Any] = images[np.linspace(0, len(images) - 1, count).astype(int)]
    return chosen


#: How the names of columns begin that hold pictures: arrays, one per row, and None where there is none.
PICTURE = "picture"


class Panel(Protocol):
    """What a panel's file provides: its table, of the results where it asks for ``frames``, and its figure."""

    data: Callable[..., pd.DataFrame]
    draw: Callable[[pd.DataFrame], Figure]


def tabled(panel: str, frames: Frames | None) -> pd.DataFrame:
    """All that a panel ``<paper>/<panel>`` shows, tidy: its numbers, and its pictures.

    Args:
        panel: its name.
        frames: the results of its runs; None for one that asks for none.
    """
    data = cast(Panel, registry.load_panel(panel)).data
    return data(frames) if "frames" in inspect.signature(data).parameters else data()


def numbers(table: pd.DataFrame) -> pd.DataFrame:
    """A panel's table without its pictures: what its csv holds."""
    return table.loc[:, [not column.startswith(PICTURE) for column in table]]


def figure(panel: str, table: pd.DataFrame, frames: Frames | None) -> Figure:
    """The figure of a panel, or one that says why there is none.

    Args:
        panel: its name.
        table: what it shows.
        frames: the results of its runs; None where the profile plans none of them.
    """
    if not len(table):
        wanted = registry.panel_metadata(panel)["RUNS"]
        return style.notice(f"Nothing to show: {reason(wanted, frames)}.")
    made = cast(Panel, registry.load_panel(panel)).draw(table)
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
    wanted = registry.panel_metadata(panel)["RUNS"]
    # A panel that needs no run has its own numbers, and one whose arms are not planned has none: both may be
    # drawn before any run has ended.
    planned = any(matches(run.arm, wanted) for run in study.runs.values())
    frames = Frames.read(study).only(wanted) if planned else None
    shown = planned or not wanted
    table = tabled(panel, frames) if shown else pd.DataFrame(columns=["seed"])
    with style.applied():
        paths = panel_files(panel)
        style.save(figure(panel, table, frames), paths[0].with_suffix(""))
    text = numbers(table).to_csv(index=False, float_format="%.6g", lineterminator="\n")
    files.write_text(paths[-1], text)
    return paths


def experiment(name: str) -> pd.DataFrame:
    """What an experiment measured.

    Raises:
        MissingResult: it was not run yet.
    """
    return _read(experiment_file(name), f"experiment {name}")


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


def _pictures(run: Run, start: str) -> dict[str, NDArray[Any]]:
    """What samples.safetensors of a run's arm keeps under keys with this start, in their order."""
    path = metrics_folder(run.arm) / "samples.safetensors"
    if not path.exists():
        return {}
    with safe_open(path, framework="numpy") as tensors:
        keys = sorted(key for key in tensors.keys() if key.startswith(start))
        return {key: tensors.get_tensor(key) for key in keys}


def _read(path: Path, verb: str = "collect") -> pd.DataFrame:
    if not path.exists():
        raise MissingResult(f"{path}: no such file; make it with: replication {verb}")
    return pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
