"""The switch `compile`: the same run by way of torch's compiler.

Its tracing and its gradients are what can go wrong here, so the passes are traced and then run as they are,
without the minute that generating and compiling C++ takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from torch import nn

from replication.data._base import load
from replication.jobs import provenance
from replication.plan.config import Run
from replication.plan.paths import Paths
from replication.tensors import store
from replication.training.game import compile_passes
from replication.training.loop import Training, train

PATHS = Paths.of("smoke")
Factory = Callable[..., Run]


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> list[nn.Module]:
    """The nets that were compiled."""
    plain, nets = nn.Module.compile, []

    def compile(net: nn.Module, **settings: Any) -> None:
        plain(net, backend="aot_eager", **settings)
        nets.append(net)

    monkeypatch.setattr(nn.Module, "compile", compile)
    return nets


def results(run: Run) -> tuple[pd.DataFrame, set[str]]:
    train(run, PATHS)
    folder = PATHS.run(run.id)
    curves = pd.read_parquet(folder / "curves.parquet").drop(columns="seconds")
    return curves, set(store.load(folder / "checkpoints.safetensors")[0])


@pytest.mark.parametrize("method", ["gan_ns", "sngan"])
def test_a_compiled_run_has_the_same_curves_and_names(
    runs: Factory, method: str, traced: list[nn.Module]
) -> None:
    run = runs(method, steps=4)
    curves, names = results(run)
    assert not traced
    compiled, compiled_names = results(run.model_copy(update={"compile": True}))
    pd.testing.assert_frame_equal(curves, compiled, check_exact=False, rtol=1e-4, atol=1e-6)
    assert len(traced) == 2
    assert names == compiled_names


def test_a_net_that_a_penalty_differentiates_twice_is_left_alone(runs: Factory) -> None:
    run = runs("wgan_gp", steps=4)
    training = Training(run, load(PATHS.dataset(run.dataset)), PATHS.scratch)
    compile_passes(training.game.critic)
    assert training.game.critic._compiled_call_impl is None
    compile_passes(training.game.generator)
    assert training.game.generator._compiled_call_impl is not None


def test_a_compiled_run_is_another_run(runs: Factory) -> None:
    run = runs("gan_ns", steps=4)
    assert provenance.fingerprint(run) != provenance.fingerprint(
        run.model_copy(update={"compile": True})
    )
