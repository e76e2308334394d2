"""Many DCGANs: what differs between models and what does not, and models that blow up."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from replication.experiments import _images
from replication.experiments import many_dcgans as experiment


def test_models_differ_in_method_and_rate_alone() -> None:
    runs = [experiment.run_at(m, 200, r) for m in experiment.METHODS for r in experiment.RATES]
    assert len({(run.method, run.recipe.critic_lr) for run in runs}) == len(runs) >= 30
    for run in runs:
        own = _images.run_of(run.method, experiment.DATASET, 200)
        assert run.recipe.generator_lr == run.recipe.critic_lr
        rates = {"critic_lr": own.recipe.critic_lr, "generator_lr": own.recipe.generator_lr}
        assert run.recipe.model_copy(update=rates) == own.recipe
        assert run.recipe.n_critic == 1
        assert run.net.settings == own.net.settings | {"width": experiment.WIDTH}


def test_a_model_that_has_blown_up_has_no_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = SimpleNamespace(evaluation=SimpleNamespace(samples=4), protocol=None)
    monkeypatch.setattr(experiment, "seen", lambda *given: SimpleNamespace(finite=False))
    run = experiment.run_at("gan_ns", 200, 1e-2)
    assert experiment._scores(judge, torch.nn.Identity(), run) == {}
