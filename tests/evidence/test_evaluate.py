"""The evidence of an arm and of a data set: every checkpoint scored, some samples kept, and what runs left."""

from __future__ import annotations

import itertools
import json
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from replication.data import _base as data
from replication.evidence import evaluate as module
from replication.evidence import growing, store
from replication.evidence.evaluate import KEPT_WALKS, evaluate
from replication.evidence.reference import reference
from replication.evidence.store import CURVE_COLUMNS
from replication.features import lenet
from replication.jobs.files import ResultsError, write_json
from replication.metrics._base import WALK_STEPS, WALKS, Batch, Protocol, every, metric_id
from replication.metrics._judge import compute
from replication.metrics._order import hashes
from replication.plan import registry
from replication.plan.config import Config, Evaluation
from replication.plan.paths import Paths
from replication.tensors.levels import to_float, to_uint8

EVALUATION = Evaluation(
    samples=80,
    transport_samples=30,
    inception_splits=2,
    kid_subsets=3,
    kid_subset_size=20,
    classifier_epochs=15,
)
PATHS = Paths.of("small")
MADE_BY = {"evaluate/toy": "0123.4567"}
#: The metrics of a data set of labelled images; and, in the order of their names, those of images alone.
OF_IMAGES = [
    m
    for m in registry.ids("metrics")
    if registry.metadata("metrics", m)["NEEDS"] in ("features", "images", "walks")
]
OF_PIXELS = ["independent_critic", "parzen", "w1_patches", "w1_pixels"]

EACH, LAST = (kept["images"] for kept in (module.EACH, module.LAST))
CLOUD = module.LAST["points"]


def bars(n: int, seed: int) -> np.ndarray:
    """uint8 ``[n, 12, 12]`` of three classes in turn: a bright bar that lies, one that stands, noise alone."""
    images = np.random.default_rng(seed).integers(0, 128, (n, 12, 12), dtype=np.uint8)
    images[0::3, 5:7] += 127
    images[1::3, :, 5:7] += 127
    return images


@pytest.fixture(scope="session")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The prepared data sets ``toy`` and ``plain``, which has no labels; with their classifiers."""
    folder = tmp_path_factory.mktemp("toys")
    images, paths = bars(340, 0), Paths(folder / "small")
    np.savez(folder / "toy.npz", images=images, labels=np.arange(340) % 3)
    np.savez(folder / "plain.npz", images=images)
    own = {name: str(folder / f"{name}.npz") for name in ("toy", "plain")}
    config = Config(profile="small", profiles={}, own_data=own)
    for name in own:
        data.prepare(name, config, paths.dataset(name))
        lenet.train(paths, name, EVALUATION.classifier_epochs, threads=1)
    return paths.root


@pytest.fixture
def prepared(toys: Path) -> None:
    """A working folder with those data sets."""
    shutil.copytree(toys, PATHS.root)


class Checkpoints:
    """Stands for a run's generators: real images that lose their noise, others for every seed."""

    #: By the name of a run.
    steps_of: dict[str, tuple[int, ...]] = {}
    shape: tuple[int, ...] = (1, 12, 12)
    #: A step at which the first seed makes one pixel that is no number.
    broken: int | None = None

    def __init__(self, run: Any, path: Path) -> None:
        assert path == PATHS.run(run.id) / "checkpoints.safetensors"
        self.seeds, self.steps = run.seeds, self.steps_of.get(run.name, (10, 200))

    def images(self, step: int, n: int) -> torch.Tensor:
        made = torch.stack([self.own(seed, step)[:n] for seed in self.seeds])
        if step == self.broken:
            made[0, 40, 0, 3, 3] = torch.nan
        return made

    def own(self, seed: int, step: int, n: int = CLOUD) -> torch.Tensor:
        rng = np.random.default_rng([seed, step])
        if len(self.shape) == 1:
            return torch.from_numpy(rng.normal(size=(n, *self.shape)).astype(np.float32))
        images = to_float(torch.from_numpy(bars(n, 1000 * seed + step)))[:, None]
        noise = torch.from_numpy(rng.uniform(-3, 3, images.shape).astype(np.float32))
        return (images + noise * (step == 10)).clamp(-1, 1)

    def walks(self, step: int, count: int, steps: int) -> torch.Tensor:
        made = [self.own(seed, step + 1, count * (steps + 1)) for seed in self.seeds]
        return torch.stack(made).unflatten(1, (count, steps + 1))


class Blind:
    """Stands for the judge where only what is kept matters."""

    metrics = ()

    def __init__(self, *given: object) -> None:
        self.images = SimpleNamespace(shape=Checkpoints.shape)
        self.kind = "points" if len(Checkpoints.shape) == 1 else "images"

    def score(self, images: torch.Tensor, **more: object) -> dict[str, float]:
        assert len(images) == EVALUATION.samples
        return {}


@pytest.fixture(autouse=True)
def generators(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "Sampler", Checkpoints)


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "Judge", Blind)


def a_run(*seeds: int, dataset: str = "toy") -> Any:
    """A run that has ended, and what it left."""
    arm, name = f"{dataset}/mlp/gan_ns/paper", f"seeds{'-'.join(map(str, seeds))}"
    run = SimpleNamespace(
        dataset=dataset, seeds=seeds, arm=arm, name=name, id=f"{arm}/{name}", device="cpu", threads=1
    )  # fmt: skip
    folder = PATHS.run(run.id)
    folder.mkdir(parents=True, exist_ok=True)
    rows = list(itertools.product(reversed(seeds), (5, 10)))
    curves = pd.DataFrame(0.5, index=range(len(rows)), columns=list(CURVE_COLUMNS))
    curves[["seed", "step"]] = rows
    curves.assign(more=curves["seed"] + curves["step"] / 100).to_parquet(folder / "curves.parquet")
    states = [{"seed": s, "state": "finished", "step": 200, "reason": ""} for s in seeds]
    write_json(folder / "status.json", states)
    write_json(folder / "provenance.json", {"git": {"commit": f"of {name}"}})
    return run


def quality(runs: Sequence[Any]) -> pd.DataFrame:
    evaluate(runs, EVALUATION, PATHS, MADE_BY)
    return pd.read_parquet(PATHS.arm(runs[0].arm) / "quality.parquet")


# ---------------------------------------------------------------- scores


def test_every_checkpoint_of_every_seed_gets_every_metric(prepared: None) -> None:
    done: list[int] = []
    run = a_run(4, 5)
    evaluate([run], EVALUATION, PATHS, MADE_BY, done.append)
    assert done == [1, 2]
    table = pd.read_parquet(PATHS.arm(run.arm) / "quality.parquet")
    assert list(table) == ["seed", "step", "metric", "value"]
    course, metrics = (
        {metric_id(m, "lenet", "toy") for m in OF_IMAGES if at_end or every(m) == 1}
        for at_end in (False, True)
    )
    assert metrics - course == {"independent_critic", "parzen"}
    keys = {
        key
        for step, measured in ((10, course), (200, metrics))
        for key in itertools.product((4, 5), [step], measured)
    }
    assert set(table[["seed", "step", "metric"]].itertuples(index=False, name=None)) == keys
    assert len(table) == len(keys)
    own = table[table["seed"] == 4].pivot(index="step", columns="metric", values="value")
    for metric in ("fid_lenet_toy", "w1_pixels"):
        assert own.loc[10, metric] > own.loc[200, metric]
    # It is the first samples of the protocol that are scored.
    samples = to_float(
        to_uint8(Checkpoints(run, PATHS.run(run.id) / "checkpoints.safetensors").own(4, 10))
    )[:80]
    assert own.loc[10, "fid_lenet_toy"] == pytest.approx(by_hand("fid", samples))


def by_hand(metric: str, samples: torch.Tensor) -> float:
    """A score of samples against the held-out images, through the classifier."""
    net = lenet.load_classifier(PATHS.classifier("toy"))
    heldout = data.load(PATHS.dataset("toy")).heldout

    def seen(x: torch.Tensor) -> Batch:
        x = x[hashes(x).argsort(stable=True)]
        return Batch(x, *lenet.extract(net, x))

    return compute(metric, seen(heldout), seen(samples), Protocol.of(EVALUATION, len(heldout)))


def test_a_costly_metric_looks_at_every_third_checkpoint_counted_from_the_last(
    prepared: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = a_run(0, dataset="plain")
    monkeypatch.setattr(Checkpoints, "steps_of", {run.name: (10, 50, 100, 150, 200)})
    looked = quality([run]).groupby("metric")["step"].unique().map(list)
    assert looked["independent_critic"] == [50, 200]
    assert looked["w1_pixels"] == [10, 50, 100, 150, 200]


def test_images_that_are_not_finite_give_nan_for_that_seed_and_step_only(
    prepared: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Checkpoints, "broken", 10)
    table = quality([a_run(4, 5)])
    lost = (table["seed"] == 4) & (table["step"] == 10)
    assert lost.sum() == sum(every(m) == 1 for m in OF_IMAGES)
    assert table.loc[lost, "value"].isna().all()
    assert table.loc[~lost, "value"].notna().all()


def test_without_labels_only_pixels_are_compared(
    prepared: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        table = quality([a_run(0, dataset="plain")])
    assert set(table["metric"]) == set(OF_PIXELS)
    assert table["value"].notna().all()
    assert caplog.messages == [
        f"plain has no labels, so no classifier: only {', '.join(OF_PIXELS)}"
    ]
    reference("plain", EVALUATION, 1, PATHS, MADE_BY)
    real = pd.read_parquet(PATHS.real("plain") / "real.parquet")
    assert real["metric"].tolist() == OF_PIXELS
    assert not store.about(PATHS, "plain")["labelled"]


# ---------------------------------------------------------------- seed by seed


def grow(
    runs: Sequence[Any], kept: Sequence[Any], done: Any = lambda n: None, awaited: Any = ()
) -> None:
    ids = {run.id for run in kept}
    growing.grow(runs, ids, awaited, PATHS, MADE_BY,
                 lambda these, under: evaluate(these, EVALUATION, under, MADE_BY, done))  # fmt: skip


def written(arm: str) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in store.arm_files(PATHS, arm)}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_evidence_that_grew_is_that_of_all_runs_at_once(
    blind: None, monkeypatch: pytest.MonkeyPatch, order: tuple[int, ...]
) -> None:
    """Whichever run ends first: each is scored once, and its weights can go."""
    monkeypatch.setattr(Blind, "score", lambda _, images, **more: {"sum": float(images.sum())})
    runs = [a_run(0, dataset="plain"), a_run(1, 2, dataset="plain"), a_run(3, dataset="plain")]
    evaluate(runs, EVALUATION, PATHS, MADE_BY)
    at_once = written(runs[0].arm)
    shutil.rmtree(PATHS.arm(runs[0].arm))
    kept: list[int] = []
    for new in order:
        done: list[int] = []
        there = [run for place, run in enumerate(runs) if place in (*kept, new)]
        grow(
            there, [runs[place] for place in kept], done.append, [runs[0]] if len(there) < 3 else []
        )
        assert done == [1, 2]
        shutil.rmtree(PATHS.run(runs[new].id))
        kept.append(new)
    assert written(runs[0].arm) == at_once


def test_so_does_that_of_points(blind: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Checkpoints, "shape", (2,))
    runs = [a_run(0, 2, dataset="ring"), a_run(1, 3, dataset="ring")]
    evaluate(runs, EVALUATION, PATHS, MADE_BY)
    at_once = written(runs[0].arm)
    grow(runs[1:], [], awaited=runs[:1])
    assert written(runs[0].arm) != at_once
    shutil.rmtree(PATHS.run(runs[1].id))
    grow(runs, runs[1:])
    assert written(runs[0].arm) == at_once


def test_no_table_has_an_arm_of_which_runs_are_awaited(blind: None) -> None:
    runs = [a_run(0), a_run(1)]
    study = SimpleNamespace(arms={runs[0].arm: runs}, paths=PATHS)
    grow(runs[:1], [], awaited=runs[1:])
    assert growing.awaited(PATHS, runs[0].arm) == ["seeds1"]
    assert growing.whole(study) == []
    grow(runs, runs[:1])
    assert growing.awaited(PATHS, runs[0].arm) == []
    assert growing.whole(study) == [runs[0].arm]
    (PATHS.arm(runs[0].arm) / "arm.json").write_text("{")
    assert growing.awaited(PATHS, runs[0].arm) == []


# ---------------------------------------------------------------- what runs left


def test_an_arm_has_its_files_and_they_hold_what_its_runs_left(blind: None) -> None:
    runs = [a_run(1), a_run(0)]
    evaluate(runs, EVALUATION, PATHS, MADE_BY)
    folder = PATHS.arm(runs[0].arm)
    assert sorted(folder.iterdir()) == sorted(store.arm_files(PATHS, runs[0].arm))
    curves = pd.read_parquet(folder / "curves.parquet")
    assert curves[["seed", "step", "more"]].to_numpy().tolist() == [
        [0, 5, 0.05], [0, 10, 0.1], [1, 5, 1.05], [1, 10, 1.1],
    ]  # fmt: skip
    assert list(curves)[: len(CURVE_COLUMNS)] == list(CURVE_COLUMNS)
    assert store.outcomes(PATHS, runs[0].arm) == {
        "arm": runs[0].arm,
        "made_by": MADE_BY,
        "runs": [
            {
                "name": f"seeds{seed}",
                "status": [{"seed": seed, "state": "finished", "step": 200, "reason": ""}],
                "provenance": {"git": {"commit": f"of seeds{seed}"}},
            }
            for seed in (1, 0)
        ],
    }


@pytest.mark.parametrize("name", ["curves.parquet", "status.json", "provenance.json"])
@pytest.mark.parametrize("content", [None, b"", b"{", b"PAR1"])
def test_a_run_without_whole_files_is_refused_in_one_line(
    blind: None, name: str, content: bytes | None
) -> None:
    runs = [a_run(0), a_run(1)]
    path = PATHS.run(runs[1].id) / name
    path.unlink() if content is None else path.write_bytes(content)
    refused(runs, path)


@pytest.mark.parametrize("text", ["3", '{"state": "finished"}', '[{"seed": 0}]', "[null]", "[]",
                                  '[{"seed": 1, "state": "finished"}]'])  # fmt: skip
def test_a_status_of_other_seeds_or_of_none(blind: None, text: str) -> None:
    run = a_run(0)
    path = PATHS.run(run.id) / "status.json"
    path.write_text(text)
    refused([run], path)


def refused(runs: Sequence[Any], path: Path) -> None:
    with pytest.raises(ResultsError) as error:
        evaluate(runs, EVALUATION, PATHS, MADE_BY)
    assert str(error.value).startswith(f"{path}: ")
    assert "snakemake" in str(error.value)
    assert "\n" not in str(error.value)
    assert not PATHS.arm(runs[0].arm).exists(), "nothing is written"


# ---------------------------------------------------------------- what is kept


def kept(*runs: Any, **steps: tuple[int, ...]) -> dict[int, dict[int, np.ndarray]]:
    """The samples that are kept of runs whose checkpoints are these."""
    Checkpoints.steps_of.update(steps)
    evaluate(runs, EVALUATION, PATHS, MADE_BY)
    return store.samples(PATHS, runs[0].arm)


@pytest.fixture(autouse=True)
def usual_checkpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Checkpoints, "steps_of", {})


def made(seed: int, step: int) -> torch.Tensor:
    """What the stand-in makes of a seed."""
    return Checkpoints.own(SimpleNamespace(shape=Checkpoints.shape), seed, step)  # type: ignore[arg-type]


def counts(found: dict[int, dict[int, np.ndarray]]) -> dict[int, dict[int, int]]:
    return {seed: {step: len(own) for step, own in of.items()} for seed, of in found.items()}


def are_those_made(found: dict[int, dict[int, np.ndarray]]) -> None:
    """The first ones, bit for bit as a saved image has them."""
    for seed, of in found.items():
        for step, own in of.items():
            assert np.array_equal(own, to_uint8(made(seed, step)[: len(own)]).numpy())


def walked(arm: str, seed: int, step: int) -> None:
    """Walks are those of a seed at a checkpoint."""
    every_step = Checkpoints.own(
        SimpleNamespace(shape=Checkpoints.shape), seed, step + 1, WALKS * (WALK_STEPS + 1)
    ).unflatten(0, (WALKS, WALK_STEPS + 1))  # type: ignore[arg-type]
    found = store.walks(PATHS, arm)
    assert found is not None
    assert found.shape == (KEPT_WALKS, WALK_STEPS + 1, *Checkpoints.shape)
    assert np.array_equal(found, to_uint8(every_step[:KEPT_WALKS]).numpy())


def test_each_checkpoint_of_the_first_seed_and_the_last_of_others_is_kept(blind: None) -> None:
    runs = [a_run(seed) for seed in (2, 3, 7)]
    found = kept(*runs, seeds3=(10, 50))
    assert counts(found) == {2: {10: EACH, 200: LAST}, 3: {50: LAST}, 7: {200: LAST}}
    are_those_made(found)
    walked(runs[0].arm, 2, 200)


def test_seeds_that_train_together_are_kept_likewise(blind: None) -> None:
    run = a_run(4, 5)
    found = kept(run)
    assert counts(found) == {4: {10: EACH, 200: LAST}, 5: {200: LAST}}
    are_those_made(found)
    walked(run.arm, 4, 200)


def test_where_the_first_seed_has_no_checkpoint_the_next_one_leads(blind: None) -> None:
    """It diverged before."""
    runs = [a_run(seed) for seed in (0, 1, 2)]
    found = kept(*runs, seeds0=(), seeds1=(10, 20, 30))
    assert counts(found) == {1: {10: EACH, 20: EACH, 30: LAST}, 2: {200: LAST}}
    are_those_made(found)
    walked(runs[0].arm, 1, 30)


def test_without_any_checkpoint_all_is_there_and_empty(prepared: None) -> None:
    run = a_run(0)
    assert kept(run, seeds0=()) == {}
    assert store.walks(PATHS, run.arm) is None
    table = pd.read_parquet(PATHS.arm(run.arm) / "quality.parquet")
    assert len(table) == 0
    assert table.dtypes.astype(str).tolist()[:2] == ["int64", "int64"]
    assert sorted(PATHS.arm(run.arm).iterdir()) == sorted(store.arm_files(PATHS, run.arm))


def test_colour_images_are_kept_as_they_are(blind: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def coloured(self: object, seed: int, step: int, n: int = CLOUD) -> torch.Tensor:
        draws = torch.Generator().manual_seed(seed + step)
        return torch.rand(n, 3, 8, 9, generator=draws) * 2 - 1

    monkeypatch.setattr(Checkpoints, "shape", (3, 8, 9))
    monkeypatch.setattr(Checkpoints, "own", coloured)
    run = a_run(0)
    found = kept(run)
    assert counts(found) == {0: {10: EACH, 200: LAST}}
    are_those_made(found)
    walked(run.arm, 0, 200)


def test_points_are_kept_likewise(blind: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Checkpoints, "shape", (2,))
    runs = [a_run(0, 1, dataset="ring"), a_run(3, dataset="ring")]
    found = kept(*runs)
    assert counts(found) == {0: {10: CLOUD, 200: CLOUD}, 1: {200: CLOUD}, 3: {200: CLOUD}}
    for seed, own in found.items():
        for step, cloud in own.items():
            assert np.array_equal(cloud, made(seed, step).half().float().numpy())
    assert store.walks(PATHS, runs[0].arm) is None
    folder = PATHS.arm(runs[0].arm)
    assert sorted(folder.iterdir()) == sorted(store.arm_files(PATHS, runs[0].arm))


# ---------------------------------------------------------------- a data set


def test_train_images_are_scored_as_if_generated(prepared: None) -> None:
    reference("toy", EVALUATION, 1, PATHS, MADE_BY)
    folder = PATHS.real("toy")
    assert sorted(folder.iterdir()) == sorted(store.dataset_files(PATHS, "toy"))
    table = pd.read_parquet(folder / "real.parquet")
    assert list(table) == ["metric", "value"]
    values, train = table.set_index("metric")["value"], data.load(PATHS.dataset("toy")).train
    assert values["fid_lenet_toy"] == pytest.approx(by_hand("fid", train[:80]))
    assert values["w1_pixels"] == pytest.approx(by_hand("w1_pixels", train[:80]))
    assert 2 < values["inception_score_lenet_toy_heldout"] <= 3


def test_what_is_known_of_a_data_set(prepared: None) -> None:
    reference("toy", EVALUATION, 1, PATHS, MADE_BY)
    known = store.about(PATHS, "toy")
    classifier = known.pop("classifier")
    assert known == {
        "dataset": "toy",
        "made_by": MADE_BY,
        "train": 272,
        "heldout": 68,
        "shape": [1, 12, 12],
        "labelled": True,
    }
    assert classifier == json.loads(PATHS.classifier("toy").with_suffix(".json").read_text())
    assert classifier["learned"]


def test_held_out_images_that_are_kept_are_evenly_spaced(prepared: None) -> None:
    """Of 68 images 64: places 0 to 67 in steps of 67/63, rounded down."""
    reference("toy", EVALUATION, 1, PATHS, MADE_BY)
    heldout = to_uint8(data.load(PATHS.dataset("toy")).heldout).numpy()
    places = [67 * i // 63 for i in range(64)]
    assert np.array_equal(store.held_out(PATHS, "toy", 64), heldout[places])
    assert np.array_equal(store.held_out(PATHS, "toy", 2), heldout[[0, 67]])


def test_points_have_no_classifier_and_are_kept_as_points() -> None:
    config = Config(profile="small", profiles={})
    data.prepare("ring", config, PATHS.dataset("ring"))
    reference("ring", EVALUATION, 1, PATHS, MADE_BY)
    folder = PATHS.real("ring")
    assert sorted(folder.iterdir()) == sorted(store.dataset_files(PATHS, "ring"))
    known = store.about(PATHS, "ring")
    assert (known["train"], known["heldout"], known["shape"]) == (100_000, 20_000, [2])
    assert (known["labelled"], known["classifier"]) == (True, {})
    kept = store.held_out(PATHS, "ring", 1000)
    heldout = data.load(PATHS.dataset("ring")).heldout
    expected = heldout[[19_999 * i // 999 for i in range(1000)]]
    assert np.array_equal(kept, expected.half().float().numpy())
    values = pd.read_parquet(folder / "real.parquet").set_index("metric")["value"]
    assert values["modes"] == 8
