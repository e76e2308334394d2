"""Invented results on points in the plane: heaps under noise that fades as training goes on.

The arms are those of the laptop profile in params.yaml, so that every panel over points has what it needs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
import yaml

from replication.data import grid, ring
from replication.evidence import pictures
from replication.evidence.evaluate import Kept
from replication.jobs import files
from replication.plan import registry
from replication.plan.config import Run
from replication.plan.paths import Paths

PARAMS = yaml.safe_load((Path(registry.PACKAGE).parent / "params.yaml").read_text())
DATA = {"ring": ring, "grid": grid}
MODES = {"ring": 8, "grid": 25}
METRICS = ("w1", "modes", "high_quality", "reverse_kl")

#: This seed of this arm diverges.
DIVERGES = ("ring", "gan_ns", "decay_pacgan2", 1)


def arms(seeds: int, methods: Any) -> list[dict[str, Any]]:
    """The arms of points: all of the laptop profile, or two where only two methods are asked for."""
    few = {"dataset": "ring", "net": "points", "variants": ["decay"], "together": True}
    if len(methods) == 2:
        return [few | {"methods": methods}]
    own = [arm for arm in PARAMS["profiles"]["laptop"]["arms"] if arm["dataset"] in DATA]
    budget = {"critic_steps": PARAMS["profiles"]["laptop"]["critic_steps"]}
    return [budget | arm | {"seeds": seeds, "checkpoints": 8} for arm in own]


def quality(run: Run, seed: int, rng: np.random.Generator) -> pd.DataFrame:
    """The metrics of a seed at its checkpoints."""
    step = np.array(run.checkpoints)
    done = 1 - np.exp(-4 * step / run.steps)
    modes, noise = MODES[run.dataset], rng.normal(1, 0.05, (len(METRICS), len(step)))
    values = {
        "w1": (1.2 - 0.9 * done) * noise[0],
        "modes": np.minimum(modes, np.round(modes * (0.3 + 0.6 * done) * noise[1])),
        "high_quality": np.minimum(1, 0.8 * done * noise[2]),
        "reverse_kl": (1.5 - 1.2 * done) * noise[3],
    }
    rows = [
        pd.DataFrame({"seed": seed, "step": step, "metric": metric, "value": value})
        for metric, value in values.items()
    ]
    return pd.concat(rows, ignore_index=True)


def samples(kept: Kept, run: Run, rng: np.random.Generator) -> None:
    """Give the clouds of all seeds at every checkpoint to what keeps them; what diverged is no number."""
    shape = (len(run.seeds), 200, 2)
    points = np.stack([DATA[run.dataset].draw(rng, 200)[0] for _ in run.seeds])
    for step in run.checkpoints:
        spread = 0.5 * np.exp(-4 * step / run.steps)
        clouds = points + rng.normal(0, spread, shape)
        last = step == run.steps
        if diverges(run, 1) and last:
            clouds[1] = np.nan
        kept.add(run.seeds, step, torch.from_numpy(clouds), torch.empty(shape[0], 0), last=last)


def diverges(run: Run, seed: int) -> bool:
    return (run.dataset, run.method, run.variant, seed) == DIVERGES


def made_by(job: str) -> dict[str, str]:
    """The key of a job, as evidence names what made it; those of the jobs behind it are left out."""
    return {job: f"{'ab' * 8}.{'cd' * 8}"}


def table(path: Path, frame: pd.DataFrame) -> None:
    """Write a table of evidence."""
    with files.replacing(path) as aside:
        frame.to_parquet(aside, index=False)


def data(paths: Paths, dataset: str) -> None:
    """The evidence of a data set."""
    folder, (points, _) = paths.real(dataset), DATA[dataset].draw(np.random.default_rng(0), 2000)
    about = {
        "dataset": dataset, "made_by": made_by(f"reference/{dataset}"),
        "train": 1000, "heldout": len(points), "shape": points.shape[1:], "labelled": True, "classifier": {},
    }  # fmt: skip
    files.write_json(folder / "dataset.json", about)
    reference = pd.DataFrame({"metric": METRICS, "value": [0.05, MODES[dataset], 0.99, 0.01]})
    table(folder / "real.parquet", reference)
    pictures.write_points(folder / "heldout.parquet", [({"part": 0}, points[:1000])])
