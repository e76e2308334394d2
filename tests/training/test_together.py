"""Seeds that train together: each is as it would be alone, whatever becomes of the others."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import torch
import yaml

from replication.data._base import prepare
from replication.plan import registry
from replication.plan.config import Run
from replication.plan.paths import Paths
from replication.plan.study import Study
from replication.training.loop import Training, train
from replication.training.recorder import COLUMNS

ROOT = Path(__file__).parents[2]
PATHS = Paths.of("smoke")
STEPS = 10


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the prepared points."""
    place = tmp_path_factory.mktemp("together")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        prepare("ring", plan("gan_ns", together=True).config, PATHS.dataset("ring"))
    return place


def plan(method: str, *, together: bool, **change: object) -> Study:
    raw = yaml.safe_load((ROOT / "params.yaml").read_text())
    raw["variants"] = {"changed": {"why": "a test", "change": change}}
    arm = {"dataset": "ring", "net": "points", "methods": [method], "variants": ["changed"]}
    budget = raw["profiles"]["smoke"] | {"critic_steps": 5 * STEPS, "checkpoints": 2}
    raw["profile"] = "smoke"
    raw["profiles"] = {"smoke": budget | {"arms": [arm | {"seeds": 3, "together": together}]}}
    return Study(raw)


def trained(run: Run) -> pd.DataFrame:
    train(run, PATHS)
    return pd.read_parquet(PATHS.run(run.id) / "curves.parquet")


@pytest.mark.parametrize("method", registry.ids("methods"))
def test_a_seed_does_not_depend_on_its_neighbours(
    method: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    (group,) = plan(method, together=True, batch=16).runs.values()
    assert group.id.endswith("/seeds0-2")
    both = trained(group)
    for run in plan(method, together=False, batch=16).runs.values():
        own = both[both["seed"] == run.seeds[0]].reset_index(drop=True)
        alone = trained(run)
        # Sums run in another order when matrices are batched, so float32 differs in its last digits.
        torch.testing.assert_close(
            torch.tensor(own[list(COLUMNS)].to_numpy()),
            torch.tensor(alone[list(COLUMNS)].to_numpy()),
            rtol=2e-3, atol=1e-4, equal_nan=True,
        )  # fmt: skip


def test_a_seed_that_diverges_leaves_the_others_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    (run,) = plan("gan_ns", together=True, batch=16).runs.values()
    undisturbed = trained(run)
    log = Training.log

    def poisoned(self: Training) -> None:
        if self.step == run.logs[1]:
            with torch.no_grad():
                next(self.game.critic.parameters())[1] = torch.nan
        log(self)

    monkeypatch.setattr(Training, "log", poisoned)
    poisoned_curves = trained(run)
    status = json.loads((PATHS.run(run.id) / "status.json").read_text())
    assert [own["state"] for own in status] == ["finished", "diverged", "finished"]
    assert status[1]["step"] == run.logs[1]
    assert "not finite" in status[1]["reason"]
    assert poisoned_curves.groupby("seed")["step"].max().tolist() == [
        run.steps, run.logs[1], run.steps
    ]  # fmt: skip
    drop = ["seconds"]
    for seed in (0, 2):
        pd.testing.assert_frame_equal(
            poisoned_curves[poisoned_curves["seed"] == seed]
            .drop(columns=drop)
            .reset_index(drop=True),
            undisturbed[undisturbed["seed"] == seed].drop(columns=drop).reset_index(drop=True),
        )
