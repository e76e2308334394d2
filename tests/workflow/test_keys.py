"""A change re-makes what it decides and nothing else, for every kind of component; nothing is run here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from workspace import smoke

from replication.jobs import fingerprint, keys
from replication.plan import registry
from replication.plan.config import Run
from replication.plan.study import Study

STUDY = smoke()
JOBS = {name for name, _ in keys.every(STUDY)}
BY_TEXT = ("_bound", "_stripped", "_parsed")
SHOW = ("draw/", "collect", "claims", "report")


class Package:
    """A copy of the package that the planning sees in place of the real one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def before(self) -> dict[str, str]:
        """The keys of all jobs, from the files as they are in the repository."""
        return self.plan()

    def plan(self) -> dict[str, str]:
        """The keys of all jobs, from the files as they are now."""
        for module in (registry, fingerprint, keys):
            for name, value in vars(module).items():
                # What is kept by a file's text stays right, whatever is edited.
                if hasattr(value, "cache_clear") and name not in BY_TEXT:
                    value.cache_clear()
        return keys.plan(STUDY)

    def changed(self, path: str, edit: Callable[[str], str]) -> set[str]:
        """The jobs whose keys differ once a file is edited; it is put back."""
        file = self.folder / path
        before, text = self.before, file.read_text(encoding="utf-8")
        assert edit(text) != text
        file.write_text(edit(text), encoding="utf-8")
        try:
            after = self.plan()
        finally:
            file.write_text(text, encoding="utf-8")
        assert after.keys() == before.keys()
        return {job for job in after if after[job] != before[job]}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    folder = tmp_path_factory.mktemp("copy") / "replication"
    shutil.copytree(registry.PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "PACKAGE", folder)
        patch.setattr(fingerprint, "PACKAGE", folder)
        yield Package(folder)
    Package(folder).plan()  # what is remembered of the copy is forgotten


def code(text: str) -> str:
    return text + "\nADDED_FOR_A_TEST = [1, 2, 3]\n"


def replaced(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


def trained(which: Callable[[Run], bool]) -> set[str]:
    return {f"train/{name}" for name, run in STUDY.runs.items() if which(run)}


def of(jobs: set[str], verb: str) -> set[str]:
    return {job for job in jobs if job.startswith(f"{verb}/")}


def all_of(verb: str) -> set[str]:
    return of(JOBS, verb)


def arms(trainings: set[str]) -> set[str]:
    return {f"evaluate/{job.removeprefix('train/').rpartition('/')[0]}" for job in trainings}


TRAINING: list[Any] = [
    ("losses/wasserstein.py", lambda run: run.method in ("wgan_clip", "wgan_gp")),
    ("techniques/gradient_penalty.py", lambda run: run.method == "wgan_gp"),
    ("techniques/clipping.py", lambda run: run.method == "wgan_clip"),
    ("nets/dcgan.py", lambda run: run.net.net == "dcgan"),
    ("nets/points.py", lambda run: run.net.net == "points"),
    ("data/ring.py", lambda run: run.dataset == "ring"),
    ("data/mnist_5k.py", lambda run: run.dataset == "mnist_5k"),
    ("data/_listing.py", lambda run: True),
    ("training/loop.py", lambda run: True),
    ("tensors/draws.py", lambda run: True),
]


@pytest.mark.parametrize(("path", "which"), TRAINING)
def test_code_retrains_the_runs_that_use_it(
    package: Package, path: str, which: Callable[[Run], bool]
) -> None:
    changed = package.changed(path, code)
    assert of(changed, "train") == trained(which)
    assert arms(trained(which)) <= changed


def test_a_metric_scores_again_whatever_it_has_scored(package: Package) -> None:
    changed = package.changed("metrics/fid.py", code)
    assert not of(changed, "train") | of(changed, "prepare") | of(changed, "classifier")
    assert all_of("evaluate") | all_of("reference") <= changed
    scored = {"copies", "disturbances", "sample_size", "untrained_features"}
    assert {f"experiment/{name}" for name in scored} <= changed
    assert "experiment/clip_power" not in changed


def test_an_extractor_looks_again(package: Package) -> None:
    changed = package.changed("features/lenet.py", code)
    assert all_of("classifier") | all_of("evaluate") | all_of("reference") <= changed
    assert not of(changed, "train")


def test_an_experiment_is_run_again_alone(package: Package) -> None:
    changed = package.changed("experiments/clip_power.py", code)
    assert changed == {"experiment/clip_power", "draw/wgan2017/clip_power", "claims", "report"}


def test_a_panel_is_drawn_again_alone(package: Package) -> None:
    changed = package.changed("papers/wgan2017/fig1.py", code)
    assert of(changed, "draw") == {"draw/wgan2017/fig1"}
    assert changed - of(changed, "draw") <= {"claims", "report"}


def test_a_rule_decides_again_and_draws_nothing(package: Package) -> None:
    assert package.changed("claims/rules.py", code) >= {"claims", "report"}
    assert not of(package.changed("claims/rules.py", code), "train")


def test_a_sentence_of_a_page_writes_the_pages_alone(package: Package) -> None:
    edit = replaced("tested, and none of the above", "tested, with none of these outcomes")
    assert package.changed("report/board.py", edit) == {"report"}


def test_a_paper_s_file_decides_again(package: Package) -> None:
    assert package.changed("papers/wgan2017/paper.yaml", lambda text: f"# words\n{text}") == {
        "claims",
        "report",
    }


@pytest.mark.parametrize("kind", registry.KINDS)
@pytest.mark.parametrize("constant", ["LABEL", "SOURCE"])
def test_what_is_shown_of_a_component_makes_no_number_again_and_always_draws(
    package: Package, kind: str, constant: str
) -> None:
    path = f"{kind}/{registry.ids(kind)[0]}.py"
    changed = package.changed(path, lambda text: f'{text}\n{constant} = "Another word"\n')
    assert all(job.startswith(SHOW) for job in changed)
    assert all_of("draw") | {"report"} <= changed


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("data/_own.py", "no such file or folder", "there is no such file or folder"),
        ("data/mnist_5k.py", '"""', '"""Words. '),
        ("training/loop.py", '"""One training loop', '"""A training loop'),
        ("losses/wasserstein.py", "\n\n", "\n# a comment\n\n"),
    ],
)
def test_prose_makes_no_number_again(package: Package, path: str, old: str, new: str) -> None:
    changed = package.changed(path, replaced(old, new))
    assert all(job.startswith(SHOW) for job in changed)


def test_where_a_module_lies_decides_nothing(package: Package) -> None:
    """`tensors/draws.py` moves, and all who import it follow."""
    before = package.before
    old, new = package.folder / "tensors" / "draws.py", package.folder / "training" / "chance.py"
    moved = {path: path.read_text() for path in package.folder.rglob("*.py")}
    old.rename(new)
    for path, text in moved.items():
        if path != old and "tensors.draws" in text:
            path.write_text(
                text.replace("replication.tensors.draws", "replication.training.chance")
            )
    try:
        after = package.plan()
    finally:
        new.rename(old)
        for path, text in moved.items():
            path.write_text(text)
    assert {job for job in after if after[job] != before[job]} == set()


def test_a_setting_decides_the_runs_that_it_reaches() -> None:
    raw = STUDY.config.model_dump(mode="json")
    raw["methods"] = {"lsgan": {"critic_lr": 0.0005}}
    before, after = keys.plan(STUDY), keys.plan(Study(raw))
    changed = {job for job in after if after[job] != before[job]}
    assert of(changed, "train") == trained(lambda run: run.method == "lsgan")


def changed_by(**evaluation: object) -> set[str]:
    """The jobs whose keys another protocol changes."""
    raw = STUDY.config.model_dump(mode="json")
    raw["profiles"]["smoke"]["evaluation"] |= evaluation
    before, after = keys.plan(STUDY), keys.plan(Study(raw))
    return {job for job in after if after[job] != before.get(job)}


def test_another_number_of_samples_scores_again_and_retrains_nothing() -> None:
    changed = changed_by(samples=150)
    assert not of(changed, "train")
    assert all_of("evaluate") | all_of("reference") <= changed


def test_where_the_weights_of_an_extractor_lie_decides_nothing() -> None:
    assert changed_by(inception_weights="/a/path.pth") <= {"report"}


def test_an_extractor_that_nothing_uses_decides_no_number(package: Package) -> None:
    changed = package.changed("features/inception.py", code)
    assert all(job.startswith(SHOW) for job in changed)


def test_the_source_of_a_recipe_decides_nothing_and_is_shown(package: Package) -> None:
    path = "methods/wgan_gp.py"
    fingerprints = package.changed(path, replaced("Algorithm 1", "Algorithm One"))
    assert all(job.startswith(SHOW) for job in fingerprints)
    assert all_of("draw") <= fingerprints


def test_a_fingerprint_that_overlooks_imports_is_found_out(
    package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests above can fail: with closures of one module, a change two imports away goes unnoticed."""
    monkeypatch.setattr(fingerprint, "closure", lambda *modules: set(modules))
    blind = Package(package.folder)
    with pytest.raises(AssertionError):
        test_code_retrains_the_runs_that_use_it(blind, "data/_listing.py", lambda run: True)
