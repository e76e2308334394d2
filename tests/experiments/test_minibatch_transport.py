"""The c-transform against POT, a loop and weak duality; a critic that it completes finds the batch's W1."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch

from replication.experiments import minibatch_transport as experiment
from replication.papers.mallasto2019 import minibatch as panel
from replication.plan.config import Experiments
from replication.transport import plans
from replication.transport.transforms import c_transform, dual_value


def batch(seed: int, n: int = 7, m: int = 5):
    random = np.random.default_rng(seed)
    return plans.distances(random.normal(size=(n, 2)), random.normal(size=(m, 2))), random


def test_c_transform_by_a_loop_and_by_the_potential_of_the_plans():
    cost, random = batch(0)
    f = random.normal(size=len(cost))
    found = c_transform(torch.from_numpy(cost), torch.from_numpy(f)).numpy()
    loop = [min(cost[i, j] - f[i] for i in range(len(f))) for j in range(cost.shape[1])]
    assert found == pytest.approx(loop, abs=1e-15)
    assert found == pytest.approx(plans.potential(cost.T, f), abs=1e-15)


def test_dual_value_reaches_w_for_the_optimal_variables_and_never_passes_it():
    for seed in range(5):
        cost, random = batch(seed)
        p, q = (np.full(n, 1 / n) for n in cost.shape)
        exact = plans.wasserstein(p, q, cost)
        best = plans.anchors(q, p, cost.T)  # optimal dual variables of the first side
        value = dual_value(torch.from_numpy(cost), torch.from_numpy(best)).item()
        assert value == pytest.approx(exact, abs=1e-9)
        tried = torch.from_numpy(best + random.normal(size=(200, len(best))))
        assert (dual_value(torch.from_numpy(cost), tried) <= exact + 1e-12).all()


def test_the_gradient_is_one_share_per_point_less_what_is_assigned_to_it():
    cost, random = batch(3)
    f = torch.from_numpy(random.normal(size=len(cost))).requires_grad_()
    dual_value(torch.from_numpy(cost), f).backward()
    chosen = (cost - f.detach().numpy()[:, None]).argmin(0)
    counts = np.bincount(chosen, minlength=len(cost))
    assert f.grad.numpy() == pytest.approx(1 / len(cost) - counts / cost.shape[1], abs=1e-12)


def test_estimates_on_a_small_budget_obey_weak_duality_and_the_c_transform_is_nearest():
    torch.set_num_threads(1)
    table = experiment.measure(Experiments(seeds=2, effort=0.04))
    completed = table[table["solver"] == "c_transform"]
    assert (completed["estimate"] <= completed["exact"] + 1e-5).all()
    error = (table["estimate"] / table["exact"] - 1).abs().groupby(table["solver"]).mean()
    assert error["c_transform"] < 0.5
    assert error["c_transform"] < min(error["penalty"], error["clip"])
    assert table.groupby(["seed", "pair", "minibatch"])["exact"].nunique().eq(1).all()


def test_of_a_clipped_estimate_and_that_over_its_slope_the_nearer_one_counts():
    """Exact W1 is 2. The estimate of clipping is 0.02; over K = 0.02 it is 1, and K = 0 says nothing."""
    given = {"c_transform": (1.8, 1.0), "penalty": (1.5, 1.0), "clip": (0.02, 0.02)}
    rows = [
        {"pair": pair, "solver": solver, "seed": seed, "minibatch": batch, "exact": 2.0,
         "estimate": 0.0 if dead else estimate, "k": 0.0 if dead else k}
        for pair in panel.PAIRS for solver, (estimate, k) in given.items() for seed in (0, 1)
        for dead in [seed == 1 and solver == "clip"] for batch in range(3)
    ]  # fmt: skip
    table = panel.data(lambda name: pd.DataFrame(rows))
    assert panel.errors(table)["clip"].tolist() == pytest.approx([0.99, 1.0])
    found = panel.evidence(table)
    assert found["MAL19-C1a"] == pytest.approx([1 - 0.1 / 0.25] * 2)
    assert found["MAL19-C1b"] == pytest.approx([1 - 0.1 / 0.5, 1 - 0.1 / 1.0])
