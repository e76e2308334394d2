"""How cost grows: time and memory of a step over seeds, width, batch and data, and of an evaluation over samples.

    python -m benchmarks.growth                written to benchmarks/growth.csv

Every point is a process of its own on one thread. Points of an axis are measured in turns, several times, and the
median is kept: times mean little on shared machines, their growth along an axis more. The report's page on the
methods draws them.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import Any

import yaml

from benchmarks import page

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "benchmarks" / "growth.csv"
COLUMNS = ["axis", "value", "milliseconds", "peak_mb"]
TURNS, SECONDS = 3, 0.5

#: What is varied, and over what; everything else is as in the laptop profile.
AXES = {
    "seeds": (1, 2, 4, 8, 16, 32),
    "width": (8, 16, 32, 64),
    "batch": (16, 32, 64, 128, 256),
    "images": (1_000, 4_000, 16_000, 64_000),
    "samples": (500, 1_000, 2_000, 5_000, 10_000),
}


def main() -> int:
    """Measure every point, print, and save."""
    rows = []
    for axis, values in AXES.items():
        turns = [[point(axis, value) for value in values] for _ in range(TURNS)]
        for value, found in zip(values, zip(*turns, strict=True), strict=True):
            medians = (round(statistics.median(own), 2) for own in zip(*found, strict=True))
            rows.append(dict(zip(COLUMNS, (axis, value, *medians), strict=True)))
            print(*rows[-1].values(), sep="\t", flush=True)
    page.write(TABLE, COLUMNS, rows)
    return 0


def point(axis: str, value: int) -> tuple[float, float]:
    """Milliseconds of a step (or an evaluation) and MiB that it took, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.growth", axis, str(value)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    milliseconds, peak = json.loads(done.stdout.splitlines()[-1])
    return milliseconds, peak


def measure(axis: str, value: int) -> tuple[float, float]:
    """What `point` returns, of this process."""
    import torch

    from replication.jobs import memory

    memory.keep()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        work = evaluation(value) if axis == "samples" else step(axis, value)
        work()
        start = time.perf_counter()
        count = 0
        while time.perf_counter() - start < SECONDS:
            work()
            count += 1
        return 1e3 * (time.perf_counter() - start) / count, _resident()


def step(axis: str, value: int) -> Callable[[], Any]:
    """An iteration of Algorithm 1 with one thing varied: points for seeds, perceptrons or convolutions for the rest."""
    from benchmarks.steps import iteration
    from replication.data._base import load, prepare
    from replication.plan.study import Study
    from replication.training.loop import Training

    raw = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    arm: dict[str, Any] = {"dataset": "noise", "net": "mlp", "methods": ["gan_ns"], "seeds": 1}
    if axis == "seeds":
        arm |= {"dataset": "ring", "net": "points", "together": True, "seeds": value}
    if axis == "width":
        raw["nets"]["dcgan_w"] = {"net": "dcgan", "settings": {"width": value}}
        arm["net"] = "dcgan_w"
    if axis == "batch":
        raw["methods"] = {"gan_ns": {"batch": value}}
    _noise(value if axis == "images" else 1_000)
    budget = raw["profiles"]["laptop"] | {"arms": [arm]}
    own = {"profiles": {"laptop": budget}, "own_data": {"noise": "noise.npz"}, "device": "cpu"}
    study = Study(raw | own | {"profile": "laptop"})
    path = study.paths.dataset(arm["dataset"])
    prepare(arm["dataset"], study.config, path)
    run = next(iter(study.runs.values()))
    return iteration(Training(run, load(path), study.paths.scratch))


def evaluation(samples: int) -> Callable[[], Any]:
    """All metrics of so many generated digits, by a classifier of one epoch."""
    import torch

    from replication.data._base import prepare
    from replication.features import lenet
    from replication.metrics._judge import Judge
    from replication.plan.config import Evaluation
    from replication.plan.study import Study

    study, dataset = Study(ROOT / "params.yaml"), "mnist_5k"
    prepare(dataset, study.config, study.paths.dataset(dataset))
    lenet.train(study.paths, dataset, epochs=1, threads=1)
    protocol = Evaluation(samples=samples, transport_samples=1_000, kid_subsets=20)
    judge = Judge(study.paths, dataset, protocol)
    drawn = torch.randint(len(judge.images.train), (samples,))
    images = (judge.images.train[drawn] + 0.1 * torch.randn(samples, 1, 28, 28)).clamp(-1, 1)
    return lambda: judge.score(images, without=["independent_critic"])


def _noise(count: int) -> None:
    """A data set of random images, in the working folder."""
    import numpy as np

    images = np.random.default_rng(0).integers(0, 256, (count, 28, 28), np.uint8)
    np.savez("noise.npz", images=images)


def _resident() -> float:
    """Most memory that this process has held so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
        sys.exit(0)
    sys.exit(main())
