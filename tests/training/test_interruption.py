"""SIGTERM: the state of a training is saved between two steps, wherever that is, and it ends the same."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import torch
from bits import outcome, same

from replication.plan import registry
from replication.plan.config import Run
from replication.plan.paths import Paths
from replication.tensors import store
from replication.training.game import Game
from replication.training.interruption import Stopped, requests, train
from replication.training.loop import scratch_name
from replication.training.loop import train as undisturbed
from replication.training.sampler import checkpoint_name

METHODS = registry.ids("methods")
Factory = Callable[..., Run]
PATHS = Paths.of("smoke")
SILENT = lambda step: None


def scratch(run: Run) -> Path:
    """Where an unfinished run keeps its state."""
    return PATHS.scratch / scratch_name(run)


def asked_in(monkeypatch: pytest.MonkeyPatch, kind: str, count: int) -> None:
    """Send this process SIGTERM at the end of the count-th step of a kind, the critic's or the generator's."""
    original, calls = getattr(Game, kind), []

    def step(self: Game, *arguments: torch.Tensor) -> None:
        original(self, *arguments)
        calls.append(kind)
        if len(calls) == count:
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(Game, kind, step)


def stopped_at(run: Run) -> int:
    """The step of the saved state."""
    return int(store.load(scratch(run) / "state.safetensors")[1]["step"])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("kind", "count"), [("critic_step", 7), ("generator_step", 3)])
def test_a_stopped_run_ends_the_same(
    runs: Factory, monkeypatch: pytest.MonkeyPatch, method: str, kind: str, count: int
) -> None:
    # A copied critic's steps would be counted too.
    run = runs(method, n_critic=2, steps=24).model_copy(update={"copied_critic_steps": 0})
    undisturbed(run, PATHS)
    expected = outcome(PATHS.run(run.id))
    with monkeypatch.context() as patch:
        asked_in(patch, kind, count)
        with pytest.raises(Stopped) as end:
            train(run, PATHS, SILENT)
    assert end.value.code == 143
    assert stopped_at(run) == (4 if kind == "critic_step" else 3)
    train(run, PATHS, SILENT)
    same(expected, outcome(PATHS.run(run.id)))


def test_a_request_while_a_copied_critic_trains_is_heard(
    runs: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is met at the next step, and the copy trains as it would have."""
    run = runs("gan_ns", steps=12)
    undisturbed(run, PATHS)
    expected = outcome(PATHS.run(run.id))
    with monkeypatch.context() as patch:
        first = run.checkpoints[0]
        asked_in(patch, "critic_step", first + 1)
        with pytest.raises(Stopped):
            train(run, PATHS, SILENT)
    assert stopped_at(run) == first
    train(run, PATHS, SILENT)
    same(expected, outcome(PATHS.run(run.id)))


@pytest.mark.parametrize("count", range(1, 12))
def test_every_step_is_a_good_place(
    runs: Factory, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """Steps that are logged and steps that are not, checkpoints and others."""
    run = runs("sngan", n_critic=1, steps=12)
    assert set(run.logs) - set(run.checkpoints)
    assert set(range(1, 12)) - set(run.logs)
    undisturbed(run, PATHS)
    expected = outcome(PATHS.run(run.id))
    with monkeypatch.context() as patch:
        asked_in(patch, "generator_step", count)
        with pytest.raises(Stopped):
            train(run, PATHS, SILENT)
    assert stopped_at(run) == count
    train(run, PATHS, SILENT)
    same(expected, outcome(PATHS.run(run.id)))


def test_it_may_be_stopped_again_and_again(runs: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    run = runs("wgan_gp", net="dcgan_8", n_critic=1, steps=6)
    undisturbed(run, PATHS)
    expected = outcome(PATHS.run(run.id))
    original = Game.generator_step

    def step(self: Game, z: torch.Tensor) -> None:
        original(self, z)
        os.kill(os.getpid(), signal.SIGTERM)

    with monkeypatch.context() as patch:
        patch.setattr(Game, "generator_step", step)
        for _ in range(run.steps - 1):
            with pytest.raises(Stopped):
                train(run, PATHS, SILENT)
        train(run, PATHS, SILENT)  # asked in its last step: too late to matter
    same(expected, outcome(PATHS.run(run.id)))


def test_what_was_trained_on_real_images_alone_is_not_lost(
    runs: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = runs("ebgan", techniques={"pretraining": {"pretrain": 5}})
    undisturbed(run, PATHS)
    expected = outcome(PATHS.run(run.id))
    with monkeypatch.context() as patch:
        asked_in(patch, "pretrain_step", 2)
        with pytest.raises(Stopped):
            train(run, PATHS, SILENT)
        assert stopped_at(run) == 0
        train(run, PATHS, SILENT)
    same(expected, outcome(PATHS.run(run.id)))


def test_a_stop_leaves_no_checkpoint_that_is_none(
    runs: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = runs("gan_ns")
    assert 5 not in run.checkpoints
    with monkeypatch.context() as patch:
        asked_in(patch, "generator_step", 5)
        with pytest.raises(Stopped):
            train(run, PATHS, SILENT)
    due = [f"{checkpoint_name(step)}.safetensors" for step in run.checkpoints if step <= 5]
    assert sorted(file.name for file in scratch(run).glob("step*")) == due


def test_seconds_are_counted_to_the_stop(runs: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    run = runs("gan_ns", steps=60)
    first_log = run.logs[0]
    assert first_log > 5

    def slow(self: Game, z: torch.Tensor, original: Callable = Game.generator_step) -> None:
        original(self, z)
        time.sleep(0.02)

    monkeypatch.setattr(Game, "generator_step", slow)
    with monkeypatch.context() as patch:
        asked_in(patch, "generator_step", 5)
        with pytest.raises(Stopped):
            train(run, PATHS, SILENT)
    train(run, PATHS, SILENT)
    curves = pd.read_parquet(PATHS.run(run.id) / "curves.parquet")
    assert curves["seconds"].iloc[0] >= 0.02 * first_log
    assert curves["seconds"].is_monotonic_increasing


def test_the_process_ends_with_143_and_its_next_start_ends_the_same(runs: Factory) -> None:
    run = runs("wgan_gp", steps=400)
    undisturbed(run, PATHS)
    expected = outcome(PATHS.run(run.id))
    shutil.rmtree(PATHS.run(run.id))
    command = [sys.executable, "-m", "replication", "train", run.id]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as job:
        progress = scratch(run) / "progress.json"
        while job.poll() is None and not progress.exists():
            time.sleep(0.005)
        job.send_signal(signal.SIGTERM)
        _, said = job.communicate()
    assert job.returncode == 143, said
    assert f"{run.id}: asked to stop; saved at step {stopped_at(run)}\n" in said
    assert not (PATHS.run(run.id) / "checkpoints.safetensors").exists()
    subprocess.run(command, env=environment, check=True)
    same(expected, outcome(PATHS.run(run.id)))


def test_a_request_does_not_outlive_its_training() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with requests() as request:
        assert not request.made
        os.kill(os.getpid(), signal.SIGTERM)
        assert request.made
    assert signal.getsignal(signal.SIGTERM) is before
