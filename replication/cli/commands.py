"""What each verb of the command line does: one per rule of the Snakefile, and more for the person in front.

A verb is a function: its name, docstring and parameters are those of the command. Imports wait until a
verb needs them, so that ``--help`` does not load torch.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from replication.plan.study import Study

#: Beside the files of a folder: their SHA-256.
RECORD = "files.sha256"

#: What the options of each verb mean.
OPTIONS = {
    "evaluate": {
        "against": "data set to compare with, prepared and with its classifier: `replication data`, `... classifier`",
        "json": "file for the scores of all targets, in place of one <name>.scores.json each",
    },
    "collect": {"study": "whose evidence; without it, that of the profile of params.yaml"},
    "panel": {"study": "whose figures; without it, those of the profile of params.yaml"},
    "claims": {
        "study": "whose verdicts; without it, those of the profile of params.yaml",
        "paper": "print the verdicts on this paper, such as wgan2017, as they stand; decide nothing",
    },
    "bench": {"only": "one of the benchmarks: steps, whole, growth, scale, together"},
    "diff": {"json": "file for what is printed, as JSON"},
    "verify": {
        "accept": "where the bits are the same, let the code of now stand for that which made the evidence"
    },
    "import": {"study": "to which it is added; without it, that of the profile of params.yaml"},
}


def data(dataset: str) -> None:
    """Prepare a data set: find or download it, check it, and fix its train and held-out parts."""
    study = _study()
    from pathlib import Path

    from replication.data import _base, _claims, _sheet
    from replication.jobs import checksums, contents

    if own := study.config.own_data.get(dataset):
        place = f"params.yaml: own_data.{dataset}: {own.path}"
        _claims.check(Path(own.path).expanduser(), place, own)
    path, sheet = study.paths.dataset(dataset), study.paths.sheet(dataset)
    images = study.own_images(dataset)
    source = contents.of_images(images) if images else ""
    record = path.with_suffix(".sha256")
    with checksums.sealed(record, [path, sheet], source=source, lasting=True):
        _base.prepare(dataset, study.config, path, print)
        _sheet.draw(path, sheet)
    print(f"  contact sheet: {sheet}")


def classifier(dataset: str) -> None:
    """Train the small classifier whose features the quality metrics of a data set use."""
    study = _study()
    from replication.features import lenet
    from replication.jobs import checksums, progress

    path, epochs = study.paths.classifier(dataset), study.config.budget.evaluation.classifier_epochs
    with (
        checksums.sealed(path.with_suffix(".sha256"), [path, path.with_suffix(".json")]),
        progress.bar(f"classifier of {dataset}", epochs) as advance,
    ):
        lenet.train(study.paths, dataset, epochs, study.config.threads, advance)


def reference(dataset: str) -> None:
    """Score real training images against held-out ones: the best that any generator can expect."""
    study = _study()
    from replication.evidence import reference as evidence
    from replication.evidence.store import dataset_files
    from replication.jobs import checksums

    config, paths = study.config, study.paths
    made_by = _made_by(study, f"reference/{dataset}")
    with checksums.sealed(paths.real(dataset) / RECORD, dataset_files(paths, dataset)):
        evidence.reference(
            dataset, config.budget.evaluation, config.threads, paths, made_by, config.device
        )


def train(run: str) -> None:
    """Train one run; a run that was cut off goes on from where it was. SIGTERM saves and stops it."""
    study = _study()
    resolved = study.run(run)
    from replication.jobs import alone, checksums, gpus, progress
    from replication.plan.paths import RUN_FILES
    from replication.training import interruption

    folder = study.paths.run(run)
    with (
        alone.turn(run, study.paths.scratch),
        gpus.gpu(study.config.device, study.config.jobs_per_gpu),
        checksums.sealed(folder / RECORD, [folder / name for name in RUN_FILES]),
        progress.bar(run, resolved.steps) as advance,
    ):
        interruption.train(resolved, study.paths, advance)
    # Were the clock set back on the way, Snakemake would refuse what was trained as older than its data.
    checksums.fix_timestamps([study.paths.dataset(resolved.dataset)])


def evaluate(targets: list[str], *, against: str | None = None, json: str | None = None) -> None:
    """Measure the quality of an arm's checkpoints; with --against, of any images or generator.

    TARGETS is an arm of the study, DATASET/NET/METHOD/VARIANT. With --against it is one or more of: a
    folder of images, an .npz file of uint8 images (the array 'images', or the only one; [N, H, W],
    [N, H, W, C] or [N, C, H, W]), and a run's checkpoints.safetensors or id, of which the last
    checkpoint counts. The profile of params.yaml says how quality is measured. Each metric is printed
    with its protocol, and written to <name>.scores.json in this folder, <name> being the folder's or
    the file's, without suffix.
    """
    study = _study()
    if against is not None:
        from replication.scoring import evaluate as _scoring

        _scoring.score(targets, against, study, json)
    elif len(targets) > 1 or (os.path.exists(targets[0]) and targets[0] not in study.arms):
        from replication.plan.config import ConfigError

        raise ConfigError(f"{targets[-1]}: compare it with what? add --against and a data set")
    else:
        _evaluate_arm(study, targets[0])


def _evaluate_arm(study: Study, arm: str) -> None:
    from replication.evidence import evaluate as evidence
    from replication.evidence.store import arm_files
    from replication.jobs import checksums, gpus, progress

    runs, paths = study.arm(arm), study.paths
    for run in runs:
        checksums.check(paths.run(run.id) / RECORD)
    made_by = _made_by(study, f"evaluate/{arm}")
    with (
        gpus.gpu(study.config.device, study.config.jobs_per_gpu),
        checksums.sealed(paths.arm(arm) / RECORD, arm_files(paths, arm)),
        progress.bar(arm, sum(len(run.checkpoints) for run in runs)) as advance,
    ):
        evidence.evaluate(runs, study.config.budget.evaluation, paths, made_by, advance)


def collect(*, study: str | None = None) -> None:
    """Gather the evidence of a study into tables, and summarise them."""
    chosen = _study(study)
    from replication.analysis import collect as gathering
    from replication.analysis import dvc_metrics
    from replication.evidence import store
    from replication.jobs import checksums
    from replication.plan.paths import TABLES

    tables = [
        *map(chosen.paths.table, TABLES),
        *dvc_metrics.outputs(chosen.paths, store.arms(chosen)),
    ]
    with checksums.sealed(chosen.paths.root / "tables.sha256", tables):
        gathering.collect(chosen)
        dvc_metrics.write(chosen.paths)


def experiment(experiment: str) -> None:
    """Run one experiment: a critic against an opponent that stands still, or a game of its own, all seeds at once."""
    study = _study()
    import torch

    from replication.evidence import store
    from replication.jobs import checksums, keys
    from replication.plan import registry

    torch.set_num_threads(study.config.threads)
    path, budget = study.paths.experiment(experiment), study.config.budget.experiments
    given = (budget, study.paths) if keys.images_of(experiment) else (budget,)
    made_by = _made_by(study, f"experiment/{experiment}")
    with checksums.sealed(path.with_suffix(".sha256"), [path]):
        table = registry.load("experiments", experiment).measure(*given)
        store.write_experiment(path, table, made_by)


def panel(panels: list[str], *, study: str | None = None) -> None:
    """Draw panels of a study, each named <paper>/<panel>; <paper> stands for all of its panels."""
    chosen = _study(study)
    from itertools import groupby

    from replication.figures.panel import render
    from replication.jobs import checksums
    from replication.plan import registry

    paths = chosen.paths
    for paper, wanted in groupby(registry.panels_of(panels), lambda panel: panel.split("/")[0]):
        every = (file for panel in registry.panels_of([paper]) for file in paths.panel(panel))
        with checksums.sealed(paths.panels_record(paper), filter(Path.exists, every)):
            for panel in wanted:
                render(chosen, panel)


def claims(*, paper: str | None = None, study: str | None = None) -> None:
    """Decide the papers' claims by the panels' numbers of a study, or print those of one paper.

    Deciding writes results/<study>/claims.json; with --paper it is only read.
    """
    chosen = _study(study)
    if paper is None:
        from replication.claims import decide as decisions
        from replication.jobs import checksums

        path = chosen.paths.claims
        with checksums.sealed(path.with_suffix(".sha256"), [path]):
            decisions.decide(chosen)
    else:
        from replication.cli import terminal

        terminal.show(terminal.verdicts(paper, chosen.paths))


def report() -> None:
    """Write reports/index.html and the other pages, each as Markdown too, over all studies that have evidence."""
    study = _study()
    from replication.jobs import checksums
    from replication.plan.paths import REPORTS
    from replication.report import build, pages

    with checksums.sealed(REPORTS / "pages.sha256", pages.outputs()):
        build.build(study)


def diff(before: str, after: str, *, json: str | None = None) -> None:
    """Compare two results folders: which numbers moved beyond noise, and which verdicts changed.

    BEFORE and AFTER each hold summary.csv, tracking.csv and claims.json: of two commits, machines or
    profiles. Where a folder also has runs.csv and quality.parquet, its noise is that of its seeds' own
    values. That something moved is no error: the exit code is 0.
    """
    from replication.analysis import folder
    from replication.claims import compare
    from replication.cli import terminal
    from replication.jobs import files

    found = compare.compare(folder.read(Path(before)), folder.read(Path(after)))
    terminal.show(terminal.difference(found))
    if json is not None:
        files.write_json(Path(json), compare.plain(found))


def verify(study: str, *, accept: bool = False) -> int:
    """Run the first steps of every arm of a study again, and say whether its evidence still comes out the same.

    Data sets are prepared, classifiers trained and real images scored again too. The exit code is 1 where anything
    comes out otherwise.
    """
    chosen = _study(study)
    from replication.cli import terminal
    from replication.evidence import verify as verification

    checks = []
    for check in verification.verify(chosen):
        terminal.show(terminal.checked(check))
        checks.append(check)
    terminal.show(terminal.verified(checks))
    if accept:
        covered = verification.accept(chosen, checks)
        print(f"accepted: the code of now for that of {len(covered)} pieces of evidence")
    return int(not all(check.within for check in checks))


def import_(folder: str, *, study: str | None = None) -> None:
    """Add evidence that was made elsewhere to a study: FOLDER is results/<study> of another clone.

    It is checked before anything is copied: its tables, its hashes, and its settings against params.yaml.
    """
    chosen = _study(study)
    from replication.evidence import importing

    pieces = importing.bring(Path(folder), chosen)
    for piece in pieces:
        print(f"{piece.job}: added{'; ' if piece.note else ''}{piece.note}")
    print(
        f"{len(pieces)} added to {chosen.paths.root}; make the report with: snakemake --cores all all"
    )


def watch() -> None:
    """Show all runs live: progress, speed, time left, last FID; once where there is no terminal."""
    from replication.cli import watch as live

    live.watch(_study())


def doctor() -> int:
    """Check the set-up (versions, device, data, disk) and say what to fix."""
    from replication.cli import doctor as examination

    return examination.main()


def bench(*, only: str = "steps") -> int:
    """Measure what training costs, in a clone of the project; `make bench` measures all."""
    import subprocess
    import sys

    from replication.plan.config import ConfigError
    from replication.plan.registry import PACKAGE

    folder = PACKAGE.parent / "benchmarks"
    known = sorted(file.stem for file in folder.glob("*.py") if "__main__" in file.read_text())
    if not known:
        raise ConfigError(f"{folder}: no such folder; the benchmarks are in a clone of the project")
    if only not in known:
        raise ConfigError(f"there is no benchmark {only!r}; there are {', '.join(known)}")
    command = [sys.executable, "-m", f"benchmarks.{only}"]
    return subprocess.run(command, cwd=PACKAGE.parent, check=False).returncode


VERBS = (
    data, classifier, reference, train, evaluate, experiment, collect, panel, claims, report, diff, verify, import_,
    watch, doctor, bench,
)  # fmt: skip


def _made_by(study: Study, job: str) -> dict[str, str]:
    from replication.jobs import keys

    return keys.made_by(dict(keys.every(study)), job)


def _study(name: str | None = None) -> Study:
    """The study of params.yaml, or of another profile; threads and memory are set before anything loads torch."""
    from replication.jobs import memory
    from replication.plan.study import Study

    memory.keep()
    study = Study() if name is None else Study().another(name)
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[variable] = str(study.config.threads)
    return study
