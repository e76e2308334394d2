"""Ten seeds of a toy arm in one process against ten runs of one seed: seconds of the same training steps.

    python benchmarks/together.py [repeats]

Both train the same nets on the same draws. The two ways take turns, start-up is not counted (it would only
favour training together), and the medians' ratio is printed for every method.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from contextlib import chdir
from pathlib import Path

import yaml

from replication.data._base import load, prepare
from replication.plan import registry
from replication.plan.config import Run
from replication.plan.paths import Paths
from replication.plan.study import Study
from replication.training.loop import Training

ROOT = Path(__file__).parents[1]
PATHS = Paths.of("laptop")
SEEDS, CRITIC_STEPS = 10, 200


def study(method: str, together: bool) -> Study:
    """One toy arm, its seeds together or apart."""
    raw = yaml.safe_load((ROOT / "params.yaml").read_text())
    arm = {"dataset": "ring", "net": "points", "methods": [method], "variants": ["decay"]}
    budget = raw["profiles"]["laptop"] | {"critic_steps": CRITIC_STEPS, "checkpoints": 2, "logs": 2}
    budget["arms"] = [arm | {"seeds": SEEDS, "together": together}]
    return Study(raw | {"profile": "laptop", "profiles": {"laptop": budget}})


def seconds(runs: list[Run]) -> float:
    """Time in the training steps of some runs, one after another."""
    images = load(PATHS.dataset("ring"))
    total = 0.0
    for run in runs:
        training = Training(run, images, PATHS.scratch)
        start = time.perf_counter()
        training.play(lambda step: None)
        total += time.perf_counter() - start
        for file in training.scratch.iterdir():
            file.unlink()
    return total


def main(repeats: int) -> None:
    """Print one line per method."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        prepare("ring", study("gan_ns", together=True).config, PATHS.dataset("ring"))
        print("method        together   apart   together / apart (lowest to highest)")
        for method in registry.ids("methods"):
            ways = [list(study(method, way).runs.values()) for way in (True, False)]
            pairs = [(seconds(ways[0]), seconds(ways[1])) for _ in range(repeats)]
            ratios = sorted(a / b for a, b in pairs)
            together, apart = (statistics.median(side) for side in zip(*pairs, strict=True))
            print(f"{method:12} {together:7.2f} s {apart:7.2f} s   {statistics.median(ratios):.2f} "
                  f"({ratios[0]:.2f} to {ratios[-1]:.2f})", flush=True)  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
