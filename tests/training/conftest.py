"""A small data set and short runs in a folder of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml

from replication.data._base import prepare
from replication.plan.config import Run
from replication.plan.study import Study

ROOT = Path(__file__).parents[2]


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """A factory of resolved runs on 200 small images; the working folder is a fresh one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REPLICATION_CONFIG", raising=False)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (200, 28, 28), dtype=np.uint8)
    np.savez(tmp_path / "noise.npz", images=images)
    raw = yaml.safe_load((ROOT / "params.yaml").read_text())

    def make(
        method: str, net: str = "mlp", steps: int = 12, seed: int = 0, **change: object
    ) -> Run:
        raw["own_data"] = {"noise": str(tmp_path / "noise.npz")}
        raw["variants"] = {"changed": {"why": "a test", "change": change}}
        smoke = raw["profiles"]["smoke"] | {"critic_steps": steps, "seeds": seed + 1}
        smoke["arms"] = [
            {"dataset": "noise", "net": net, "methods": [method], "variants": ["changed"]}
        ]
        raw["profile"], raw["profiles"] = "smoke", {"smoke": smoke}
        (tmp_path / "params.yaml").write_text(yaml.safe_dump(raw))
        study = Study(raw)
        if not (path := study.paths.dataset("noise")).exists():
            prepare("noise", study.config, path)
        return study.run(f"noise/{net}/{method}/changed/seed{seed}")

    return make


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """As the pipeline's jobs."""
    torch.set_num_threads(1)
