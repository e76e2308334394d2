"""The loop: what it writes, that it repeats and resumes to the bit, and how it ends when it diverges."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import torch

from replication.plan import registry
from replication.plan.config import Run
from replication.plan.paths import Paths
from replication.tensors import store
from replication.training.loop import scratch_name, train
from replication.training.recorder import AT_CHECKPOINTS, COLUMNS
from replication.training.sampler import Sampler

METHODS = registry.ids("methods")
PATHS = Paths.of("smoke")
Factory = Callable[..., Run]


def scratch(run: Run) -> Path:
    """Where an unfinished run keeps its state."""
    return PATHS.scratch / scratch_name(run)


def sampler(run: Run) -> Sampler:
    """The generators that a run left."""
    return Sampler(run, PATHS.run(run.id) / "checkpoints.safetensors")


class Killed(Exception):
    """Stands for a process that ends between two steps."""


def results(run: Run) -> tuple[pd.DataFrame, dict[str, torch.Tensor]]:
    """Curves without their clock, and the checkpoints."""
    folder = PATHS.run(run.id)
    curves = pd.read_parquet(folder / "curves.parquet").drop(columns="seconds")
    return curves, store.load(folder / "checkpoints.safetensors")[0]


def same(a: tuple, b: tuple) -> None:
    pd.testing.assert_frame_equal(a[0], b[0], check_exact=True)
    assert a[1].keys() == b[1].keys()
    for name, tensor in a[1].items():
        assert torch.equal(tensor, b[1][name]), name


@pytest.mark.parametrize("method", METHODS)
def test_a_run_leaves_its_folder_and_no_scratch(runs: Factory, method: str):
    run = runs(method, n_critic=2)
    seen: list[int] = []
    train(run, PATHS, seen.append)
    curves, checkpoints = results(run)
    assert tuple(curves["step"]) == run.logs == tuple(seen)
    assert (curves["critic_steps"] == 2 * curves["step"]).all()
    assert set(COLUMNS) <= set(curves.columns)
    kept = curves["step"].isin(run.checkpoints)
    assert (curves[AT_CHECKPOINTS].notna() == kept).all()
    assert (
        curves.drop(columns=AT_CHECKPOINTS)[[c for c in COLUMNS if c != AT_CHECKPOINTS]]
        .notna()
        .all()
        .all()
    )
    assert sampler(run).steps == run.checkpoints
    folder = PATHS.run(run.id)
    assert json.loads((folder / "status.json").read_text()) == [
        {"seed": 0, "state": "finished", "step": run.steps, "reason": ""}
    ]
    record = json.loads((folder / "provenance.json").read_text())
    assert Run.model_validate(record["run"]) == run
    assert not scratch(run).exists()
    assert checkpoints


@pytest.mark.parametrize(
    ("method", "net"), [*((m, "mlp") for m in METHODS), ("wgan_gp", "dcgan_8")]
)
def test_repeats_to_the_bit(runs: Factory, method: str, net: str):
    run = runs(method, net, steps=6)
    train(run, PATHS)
    first = results(run)
    train(run, PATHS)
    same(first, results(run))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("after", [1, 3])
def test_resumes_to_the_bit_from_any_log(runs: Factory, method: str, after: int):
    run = runs(method, n_critic=2)
    train(run, PATHS)
    undisturbed = results(run)
    logs: list[int] = []

    def cut_off(step: int) -> None:
        logs.append(step)
        if len(logs) == after:
            raise Killed

    with pytest.raises(Killed):
        train(run, PATHS, cut_off)
    train(run, PATHS, logs.append)
    same(undisturbed, results(run))


def test_resumes_to_the_bit_after_kill_9(runs: Factory):
    run = runs("wgan_gp", steps=200)
    train(run, PATHS)
    undisturbed = results(run)
    code = (
        "from replication.plan.study import Study; from replication.training.loop import train;"
        f"study = Study(); train(study.run({run.id!r}), study.paths)"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    kills = 0
    for delay in (0.0, 0.1):
        job = subprocess.Popen([sys.executable, "-c", code], env=environment)
        progress = scratch(run) / "progress.json"
        while job.poll() is None and not progress.exists():
            time.sleep(0.005)
        time.sleep(delay)
        job.send_signal(signal.SIGKILL)
        kills += job.wait() == -signal.SIGKILL
    assert kills, "the runs ended before they could be killed"
    train(run, PATHS)
    same(undisturbed, results(run))


def test_a_damaged_state_is_not_resumed_from(runs: Factory):
    run = runs("gan_ns")
    train(run, PATHS)
    undisturbed = results(run)
    with pytest.raises(Killed):
        train(run, PATHS, lambda step: (_ for _ in ()).throw(Killed()) if step >= 6 else None)
    state = scratch(run) / "state.safetensors"
    content = bytearray(state.read_bytes())
    content[-5] ^= 1
    state.write_bytes(content)
    train(run, PATHS)
    same(undisturbed, results(run))


def test_a_lost_checkpoint_starts_the_run_again(runs: Factory):
    """Not a run with holes: the state alone is not enough."""
    run = runs("gan_ns")
    train(run, PATHS)
    undisturbed = results(run)
    with pytest.raises(Killed):
        train(run, PATHS, lambda step: (_ for _ in ()).throw(Killed()) if step >= 6 else None)
    (scratch(run) / f"step{run.checkpoints[0]:06d}.safetensors").unlink()
    train(run, PATHS)
    same(undisturbed, results(run))


def test_another_configuration_does_not_resume_this_one(runs: Factory):
    assert scratch(runs("gan_ns")) != scratch(runs("gan_ns", critic_lr=0.5))


def test_divergence_is_a_result(runs: Factory):
    run = runs("lsgan", optimiser="sgd", critic_lr=1e6)
    train(run, PATHS)
    (status,) = json.loads((PATHS.run(run.id) / "status.json").read_text())
    assert status["state"] == "diverged"
    assert status["step"] <= run.steps
    assert "not finite" in status["reason"] or "a score reached" in status["reason"]
    assert len(pd.read_parquet(PATHS.run(run.id) / "curves.parquet")) >= 1
    assert sampler(run).steps == tuple(s for s in run.checkpoints if s < status["step"])


def test_seeds_differ_and_methods_share_their_inputs(runs: Factory):
    first, second = runs("gan_ns", seed=0), runs("gan_ns", seed=1)
    images = []
    for run in (first, second):
        train(run, PATHS)
        images.append(sampler(run).images(run.steps, 4))
    assert not torch.equal(*images)


def test_a_group_of_seeds_trains_each_as_if_alone(runs: Factory):
    alone = runs("wgan_gp", seed=1)
    group = alone.model_copy(update={"seeds": (0, 1, 2)})
    for run in (alone, group):
        train(run, PATHS)
    one, three = results(alone)[0], results(group)[0]
    mine = three[three["seed"] == 1].reset_index(drop=True)
    pd.testing.assert_frame_equal(one, mine, check_exact=False, rtol=2e-3, atol=1e-5)


def test_samples_are_the_same_z_in_any_number(runs: Factory):
    run = runs("gan_ns")
    train(run, PATHS)
    own = sampler(run)
    many, few = own.images(run.steps, 300), own.images(run.steps, 7)
    assert many.shape == (1, 300, 1, 28, 28)
    assert torch.equal(many[:, :7], few)


def test_pretraining_on_real_images_lowers_their_energy(runs: Factory):
    plain, pretrained = runs("ebgan"), runs("ebgan", techniques={"pretraining": {"pretrain": 60}})
    energies = []
    for run in (plain, pretrained):
        train(run, PATHS)
        energies.append(
            pd.read_parquet(PATHS.run(run.id) / "curves.parquet")["critic_loss"].iloc[0]
        )
    assert energies[1] < energies[0]


def test_a_corrupt_checkpoint_is_refused_in_one_line(runs: Factory):
    run = runs("gan_ns")
    train(run, PATHS)
    path = PATHS.run(run.id) / "checkpoints.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(store.CorruptFile, match="delete it and run snakemake again"):
        sampler(run)
