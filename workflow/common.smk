"""What all rules share: the configuration, the study's files, and what a start sees to before it plans."""

import json
import os
import sys
from itertools import groupby
from pathlib import Path

import yaml
from snakemake.utils import min_version, update_config

from replication.analysis import dvc_metrics
from replication.cli import preflight
from replication.jobs import alone, buckets, checksums, keys, preparation, start
from replication.plan import params as configuration
from replication.plan import registry
from replication.plan import study as place
from replication.plan.params import ENVIRONMENT
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
        checksums.fix_timestamps([*place.RESULTS.rglob("*"), *place.REPORTS.rglob("*")])
    if workflow.is_main_process:
        checksums.verify(place.RESULTS, place.REPORTS, remove=not DRY_RUN, date=not bucket)
        if not bucket:
            checksums.touch((place.RESULTS / "benchmarks").rglob("*.tsv"))
    if bucket and not DRY_RUN:
        prefix = workflow.storage_settings.default_storage_prefix
        buckets.join(bucket, prefix, [place.RESULTS, place.REPORTS])

# Who asks a job to stop asks its shell too, which must not go before what it runs has saved.
shell.prefix("set -euo pipefail; trap : TERM; ")

CLASSIFIED = [dataset for dataset in DATASETS if keys.classified(study, dataset)]
REFERENCES = [place.reference_file(dataset) for dataset in DATASETS]
TABLES = [place.RESULTS / "runs.csv", *place.TABLES, *dvc_metrics.outputs(study)]
TARGETS = {
    "data": [place.dataset_file(dataset) for dataset in DATASETS],
    "runs": [place.run_folder(run) / file for run in RUNS for file in place.RUN_FILES],
    "metrics": [place.metrics_folder(arm) / file for arm in ARMS for file in place.METRIC_FILES]
    + REFERENCES
    + TABLES,
    "experiments": [
        place.experiment_file(experiment) for experiment in registry.ids("experiments")
    ],
    "panels": [file for panel in study.panels for file in place.panel_files(panel)],
}
FOLDERS = {folder: list(own) for folder, own in groupby(study.panels, lambda p: p.split("/")[0])}
CLAIM_PANELS = registry.claim_panels()
CLAIMS = place.RESULTS / "claims.json"
REPORT = pages.outputs()


def classifier_files(dataset):
    """A classifier and its record, without which it is not taken."""
    path = place.classifier_file(dataset)
    return [path, path.with_suffix(".json")]


def classifiers(dataset):
    """The classifier of a data set of images; points need none, nor does an extractor trained elsewhere."""
    return classifier_files(dataset) if dataset in CLASSIFIED else []


# What the next start finds in place of what is here now has come from elsewhere.
onsuccess:
    checksums.verify(place.RESULTS, place.REPORTS, date=False)


onerror:
    checksums.verify(place.RESULTS, place.REPORTS, date=False)


wildcard_constraints:
    dataset=r"[^/]+",
    arm=r"[^/]+(/[^/]+){3}",
    run=r"([^/]+/){4}seeds?[\d-]+",


localrules:
    claims,
    collect,
    report,
