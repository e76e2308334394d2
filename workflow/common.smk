"""What all rules share: the configuration, the study's files, and what a start sees to before it plans."""

import json
import os
import re
import sys
from itertools import groupby
from pathlib import Path

import yaml
from snakemake.utils import min_version, update_config

from replication.analysis import dvc_metrics
from replication.claims import arms as claimed
from replication.cli import preflight
from replication.evidence import current, growing, store
from replication.jobs import alone, buckets, checksums, fingerprint, keys, preparation, start
from replication.plan import params as configuration
from replication.plan import registry
from replication.plan import paths as place
from replication.plan.params import ENVIRONMENT
from replication.plan.study import Study, kind
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
    # --config claims=WGP17-C5: what that claim needs, and no more.
    if claims := config.pop("claims", None):
        config["only"] = claimed.only(claims)
    study = Study(config)
    paths = study.paths
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
        fingerprint.remember(module for _, job in keys.every(study) for module in job.code)
        if not bucket:
            checksums.touch(place.RESULTS.glob("*/benchmarks/**/*.tsv"))
            if study.config.train:
                current.mark(study)
    if bucket and not DRY_RUN:
        prefix = workflow.storage_settings.default_storage_prefix
        buckets.join(bucket, prefix, [place.RESULTS, place.REPORTS])

# Who asks a job to stop asks its shell too, which must not go before what it runs has saved.
shell.prefix("set -euo pipefail; trap : TERM; ")

FOLDERS = {folder: list(own) for folder, own in groupby(study.panels, lambda p: p.split("/")[0])}
CLAIM_PANELS = registry.claim_panels()
# Of the study in force all evidence is made; of others, and without training, what is there is reported.
TRAIN = study.config.train
there = {one.name: one for one in [*growing.found(study), *([study] if TRAIN else [])]}
STUDIES = {name: there[name] for name in study.config.profiles if name in there}
with start.explained():
    if not STUDIES:
        raise configuration.ConfigError(
            "no study has evidence to report on, and `train: false` makes none"
        )


def arms_of(name):
    """The arms of a study that its tables hold."""
    one = STUDIES[name]
    return list(one.arms) if TRAIN and one is study else growing.whole(one)


REPORT = pages.outputs({name: arms_of(name) for name in STUDIES})


def datasets_of(name):
    """The data sets of a study that its figures know."""
    one = STUDIES[name]
    every = keys.datasets(one)
    return every if TRAIN and one is study else store.datasets(one, every)


def experiments_of(name):
    """The experiments of a study that its figures show."""
    every = STUDIES[name].experiments
    if TRAIN and STUDIES[name] is study:
        return every
    return [e for e in every if STUDIES[name].paths.experiment(e).exists()]


def arm_files(name, arms):
    return [file for arm in arms for file in store.arm_files(STUDIES[name].paths, arm)]


def dataset_files(name):
    own = datasets_of(name)
    return [file for d in own for file in store.dataset_files(STUDIES[name].paths, d)]


def tables(name):
    """The tables of a study."""
    own = STUDIES[name].paths
    return [*map(own.table, place.TABLES), *dvc_metrics.outputs(own, arms_of(name))]


def alternatives(names):
    """What a wildcard may be; nothing fits where there are no names."""
    return "|".join(map(re.escape, names)) or "(?!)"


# Weights are asked for by those who want them: evidence that is current needs none.
WEIGHTS = {
    "data": [paths.dataset(dataset) for dataset in DATASETS],
    "runs": [paths.run(run) / file for run in RUNS for file in place.RUN_FILES],
}
TARGETS = {
    "metrics": [
        file
        for name in STUDIES
        for file in [*arm_files(name, arms_of(name)), *dataset_files(name), *tables(name)]
    ],
    "experiments": [
        one.paths.experiment(e) for name, one in STUDIES.items() for e in experiments_of(name)
    ],
    "panels": [f for one in STUDIES.values() for p in study.panels for f in one.paths.panel(p)],
    "verdicts": [one.paths.claims for one in STUDIES.values()],
}


def classifier_files(dataset):
    """A classifier and its record, without which it is not taken."""
    path = paths.classifier(dataset)
    return [path, path.with_suffix(".json")]


def seen(dataset):
    """Real samples, and of images the classifier that looks at them, unless that was trained elsewhere."""
    own = classifier_files(dataset) if keys.classified(study, dataset) else []
    return [paths.dataset(dataset), *own]


def behind(job, *files):
    """What a job makes evidence from: its key, newer than evidence that carries another one, and these files.

    Evidence that is current needs the files no more: a clone without weights makes what is missing, and no more than
    that. In a bucket parameters alone say what is outdated: the evidence is not here to be asked.
    """
    if bucket:
        return files
    return [paths.key(job), *(() if current.is_current(paths, job) else files)]


def key(job):
    """What decides a job beside what it reads; code that was accepted has the key of the one that it stands for."""
    return current.standing(paths, job.own)


# What the next start finds in place of what is here now has come from elsewhere.
onsuccess:
    checksums.verify(place.RESULTS, place.REPORTS, date=False)


onerror:
    checksums.verify(place.RESULTS, place.REPORTS, date=False)


wildcard_constraints:
    study=alternatives(STUDIES),
    dataset=r"[^/]+",
    arm=r"[^/]+(/[^/]+){3}",
    run=r"([^/]+/){4}seeds?[\d-]+",


localrules:
    claims,
    report,
