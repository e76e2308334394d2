"""What decides each job of a study, as one short string: where it is another, the job is made again.

A key covers the code that a job runs, its part of the configuration, the contents of the sources it reads, and,
for what people look at, how components are shown. The Snakefile gives each job its own part as a parameter;
`plan` chains them, and starts nothing. No torch here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from replication.jobs import contents, fingerprint
from replication.jobs.fingerprint import METADATA
from replication.plan import registry
from replication.plan.config import Evaluation, Run
from replication.plan.study import Study, experiments, kind, planned

#: What sees images loads metrics and extractors by name.
JUDGE = "metrics/_judge"


class Job(NamedTuple):
    """What decides a job beside the jobs that it reads.

    Attributes:
        code: modules, as paths in the package without suffix; each stands for all that it imports.
        settings: its part of the configuration, and digests of the sources that it reads.
        reads: ids of jobs.
    """

    code: tuple[str, ...]
    settings: str = ""
    reads: tuple[str, ...] = ()

    @property
    def own(self) -> str:
        """Sixteen hex digits for its code, a point, and sixteen for its settings."""
        return f"{fingerprint.fingerprint(*self.code)}.{_digest(self.settings)}"


def plan(study: Study) -> dict[str, str]:
    """The key of every job by its id, such as ``train/ring/points/gan_ns/decay/seed0``."""
    jobs = dict(every(study))

    @cache
    def key(name: str) -> str:
        return _digest(jobs[name].own, *map(key, jobs[name].reads))

    return {name: key(name) for name in jobs}


def made_by(jobs: Mapping[str, Job], name: str) -> dict[str, str]:
    """`Job.own` of a job and of all that it reads, directly or not, by id: what its outcome depends on, piece by piece.

    Args:
        jobs: every job of the study, as from `every`.
        name: the job's id.
    """
    found: dict[str, str] = {}
    pending = [name]
    while pending:
        if (job := pending.pop()) not in found:
            found[job] = jobs[job].own
            pending += jobs[job].reads
    return dict(sorted(found.items()))


def every(study: Study) -> Iterator[tuple[str, Job]]:
    """Every job of a study by its id; one that reads others comes after them."""
    looked_at = set(map(images_of, study.experiments))
    for dataset in datasets(study):
        yield f"prepare/{dataset}", prepare(study, dataset)
        # Experiments that look at images always use their data set's own.
        if classified(study, dataset) or dataset in looked_at:
            yield f"classifier/{dataset}", classifier(study, dataset)
        yield f"reference/{dataset}", reference(study, dataset)
    for name, run in study.runs.items():
        yield f"train/{name}", _perturbed(study, train(run))
    for arm in study.arms:
        yield f"evaluate/{arm}", evaluate(study, arm)
    for name in study.experiments:
        yield f"experiment/{name}", _perturbed(study, experiment(study, name))
    yield "collect", collect(study)
    for panel in study.panels:
        yield f"draw/{panel}", draw(study, panel)
    yield "claims", claims(study)
    yield "report", report(study)


def datasets(study: Study) -> list[str]:
    """The data sets that a study's runs and experiments use."""
    looked_at = (images_of(name) for name in study.experiments)
    return sorted({*study.datasets, *filter(None, looked_at)})


def images_of(experiment: str) -> str | None:
    """The data set whose images an experiment looks at; None where it makes its own points."""
    dataset: str | None = registry.metadata("experiments", experiment).get("DATASET")
    return dataset


def classified(study: Study, dataset: str) -> bool:
    """Whether scores of a data set need a classifier of its own: not of points, nor by a net trained elsewhere."""
    elsewhere = registry.metadata("features", _extractor(study))["TRAINED_ON"]
    return kind(dataset) == "images" and not elsewhere


def prepare(study: Study, dataset: str) -> Job:
    """The data set's file, if it has one; of the user's own images what they hold and how they are read."""
    code = [f"data/{dataset}"] if dataset in registry.ids("data") else []
    reading, images = study.config.own_data.get(dataset), study.own_images(dataset)
    own = [reading.model_dump_json(), contents.of_images(images)] if reading and images else []
    return Job(("data/_base", "data/_sheet", *code), json.dumps(own))


def classifier(study: Study, dataset: str) -> Job:
    """The net whose features the metrics of a data set use."""
    epochs = study.config.budget.evaluation.classifier_epochs
    return Job(("features/lenet",), str(epochs), (f"prepare/{dataset}",))


def reference(study: Study, dataset: str) -> Job:
    """Real images, scored as if they had been generated."""
    return Job(measures(study, "reference"), _protocol(study), _seen(study, dataset))


def train(run: Run) -> Job:
    """The loop, and what a run loads by name: its loss, every technique, its net. The prose of a recipe is left out."""
    settings = run.model_dump_json(exclude={"recipe": {"source", "deviations"}})
    return Job(("training/loop", *run.code), settings, (f"prepare/{run.dataset}",))


def _perturbed(study: Study, job: Job) -> Job:
    """A job of a study whose first weights are perturbed is another one."""
    size = study.config.perturbed
    return job._replace(settings=f"{job.settings}, perturbed {size}") if size else job


def evaluate(study: Study, arm: str) -> Job:
    """The quality of an arm's checkpoints."""
    runs = study.arm(arm)
    reads = (*(f"train/{run.id}" for run in runs), *_seen(study, runs[0].dataset))
    return Job(measures(study, "evaluate"), _protocol(study) + study.config.device, reads)


def experiment(study: Study, name: str) -> Job:
    """A controlled experiment; one that scores images loads every metric by name, and its ``EXTRACTOR``."""
    start, dataset = f"experiments/{name}", images_of(name)
    usual = Evaluation.model_fields["extractor"].default
    extractor = registry.metadata("experiments", name).get("EXTRACTOR", usual)
    scores = _scoring(extractor) if JUDGE in fingerprint.closure(start) else ()
    reads = (f"prepare/{dataset}", f"classifier/{dataset}") if dataset else ()
    return Job((start, *scores), study.config.budget.experiments.model_dump_json(), reads)


def collect(study: Study) -> Job:
    """The tables of all runs."""
    reads = tuple(f"evaluate/{arm}" for arm in study.arms)
    controls = (f"controls/{control}" for control in registry.ids("controls"))
    reads += tuple(f"reference/{dataset}" for dataset in study.datasets)
    return Job(("analysis/collect", "analysis/dvc_metrics", *controls), shown(), reads)


def draw(study: Study, panel: str) -> Job:
    """A figure: its own code and words, and how components are shown."""
    about = registry.panel_metadata(panel)
    root = registry.PACKAGE.parent
    files = contents.digest((root / name for name in about.get("FILES", [])), root)
    settings = json.dumps([study.config.profile, shown(), about, files], default=sorted)
    shown_here = [e for e in about.get("EXPERIMENTS", []) if e in study.experiments]
    looked_at = [f"reference/{d}" for name in shown_here if (d := images_of(name))]
    reads = [*(f"experiment/{name}" for name in shown_here), *looked_at]
    if arms := [arm for arm in study.arms if study.fits(arm, about["RUNS"])]:
        of_data = (f"reference/{dataset}" for dataset in study.datasets)
        reads += ["collect", *of_data, *(f"evaluate/{arm}" for arm in arms)]
    return Job(("figures/panel", registry.panel_module(panel)), settings, tuple(reads))


def claims(study: Study) -> Job:
    """The verdicts: the panels that speak of claims, and the papers' files."""
    panels = registry.claim_panels()
    code = ("claims/decide", *map(registry.panel_module, panels))
    arms = json.dumps(planned(study.config))  # a verdict names the studies that would test a claim
    arms += json.dumps(experiments(study.config))
    settings = study.config.profile + study.config.budget.images + arms + _papers()
    return Job(code, settings, (*(f"draw/{panel}" for panel in panels), "collect"))


def report(study: Study) -> Job:
    """The pages: all that is shown of all components."""
    folder = registry.PACKAGE / "report" / "templates"
    templates = contents.digest(folder.glob("*.*"), folder)
    prose = {f"{k}/{i}": registry.summary(k, i) for k in registry.KINDS for i in registry.ids(k)}
    settings = [
        study.config.model_dump_json(exclude={"train"}),
        _papers(),
        templates,
        shown(),
        json.dumps(prose),
    ]
    of_data = (f"reference/{dataset}" for dataset in datasets(study))
    reads = (*(f"draw/{panel}" for panel in study.panels), "collect", *of_data, "claims")
    return Job(("report/build",), json.dumps(settings), reads)


def measures(study: Study, evidence: str) -> tuple[str, ...]:
    """The modules that decide scores, by the one that makes evidence of them."""
    return (f"evidence/{evidence}", *_scoring(_extractor(study)))


@cache
def shown() -> str:
    """How components are shown, their labels, colours and sources: it re-makes no number, and every figure."""
    heads = [
        {name: value for name, value in registry.metadata(k, i).items() if name in METADATA}
        for k in registry.KINDS
        for i in registry.ids(k)
    ]
    return json.dumps(heads, default=sorted)  # a set has no order of its own


def _scoring(extractor: str) -> tuple[str, ...]:
    """Every metric, and an extractor."""
    return (f"features/{extractor}", *(f"metrics/{metric}" for metric in registry.ids("metrics")))


def _protocol(study: Study) -> str:
    return study.config.budget.evaluation.model_dump_json()


def _extractor(study: Study) -> str:
    return study.config.budget.evaluation.extractor


def _seen(study: Study, dataset: str) -> tuple[str, ...]:
    """The real images of a data set, and the classifier that looks at them."""
    prepared = f"prepare/{dataset}"
    return (prepared, f"classifier/{dataset}") if classified(study, dataset) else (prepared,)


def _papers() -> str:
    folder = registry.PACKAGE / "papers"
    return contents.digest(folder.glob("*/*.yaml"), folder)


def _digest(*parts: str | Iterable[str]) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:16]
