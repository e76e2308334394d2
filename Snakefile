"""The study, job by job: data -> runs -> metrics -> tables -> panels -> report; labs go straight to panels.

Targets: data, runs, metrics, labs, panels, report, all. A job is one verb of `python -m replication`. What
decides its outcome is declared here: the results it reads, its own part of the configuration, the contents
of the sources it reads, and the fingerprint of its code. A change re-makes what it decides, and nothing else.
"""

import json
import os
import sys
from functools import cache
from itertools import groupby
from pathlib import Path

import yaml
from snakemake.utils import min_version, update_config

from replication import (
    alone,
    contents,
    dvc_metrics,
    integrity,
    local_copies,
    preflight,
    preparation,
    registry,
    start,
)
from replication import fingerprint as source
from replication import params as configuration
from replication import study as place
from replication.params import ENVIRONMENT
from replication.report import pages

min_version("9.20")

# The jobs run the code of this folder, whatever is installed; where there is no home, libraries do without.
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [str(workflow.basedir), os.environ.get("PYTHONPATH")])
)
PARAMS = Path("params.yaml")
with start.explained():
    start.find_home()
    alone.SNAKEMAKE.mkdir(exist_ok=True)
    configuration.read(PARAMS)


configfile: PARAMS


def typed(value):
    """--config gives what is nested as strings: read them as YAML does."""
    if isinstance(value, dict):
        return {key: typed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [typed(inner) for inner in value]
    return yaml.safe_load(value) if isinstance(value, str) else value


with start.explained():
    given = typed(workflow.config_settings.overwrite_config)
    update_config(config, given)
    study = place.Study(config)
    RUNS, ARMS, DATASETS = study.runs, study.arms, study.datasets
    # Jobs read this file too; a study is looked at once.
    if workflow.is_main_process:
        preflight.announce(study)

# Jobs get the configuration as --config changed it, and the Python that Snakemake runs in.
os.environ[ENVIRONMENT] = json.dumps(config)
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

DRY_RUN = bool({"-n", "--dry-run", "--dryrun"} & set(sys.argv))
# With --default-storage-provider, results live in a bucket, and here are copies of them, with its dates.
bucket = workflow.storage_registry.default_storage_provider
with start.explained():
    if workflow.is_main_process and not DRY_RUN:
        if not bucket:
            preparation.ahead(study, given)
        alone.claim()
        integrity.settle([*place.RESULTS.rglob("*"), *place.REPORTS.rglob("*")])
    if workflow.is_main_process:
        integrity.sweep(place.RESULTS, place.REPORTS, remove=not DRY_RUN, date=not bucket)
        if not bucket:
            integrity.touch((place.RESULTS / "benchmarks").rglob("*.tsv"))
    if bucket and not DRY_RUN:
        prefix = workflow.storage_settings.default_storage_prefix
        local_copies.join(bucket, prefix, [place.RESULTS, place.REPORTS])

# Who asks a job to stop asks its shell too, which must not go before what it runs has saved.
shell.prefix("set -euo pipefail; trap : TERM; ")

# Thousands of runs share their code.
fingerprint = cache(source.fingerprint)

EXTRACTOR = study.config.budget.evaluation.extractor
MEASURES = fingerprint(
    "metrics/_evaluation",
    f"metrics/features/{EXTRACTOR}",
    *(f"metrics/{m}" for m in registry.ids("metrics")),
)
OWN_NET = not registry.head("metrics/features", EXTRACTOR)["TRAINED_ON"]
CLASSIFIED = [dataset for dataset in DATASETS if OWN_NET and place.kind(dataset) == "images"]
FLOORS = [place.floor_file(dataset) for dataset in DATASETS]
TABLES = [place.RESULTS / "runs.csv", *place.TABLES, *dvc_metrics.outputs(study)]
TARGETS = {
    "data": [place.dataset_file(dataset) for dataset in DATASETS],
    "runs": [place.run_folder(run) / file for run in RUNS for file in place.RUN_FILES],
    "metrics": [place.metrics_folder(arm) / file for arm in ARMS for file in place.METRIC_FILES]
    + FLOORS
    + TABLES,
    "labs": [place.lab_file(lab) for lab in registry.ids("labs")],
    "panels": [file for panel in study.panels for file in place.panel_files(panel)],
}
FOLDERS = {folder: list(own) for folder, own in groupby(study.panels, lambda p: p.split("/")[0])}
WITNESSES = registry.witnesses()
PAPERS = contents.digest(Path("replication/papers").glob("*/*.yaml"))
TEMPLATES = contents.digest(Path("replication/report/templates").glob("*.*"))
CLAIMS = place.RESULTS / "claims.json"
REPORT = pages.outputs()


# Strings as parameters are functions: Snakemake would take braces in plain ones for wildcards.
def settings(w):
    """All that decides a run, without the prose of its recipe."""
    return study.run(w.run).model_dump_json(exclude={"recipe": {"source", "deviations"}})


def protocol(w):
    """How quality is measured."""
    return study.config.budget.evaluation.model_dump_json()


def labels(w):
    """How methods and metrics are shown."""
    return json.dumps(
        [registry.head(k, i) for k in ("methods", "metrics") for i in registry.ids(k)]
    )


def training_code(w):
    """The loop, and what a run loads by name: its loss, every technique, its net."""
    return fingerprint("training/loop", *study.run(w.run).code)


def minutes(w, attempt):
    """Time for an executor that asks: generous, by the run's plan, and more at every retry, which resumes."""
    run = study.run(w.run)
    return attempt * (20 + run.steps * run.recipe.n_critic // 1000)


def batch(w):
    """What an executor may run in one allocation: runs on points are over in less time than a job's start."""
    return "toys" if place.kind(study.run(w.run).dataset) == "points" else None


def data_code(w):
    source = [f"data/{w.dataset}"] if w.dataset in registry.ids("data") else []
    return fingerprint("data/_base", "data/_sheet", *source)


def classifiers(dataset):
    """The classifier of a data set of images; points need none, nor does an extractor trained elsewhere."""
    return classifier_files(dataset) if dataset in CLASSIFIED else []


def classifier_files(dataset):
    """A classifier and its record, without which it is not taken."""
    path = place.classifier_file(dataset)
    return [path, path.with_suffix(".json")]


def looked_at(w):
    """The images that a lab looks at, and their classifier; most labs make their own points."""
    dataset = registry.head("labs", w.lab).get("DATASET")
    return [place.dataset_file(dataset), *classifier_files(dataset)] if dataset else []


def own_images(w):
    """What the user's own images hold: a file's or a folder's contents, whatever their dates."""
    images = study.own_images(w.dataset)
    return contents.of_images(images) if images else None


def own_reading(w):
    """How the user's own images are read."""
    own = study.config.own_data.get(w.dataset)
    return own and own.model_dump_json()


def shown(panel):
    """Labs, tables, real images and sample sheets; a panel that shows no run is not redrawn when they change."""
    head = registry.panel_head(panel)
    labs = head.get("LABS", [])
    # A panel may show the images that its lab looked at.
    images = [d for lab in labs if (d := registry.head("labs", lab).get("DATASET"))]
    own = [*map(place.lab_file, labs), *map(place.dataset_file, images)]
    return [*own, *shown_runs(head["RUNS"])]


def drawn(panel):
    """The files of a panel; `snakemake --report` shows the figure and its numbers."""
    svg, pdf, png, csv = map(str, place.panel_files(panel))
    folder, title = panel.split("/")[0], registry.panel_head(panel)["TITLE"]
    own = {"caption": "replication/report/caption.rst", "category": pages.STUDY.get(folder, folder)}
    figure, numbers = (own | {"labels": {"shows": title, "as": kind}} for kind in ("figure", "csv"))
    return [report(svg, **figure), pdf, png, report(csv, **numbers)]


def collected(table):
    """A table of all runs; `snakemake --report` shows those that people read."""
    if table.name not in ("runs.csv", "summary.csv", "tracking.csv"):
        return table
    return report(str(table), category="Tables", labels={"table": table.stem})


def shown_runs(wanted):
    own = [arm for arm in ARMS if place.matches(arm, wanted)]
    sheets = [place.metrics_folder(arm) / "samples.safetensors" for arm in own]
    return [*TABLES, *FLOORS, *TARGETS["data"], *sheets] if own else []


# What the next start finds in place of what is here now has come from elsewhere.
onsuccess:
    integrity.sweep(place.RESULTS, place.REPORTS, date=False)


onerror:
    integrity.sweep(place.RESULTS, place.REPORTS, date=False)


wildcard_constraints:
    dataset=r"[^/]+",
    arm=r"[^/]+(/[^/]+){3}",
    run=r"([^/]+/){4}seeds?[\d-]+",


localrules:
    claims,
    collect,
    report,


rule all:
    """Everything, also what no later step would miss."""
    input:
        *TARGETS.values(),
        CLAIMS,
        REPORT,
    message:
        "All is there"


for target, files in TARGETS.items():

    rule:
        name:
            target
        input:
            files,
        message:
            f"All of {target} is there"


rule prepare:
    """Prepare one data set: before all else, so that missing data stop a study before it trains."""
    output:
        place.dataset_file("{dataset}"),
        place.sheet_file("{dataset}"),
    log:
        "results/logs/data/{dataset}.log",
    priority: 3
    params:
        own=own_reading,
        images=own_images,
        code=data_code,
    message:
        "Prepare {wildcards.dataset}"
    shell:
        "python -m replication data {wildcards.dataset} 2>&1 | tee {log} >&2"


rule classifier:
    """Train the classifier whose features the quality metrics of a data set use."""
    input:
        place.dataset_file("{dataset}"),
    output:
        classifier_files("{dataset}"),
    log:
        "results/logs/classifier/{dataset}.log",
    priority: 2
    threads: study.config.threads
    params:
        epochs=study.config.budget.evaluation.classifier_epochs,
        code=fingerprint("metrics/features/lenet"),
    message:
        "Train the classifier of {wildcards.dataset}"
    shell:
        "python -m replication classifier {wildcards.dataset} 2>&1 | tee {log} >&2"


rule floor:
    """Score real training images as if they had been generated: the best a generator can expect."""
    input:
        place.dataset_file("{dataset}"),
        lambda w: classifiers(w.dataset),
    output:
        place.floor_file("{dataset}"),
    log:
        "results/logs/floor/{dataset}.log",
    threads: study.config.threads
    params:
        protocol=protocol,
        code=MEASURES,
    message:
        "Score the real images of {wildcards.dataset}"
    shell:
        "python -m replication floor {wildcards.dataset} 2>&1 | tee {log} >&2"


rule train:
    """Train one run. Cut off, it goes on from results/scratch, where Snakemake deletes nothing."""
    input:
        lambda w: place.dataset_file(study.run(w.run).dataset),
    output:
        [place.run_folder("{run}") / file for file in place.RUN_FILES],
    log:
        "results/logs/train/{run}.log",
    benchmark:
        "results/benchmarks/train/{run}.tsv"
    priority: 1
    group:
        batch
    threads: study.config.threads
    resources:
        runtime=minutes,
    params:
        settings=settings,
        code=training_code,
    message:
        "Train {wildcards.run}"
    shell:
        "python -m replication train {wildcards.run} 2>&1 | tee {log} >&2"


rule evaluate:
    """Measure the quality of every checkpoint of an arm: its seeds share a start and the real features."""
    input:
        lambda w: [place.run_folder(r) / "checkpoints.safetensors" for r in study.arm(w.arm)],
        lambda w: place.dataset_file(study.arm(w.arm)[0].dataset),
        lambda w: classifiers(study.arm(w.arm)[0].dataset),
    output:
        [place.metrics_folder("{arm}") / file for file in place.METRIC_FILES],
    log:
        "results/logs/evaluate/{arm}.log",
    benchmark:
        "results/benchmarks/evaluate/{arm}.tsv"
    threads: study.config.threads
    params:
        protocol=protocol,
        device=study.config.device,
        code=MEASURES,
    message:
        "Evaluate {wildcards.arm}"
    shell:
        "python -m replication evaluate {wildcards.arm} 2>&1 | tee {log} >&2"


rule lab:
    """Run one lab: an experiment that no run contains, with every seed trained at once."""
    input:
        looked_at,
    output:
        place.lab_file("{lab}"),
    log:
        "results/logs/lab/{lab}.log",
    benchmark:
        "results/benchmarks/lab/{lab}.tsv"
    priority: 2
    threads: study.config.threads
    params:
        budget=lambda w: study.config.budget.labs.model_dump_json(),
        code=lambda w: fingerprint(f"labs/{w.lab}"),
    message:
        "Run the lab {wildcards.lab}"
    shell:
        "python -m replication lab {wildcards.lab} 2>&1 | tee {log} >&2"


rule collect:
    """Gather all runs into tables, and see how estimates track quality."""
    input:
        TARGETS["runs"],
        [place.metrics_folder(arm) / "quality.parquet" for arm in ARMS],
    output:
        [collected(table) for table in TABLES],
    log:
        "results/logs/collect.log",
    params:
        code=fingerprint("analysis/collect", "dvc_metrics"),
        labels=labels,
    message:
        "Collect the results of all runs"
    shell:
        "python -m replication collect 2>&1 | tee {log} >&2"


for folder, panels in FOLDERS.items():

    rule:
        # Draw all panels of a paper in one process: its start takes as long as a figure.
        name:
            f"draw_{folder}"
        input:
            list(dict.fromkeys(file for panel in panels for file in shown(panel))),
        output:
            [file for panel in panels for file in drawn(panel)],
        log:
            f"results/logs/panel/{folder}.log",
        localrule: True
        params:
            folder=folder,
            profile=study.config.profile,
            code=[fingerprint("report/panels", f"papers/{panel}") for panel in panels],
            labels=labels,
            captions={h["TITLE"]: h["CAPTION"] for h in map(registry.panel_head, panels)},
            files=[
                contents.digest(map(Path, h.get("FILES", [])))
                for h in map(registry.panel_head, panels)
            ],
        message:
            f"Draw {folder}"
        shell:
            "python -m replication panel {params.folder} 2>&1 | tee {log} >&2"


rule claims:
    """Decide the claims of the papers by the numbers of the panels that speak of them."""
    input:
        [place.panel_files(panel)[-1] for panel in WITNESSES],
    output:
        CLAIMS,
    log:
        "results/logs/claims.log",
    params:
        profile=study.config.profile,
        papers=PAPERS,
        code=fingerprint("analysis/claims", *(f"papers/{panel}" for panel in WITNESSES)),
    message:
        "Decide the claims"
    shell:
        "python -m replication claims 2>&1 | tee {log} >&2"


rule report:
    """Write the report: its pages, and each of them as Markdown."""
    input:
        TARGETS["panels"],
        TABLES,
        FLOORS,
        [place.classifier_file(dataset).with_suffix(".json") for dataset in CLASSIFIED],
        CLAIMS,
    output:
        REPORT,
    log:
        "results/logs/report.log",
    params:
        study=lambda w: study.config.model_dump_json(),
        papers=PAPERS,
        templates=TEMPLATES,
        code=fingerprint("report/build"),
        labels=labels,
        prose=lambda w: json.dumps(pages.prose()),
    message:
        "Write reports/index.html and the other pages"
    shell:
        "python -m replication report 2>&1 | tee {log} >&2"
