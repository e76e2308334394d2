"""Where the files of a study lie: all below its folder, so that no study ever touches another's. No torch here.

::

    results/<study>/evidence/    small and committed: all that tables, figures, claims and pages are made from
    results/<study>/data, features, runs, scratch, logs, benchmarks    what evidence is made from
    results/<study>/*.csv, *.parquet, claims.json, scores, plots    tables and verdicts, made from evidence
    reports/figures/<study>/     figures, and their numbers
    reports/                     one set of pages over all studies
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

RESULTS = Path("results")
REPORTS = Path("reports")

#: What is known of files by their size and date, so that they are read once: of no study, and never missed.
KNOWN = RESULTS / ".known"

#: What training leaves of a run.
RUN_FILES = ("curves.parquet", "checkpoints.safetensors", "status.json", "provenance.json")

#: The tables over all runs, which people and ``replication diff`` read; and those that only figures read.
TABLES = (
    "summary.csv", "tracking.csv", "controls.csv", "runs.csv", "curves.parquet", "quality.parquet",
)  # fmt: skip

#: The evidence of an arm and of a data set, by kind of data.
ARM_FILES = {
    "images": ("arm.json", "curves.parquet", "quality.parquet", "samples.png", "walks.png"),
    "points": ("arm.json", "curves.parquet", "quality.parquet", "samples.parquet"),
}
DATASET_FILES = {
    "images": ("dataset.json", "real.parquet", "heldout.png"),
    "points": ("dataset.json", "real.parquet", "heldout.parquet"),
}

#: A panel's figure, which says so where there is nothing to show, and its numbers.
PANEL_SUFFIXES = (".svg", ".csv")


@dataclass(frozen=True)
class Paths:
    """The files of one study.

    Attributes:
        root: its folder.
    """

    root: Path

    @classmethod
    def of(cls, study: str) -> Paths:
        """The files of the study of a profile."""
        return cls(RESULTS / study)

    @property
    def name(self) -> str:
        """The study's."""
        return self.root.name

    @property
    def scratch(self) -> Path:
        """Undeclared to Snakemake, which deletes a job's outputs before it runs: what a killed run resumes from."""
        return self.root / "scratch"

    def dataset(self, dataset: str) -> Path:
        """The prepared images of a data set: a train part and a held-out part, fixed by hash."""
        return self.root / "data" / f"{dataset}.safetensors"

    def sheet(self, dataset: str) -> Path:
        """The contact sheet of a prepared data set: what a net will see."""
        return self.dataset(dataset).with_suffix(".png")

    def classifier(self, dataset: str) -> Path:
        """The frozen classifier whose features metrics of a data set use; its record is beside it (.json)."""
        return self.root / "features" / f"lenet_{dataset}.safetensors"

    def run(self, run: str) -> Path:
        """Curves, checkpoints, status and provenance of a run, by its id."""
        return self.root / "runs" / run

    @property
    def evidence(self) -> Path:
        """All that is read after training."""
        return self.root / "evidence"

    def arm(self, arm: str) -> Path:
        """The evidence of an arm: curves, quality, what became of its runs, and samples."""
        return self.evidence / "arms" / arm

    def real(self, dataset: str) -> Path:
        """The evidence of a data set: its size, scores of its real images, and some of them."""
        return self.evidence / "datasets" / dataset

    def experiment(self, experiment: str) -> Path:
        """What an experiment measured: one table, with a column seed."""
        return self.evidence / "experiments" / f"{experiment}.parquet"

    def key(self, job: str) -> Path:
        """The key that a job's evidence ought to carry, see `replication.jobs.current`."""
        return self.scratch / "keys" / job

    def table(self, name: str) -> Path:
        """One of `TABLES`."""
        return self.root / name

    @property
    def scores(self) -> Path:
        """Means by arm, a file each, as DVC's metrics."""
        return self.root / "scores"

    @property
    def courses(self) -> Path:
        """Means at every checkpoint, as DVC's plot."""
        return self.root / "plots" / "quality.csv"

    @property
    def claims(self) -> Path:
        """The verdicts."""
        return self.root / "claims.json"

    @property
    def figures(self) -> Path:
        """The figures of the study."""
        return REPORTS / "figures" / self.name

    def panel(self, panel: str) -> list[Path]:
        """The files of a panel ``<paper>/<panel>``, its figure and the plotted numbers."""
        return [(self.figures / panel).with_suffix(suffix) for suffix in PANEL_SUFFIXES]

    def picture(self, panel: str) -> Path:
        """The figure of a panel as a picture, there only where it has something to show."""
        return (self.figures / panel).with_suffix(".png")

    def panels_record(self, paper: str) -> Path:
        """The SHA-256 of the files of a paper's panels, which are drawn together."""
        return self.figures / f"{paper}.sha256"
