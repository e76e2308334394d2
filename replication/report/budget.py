"""What was run, on what and with which budget; and what that budget cannot show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from replication.analysis import labels
from replication.analysis.statistics import FEWEST
from replication.evidence import growing
from replication.figures import names
from replication.figures.results import Frames
from replication.metrics._base import describe, parts
from replication.plan import registry
from replication.plan.config import Run
from replication.plan.study import Study, kind
from replication.report.tables import MAIN, OF_POINTS, failures, plural

#: Below so many images the upward bias of FID is not small against differences between methods.
FID_IMAGES = 10_000


@dataclass(frozen=True)
class Fact:
    """A name and what is to be said of it."""

    name: str
    text: str


@dataclass(frozen=True)
class DataFacts:
    """The size of a data set."""

    label: str
    train: int
    heldout: int
    shape: tuple[int, ...]

    @classmethod
    def read(cls, frames: Frames, dataset: str) -> DataFacts:
        """Of the evidence; raises `ResultsError` where there is none of the data set."""
        known = frames.about(dataset)
        return cls(
            names.dataset_label(dataset), known["train"], known["heldout"], tuple(known["shape"])
        )

    def __str__(self) -> str:
        said = f"{self.label}: {self.train:,} training and {self.heldout:,} held-out"
        if len(self.shape) == 1:
            return f"{said} points in {self.shape[0]} dimensions"
        channels, height, width = self.shape
        return f"{said} {'grey' if channels == 1 else 'colour'} images of {height} × {width} pixels"


def facts(frames: Frames) -> list[Fact]:
    """What was run."""
    runs = frames.planned
    methods = {run.method for run in runs}
    data = {d: DataFacts.read(frames, d) for d in frames.datasets}
    seeds = Counter(run.arm for run in runs for _ in run.seeds)
    thing = _list(sorted({kind(d).removesuffix("s") for d in data}))
    return [
        Fact(f"Runs on {thing}s",
                     f"{seeds.total()}: {_list(names.method_label(m) for m in _by_year(methods))} and their "
                     f"variants, {len(frames.arms)} arms in all, each with {_span(seeds.values())} "
                     f"{plural(max(seeds.values()), 'seed')}"),
        *_toys(frames), *_experiments(frames),
        Fact("Data", "; ".join(str(d) for d in data.values())),
        Fact("Nets", "; ".join([*_nets(runs), *_unsaid(frames)])),
        Fact("Training", f"{_span(_critic_steps(r) for r in runs)} critic steps a run, {_span(r.steps for r in runs)} "
                         f"generator steps; {_span(_passes(r, data[r.dataset]) for r in runs)} epochs"),
        Fact("Measured", f"{_span(len(r.checkpoints) for r in runs)} checkpoints a run; "
                         + "; ".join(_protocols(frames))),
    ]  # fmt: skip


def study_fact(study: Study) -> Fact:
    """What a study is, and which of its arms and experiments are not there yet."""
    trained = _there("arm", labels.arm, list(study.arms), growing.whole(study))
    measured = _there("experiment", labels.words, shown_experiments(study), experiments(study))
    return Fact(f"Study {study.name}", f"{study.config.budget.about}; {trained}; {measured}")


def missing_arms(study: Study) -> int:
    """How many arms of a study are not there yet."""
    return len(study.arms) - len(growing.whole(study))


def _there(noun: str, shown: Callable[[str], str], planned: list[str], there: list[str]) -> str:
    """How many there are of what is planned, how many are missing, and the first of these."""
    said = f"{len(there)} {plural(len(there), noun)}"
    missing = [name for name in planned if name not in there]
    named = "; ".join(map(shown, missing[:3])) + ("; …" if len(missing) > 3 else "")
    return f"{said}, {len(missing)} more not run yet ({named})" if missing else said


def toys(frames: Frames) -> Counter[str]:
    """How many seeds every arm on points in the plane has that is there and stands beside those of the frames."""
    shown, study = {"/".join(arm) for arm in frames.arms}, frames.study
    own = [arm for arm in growing.whole(study) if kind(arm.partition("/")[0]) == "points"]
    return Counter(
        run.arm for arm in own if arm not in shown for run in study.arms[arm] for _ in run.seeds
    )


def experiments(study: Study) -> list[str]:
    """The experiments that the panels show and that have been run."""
    return [name for name in shown_experiments(study) if study.paths.experiment(name).exists()]


def shown_experiments(study: Study) -> list[str]:
    """The experiments that the panels show, of those that a study runs."""
    heads = (registry.panel_metadata(panel) for panel in study.panels)
    shown = {experiment for head in heads for experiment in head.get("EXPERIMENTS", [])}
    return sorted(shown.intersection(study.experiments))


def _toys(frames: Frames) -> list[Fact]:
    seeds = toys(frames)
    if not seeds:
        return []
    data = sorted({arm.partition("/")[0] for arm in seeds})
    said = (
        f"{len(seeds)} arms ({_list(names.dataset_label(d) for d in data)}), each with "
        f"{_span(seeds.values())} {plural(max(seeds.values()), 'seed')}: {seeds.total()} trainings"
    )
    return [Fact("2-D benchmarks", said)]


def _experiments(frames: Frames) -> list[Fact]:
    found, budget = experiments(frames.study), frames.study.config.budget.experiments
    if not found:
        return []
    said = (
        f"{len(found)}, such as a critic against a fixed generator, or scores of images damaged on purpose; up to "
        f"{budget.seeds} {plural(budget.seeds, 'seed')}, effort {budget.effort:.0%}: "
        f"{_list(names.words(experiment) for experiment in found)}"
    )
    return [Fact("Controlled experiments", said)]


def limits(frames: Frames) -> list[str]:
    """What this budget cannot show, most important first."""
    budget, runs = frames.study.config.budget, frames.planned
    data = [DataFacts.read(frames, d) for d in frames.datasets]
    said = [
        f"Scores marked LeNet use features of a small classifier, trained on the same data {accuracy}, instead of "
        "Inception's. They cannot be compared with published FID, IS, KID, precision or recall."
        for accuracy in [_accuracy(frames)] if accuracy
    ]  # fmt: skip
    said.append(
        f"A run is at most {max(r.steps for r in runs):,} generator steps long. What would happen later, "
        "and which method would lead then, is not tested."
    )
    images = [d for d in data if len(d.shape) > 1]
    said.append(
        _reach(images)
        if images
        else "Points in the plane are no images: nothing here speaks of those."
    )
    if budget.seeds < FEWEST:
        said.append(
            f"{budget.seeds} {plural(budget.seeds, 'seed')}: no interval and no verdict; an interval needs {FEWEST}."
        )
    else:
        said.append(
            f"{budget.seeds} seeds show differences that are large against the spread over seeds, and no others."
        )
    if images and budget.evaluation.samples < FID_IMAGES:
        said.append(
            f"FID from {budget.evaluation.samples:,} images is biased upwards, as KID is not. Compare it inside "
            "this report only, and with the row of real images."
        )
    said.append(
        "A test whose set-up could not have shown the effect says nothing of its claim, for or against: “not reached” "
        "names the control that failed. “Not replicated” is said of a set-up, and refutes no paper."
    )
    said.append(
        "The papers' recipes were not tuned. Variants were: each says how it was chosen, and what was tried "
        "and left out."
    )
    if (lost := failures(frames)) is not None:
        said.append(
            f"{len(lost.rows)} of {len(frames.runs)} runs diverged; means are over the others."
        )
    return said


def _reach(images: list[DataFacts]) -> str:
    """Which images the study is about, and so which not."""
    grey = all(d.shape[0] == 1 for d in images)
    what = f"{max(d.shape[1] for d in images)} × {max(d.shape[2] for d in images)} pixels"
    return (
        f"The images are {'grey, ' if grey else ''}at most {what}, of {_list(d.label for d in images)}. Nothing "
        f"here speaks of {'natural images or of ' if grey else ''}larger ones."
    )


def _accuracy(frames: Frames) -> str:
    """The held-out accuracy of the classifiers whose features are used; empty where there is none."""
    records = (frames.about(d)["classifier"] for d in frames.datasets)
    shares = [f"{record['accuracy']:.1%}" for record in records if "accuracy" in record]
    return f"({_list(shares)} right on held-out images)" if shares else ""


def _protocols(frames: Frames) -> list[str]:
    said = (
        labels.protocol(describe(metric, frames.protocol(dataset)))
        for dataset in frames.datasets
        for metric in frames.metrics(*(MAIN if kind(dataset) == "images" else OF_POINTS))
        if parts(metric).dataset in ("", dataset)
    )
    return list(dict.fromkeys(said))


def _nets(runs: list[Run]) -> list[str]:
    """Every net with its settings."""
    nets = {run.net_name: run.net for run in runs}
    return [
        f"{names.net_label(name)}: {', '.join(_setting(k, v) for k, v in net.settings.items())}"
        for name, net in nets.items()
    ]


def _setting(name: str, value: object) -> str:
    """A setting of a net: ``width 8``, ``critic 64 × 64``."""
    if isinstance(value, list):
        value = " × ".join(map(str, value))
    return f"{names.words(name)} {value}"


def _unsaid(frames: Frames) -> list[str]:
    """Which net an arm has whose label names none, where a data set has several."""
    nets = {d: {a.net for a in frames.arms if a.dataset == d} for d in frames.datasets}
    main = {d: names.main_net(d, frames.arms) for d, used in nets.items() if len(used) > 1}
    return [
        f"on {names.dataset_label(d)}, the net is {names.net_label(net)} unless an arm names another"
        for d, net in main.items()
        if net
    ]


def _critic_steps(run: Run) -> int:
    return run.steps * run.recipe.n_critic


def _passes(run: Run, data: DataFacts) -> int:
    return round(_critic_steps(run) * run.recipe.batch / data.train)


def _span(values: Iterable[int]) -> str:
    low, high = min(numbers := list(values)), max(numbers)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _by_year(methods: set[str]) -> list[str]:
    return sorted(methods, key=lambda m: (names.year(m), m))


def _list(parts: Iterable[str]) -> str:
    """``a, b and c``."""
    *most, last = list(parts)
    return f"{', '.join(most)} and {last}" if most else last
