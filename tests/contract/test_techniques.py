"""Every loss with every technique on every net, as they are found: they train, seeds stay apart, and runs resume."""

from __future__ import annotations

import copy
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import torch
import yaml

from replication.data._base import Images
from replication.jobs import keys
from replication.plan import registry
from replication.plan.config import ConfigError, Run
from replication.plan.paths import Paths
from replication.plan.study import Study
from replication.tensors import store
from replication.training.loop import Paused, Training
from replication.training.recorder import AT_CHECKPOINTS, COLUMNS
from replication.training.sampler import Sampler

ROOT = Path(__file__).parents[2]
PATHS = Paths.of("smoke")
LOSSES, TECHNIQUES, NETS, METHODS = (
    registry.ids(kind) for kind in ("losses", "techniques", "nets", "methods")
)
ROLES = ("critic", "autoencoder")
#: Settings that make a net small, where it has them.
SMALL = {"z_dim": 4, "width": 2, "generator_width": 2, "critic_width": 2, "blocks": 1,
         "generator": [6, 5], "critic": [5, 6]}  # fmt: skip
STEPS, SEEDS = 4, (0, 1)
#: Rates so small that the last digits of two orders of summation stay the last digits.
CHANGE = {"batch": 8, "critic_lr": 1e-5, "generator_lr": 1e-5}
#: What jumps where a rectifier's input is 0 or two samples' features are equal: there the last digits decide the
#: largest slope.
SLOPES = ["lipschitz", "w_bound"]


def fifths(first: tuple[str, ...], second: tuple[str, ...]) -> list[Any]:
    """Every pair; a fifth of them in every run, spread over both sides, the rest in `make test-slow`."""
    return [
        pytest.param(a, b, marks=[pytest.mark.slow] if (i + 2 * j) % 5 else [])
        for i, a in enumerate(first)
        for j, b in enumerate(second)
    ]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs write where they are."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REPLICATION_CONFIG", raising=False)
    torch.set_num_threads(1)


@cache
def params() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))


def plan(net: str, method: str, **change: object) -> Run:
    """A run of a few steps of all seeds together; raises `ConfigError` where its parts do not fit."""
    head, raw = registry.metadata("nets", net), copy.deepcopy(params())
    dataset = "ring" if "points" in head["TAKES"] else "mnist_5k"
    settings = {key: value for key, value in SMALL.items() if key in head["SETTINGS"]}
    raw["nets"] = {"small": {"net": net, "settings": settings}}
    raw["variants"] = {"changed": {"why": "a test", "change": CHANGE | change}}
    arm = {"dataset": dataset, "net": "small", "methods": [method], "variants": ["changed"],
           "seeds": len(SEEDS), "together": True}  # fmt: skip
    budget = {"critic_steps": STEPS, "checkpoints": 2, "logs": 4, "log_batch": 10, "arms": [arm]}
    raw["profiles"] = {"smoke": raw["profiles"]["smoke"] | budget}
    (run,) = Study(raw | {"profile": "smoke", "device": "cpu"}).runs.values()
    return run.model_copy(update={"steps": STEPS, "checkpoints": (2, STEPS), "logs": (1, 2, STEPS)})


def images(run: Run) -> Images:
    """Random ones, of the kind that the run is on, all of them labelled."""
    shape = (2,) if run.kind == "points" else (1, 28, 28)
    drawn = torch.rand(60, *shape, generator=torch.Generator().manual_seed(0)) * 2 - 1
    labels = torch.arange(60) % max(1, run.classes)
    return Images(drawn[:40], drawn[40:], labels[:40], labels[40:])


def trained(run: Run, stop: int | None = None) -> tuple[pd.DataFrame, dict[str, torch.Tensor]]:
    """Curves and checkpoints of a run; before generator step `stop` it is asked to pause, and then goes on."""
    asked = iter([False] * (stop or 0) + [stop is not None] + [False] * STEPS)
    try:
        training = Training(run, images(run), PATHS.scratch)
        training.play(lambda step: None, lambda: next(asked))
    except Paused:
        training = Training(run, images(run), PATHS.scratch)
        training.play(lambda step: None)
        assert training.step == run.steps
    training.finish(PATHS.run(run.id), "2026-01-01T00:00:00+00:00")
    return training.recorder.frame(training.lost), store.load(checkpoints(run))[0]


def checkpoints(run: Run) -> Path:
    """What training leaves of a run's generators."""
    return PATHS.run(run.id) / "checkpoints.safetensors"


def holds(run: Run) -> None:
    """The contract of a run."""
    curves, kept = trained(run)
    numbers = curves[[name for name in COLUMNS if name != AT_CHECKPOINTS]]
    assert torch.isfinite(torch.tensor(numbers.to_numpy())).all()
    assert (curves[AT_CHECKPOINTS].notna() == curves["step"].isin(run.checkpoints)).all()
    sampled = Sampler(run, checkpoints(run)).images(run.steps, 3)
    assert sampled.shape[:2] == (len(SEEDS), 3)
    assert torch.isfinite(sampled).all()

    again, kept_again = trained(run, stop=3)
    drop = ["seconds"]
    pd.testing.assert_frame_equal(curves.drop(columns=drop), again.drop(columns=drop))
    assert kept.keys() == kept_again.keys()
    assert all(torch.equal(kept[name], kept_again[name]) for name in kept)

    alone, _ = trained(run.model_copy(update={"seeds": SEEDS[1:]}))
    own = curves[curves["seed"] == SEEDS[1]].reset_index(drop=True)
    others = [name for name in COLUMNS if name not in SLOPES]
    for columns, tolerance in ((others, 2e-3), (SLOPES, 0.2)):
        torch.testing.assert_close(
            torch.tensor(alone[columns].to_numpy()),
            torch.tensor(own[columns].to_numpy()),
            rtol=tolerance, atol=1e-4, equal_nan=True,
        )  # fmt: skip


def planned(net: str, loss: str, *techniques: str) -> Run | None:
    """A run of this loss with these techniques alone, in the first role of the critic that all fit; None if none."""
    for role in ROLES:
        chosen = {name: False for name in TECHNIQUES} | {name: few(name) for name in techniques}
        change = {"loss": loss, "critic": role, "techniques": chosen}
        with suppress(ConfigError):
            return plan(net, METHODS[0], **change)
    return None


def few(technique: str) -> dict[str, int]:
    """A technique's whole numbers, such as steps, where they are large: small."""
    options = registry.metadata("techniques", technique).get("OPTIONS", {})
    return {name: 3 for name, value in options.items() if isinstance(value, int) and value > 3}


@pytest.mark.parametrize(("loss", "net"), fifths(LOSSES, NETS))
def test_a_loss_alone(loss: str, net: str) -> None:
    if run := planned(net, loss):
        holds(run)


@pytest.mark.parametrize(("loss", "technique"), fifths(LOSSES, TECHNIQUES))
def test_a_loss_with_a_technique(loss: str, technique: str) -> None:
    """On the nets of points, which are the quickest; that they fit nowhere is said when they are planned."""
    runs = [planned(net, loss, technique) for net in NETS]
    for run in (run for run in runs if run and run.kind == "points"):
        holds(run)


@pytest.mark.parametrize(("net", "technique"), fifths(NETS, TECHNIQUES))
def test_a_technique_on_a_net(net: str, technique: str) -> None:
    """With the first loss that it fits."""
    runs = (planned(net, loss, technique) for loss in LOSSES)
    if run := next((run for run in runs if run), None):
        holds(run)


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_every_technique_fits_something(technique: str) -> None:
    assert any(planned(net, loss, technique) for net in NETS for loss in LOSSES)


@pytest.mark.parametrize(("method", "net"), fifths(METHODS, NETS))
def test_a_method_as_its_file_has_it(method: str, net: str) -> None:
    role = registry.metadata("methods", method)["RECIPE"].get("critic", "critic")
    if role in registry.metadata("nets", net)["ROLES"]:
        holds(plan(net, method))
    else:
        with pytest.raises(
            ConfigError, match=rf"method {method} trains .* an {role}, and net small has none"
        ):
            plan(net, method)


def test_what_a_run_loads_by_name_enters_its_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every technique of several, loss and net: the key of a training takes the run's `code`."""
    run = planned("points", "hinge", "packing", "minibatch_discrimination")
    assert run
    load, loaded = registry.load, set()

    def recorded(kind: str, name: str) -> object:
        loaded.add(f"{kind}/{name}")
        return load(kind, name)

    monkeypatch.setattr(registry, "load", recorded)
    trained(run)
    assert loaded == set(run.code)
    assert set(run.code) <= set(keys.train(run).code)


def test_the_copied_critic_changes_nothing_and_is_trained_on() -> None:
    """More steps of the copy change one column alone; no steps at all say what the critic itself says."""
    run = plan("mlp", "sngan", critic_lr=1e-3, generator_lr=1e-3)
    found = {
        steps: trained(run.model_copy(update={"copied_critic_steps": steps}))
        for steps in (0, 1, 20)
    }
    columns = [name for name in COLUMNS if name != AT_CHECKPOINTS]
    for steps in (1, 20):
        pd.testing.assert_frame_equal(found[0][0][columns], found[steps][0][columns])
        assert all(torch.equal(kept, found[steps][1][name]) for name, kept in found[0][1].items())
    none, one, many = (
        curves.loc[curves["step"].isin(run.checkpoints), [AT_CHECKPOINTS, "estimate_heldout"]]
        for curves, _ in found.values()
    )
    assert (none[AT_CHECKPOINTS] == none["estimate_heldout"]).all()
    assert (one[AT_CHECKPOINTS] != one["estimate_heldout"]).all()
    assert (many[AT_CHECKPOINTS] > one[AT_CHECKPOINTS]).all()


def test_estimates_are_taken_before_and_after_the_generators_step() -> None:
    """By the same critic on the same images and z: a generator that does not move leaves them equal."""
    still, moving = (
        trained(plan("points", "gan_ns", critic_lr=1e-3, generator_lr=rate))[0]
        for rate in (1e-12, 0.1)
    )
    assert still["estimate_heldout_after"].to_numpy() == pytest.approx(
        still["estimate_heldout"].to_numpy(), abs=1e-6
    )
    # The step is taken to lower what the critic says.
    assert (moving["estimate_heldout_after"] < moving["estimate_heldout"]).all()
