"""Every experiment, as it is discovered: what its table holds, and that a seed's numbers are its own."""

from __future__ import annotations

import ast
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import torch

from replication.jobs.keys import images_of
from replication.plan import registry
from replication.plan.config import Experiments

EXPERIMENTS = registry.ids("experiments")
EFFORT = 0.005


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """As the pipeline's jobs."""
    torch.set_num_threads(1)


@pytest.fixture
def measured(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, int], pd.DataFrame]:
    """Runs an experiment on so many seeds; one that looks at images is shown 5,000 digits for whatever it asks for."""

    def measure(experiment: str, seeds: int) -> pd.DataFrame:
        given, module = (
            [Experiments(seeds=seeds, effort=EFFORT)],
            registry.load("experiments", experiment),
        )
        if images_of(experiment):
            given.append(request.getfixturevalue("digits"))
            monkeypatch.setattr(module, "DATASET", "mnist_5k")
        return module.measure(*given)

    return measure


@pytest.mark.parametrize(
    "experiment",
    [
        pytest.param(name, marks=[pytest.mark.slow] if images_of(name) else [])
        for name in EXPERIMENTS
    ],
)
def test_a_seed_does_not_depend_on_how_many_train_beside_it(
    experiment: str, measured: Callable[[str, int], pd.DataFrame]
) -> None:
    two, three = measured(experiment, 2), measured(experiment, 3)
    first, times = (
        two["seed"].min(),
        two["seed"].nunique() // 2,
    )  # where effects are small, twice the seeds or more
    assert set(two["seed"]) == set(range(first, first + 2 * times))
    assert set(three["seed"]) == set(range(first, first + 3 * times))
    kept = three[three["seed"] < first + 2 * times]
    order = [c for c in two.columns if not pd.api.types.is_float_dtype(two[c])]
    two, kept = (t.sort_values(order, kind="stable").reset_index(drop=True) for t in (two, kept))
    assert len(two) == len(kept)
    for column in two.columns:
        if pd.api.types.is_float_dtype(two[column]):
            scale = np.nanmax(np.abs(two[column]), initial=1e-6)
            np.testing.assert_allclose(
                kept[column], two[column], rtol=0.02, atol=0.01 * scale, err_msg=column
            )
        else:
            both_absent = two[column].isna() & kept[column].isna()
            assert ((two[column] == kept[column]) | both_absent).all(), column


@pytest.mark.parametrize(
    "panel", [p for p in registry.panels() if registry.panel_metadata(p).get("EXPERIMENTS")]
)
def test_a_panel_names_experiments_that_exist_and_reads_them(panel: str) -> None:
    named = registry.panel_metadata(panel)["EXPERIMENTS"]
    assert set(named) <= set(EXPERIMENTS)
    text = registry.panel_source(panel).read_text()
    read = {
        node.args[0].value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "experiment"
    }  # fmt: skip
    assert read == set(named)


def test_every_lab_is_shown_by_a_panel() -> None:
    shown = {
        experiment
        for p in registry.panels()
        for experiment in registry.panel_metadata(p).get("EXPERIMENTS", [])
    }
    assert shown == set(EXPERIMENTS)
