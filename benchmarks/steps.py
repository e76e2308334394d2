"""What a training step costs: against its kernel floor, and against the loop that a tutorial would have you write.

    python -m benchmarks.steps                 every method and net, written to benchmarks/{table,operators}.csv
    python -m benchmarks.steps --quick         the dense nets only, compared with the committed table

One iteration of Algorithm 1 (n_critic critic steps and one generator step) is timed three ways, in turns and in
one process per row: our loop; the floor, which is the matrix products and convolutions of our own iteration and
nothing else; and a textbook loop on equal nets. Times mean nothing on shared machines, so the table holds ratios:
medians over the turns. Utilisation is the multiply-adds of an iteration over its time, as a share of what the
machine does in a product of two 1,024 x 1,024 matrices, timed in the same turns. Peak memory is that of the
process after our loop has run, less what it held before. Last, torch's profiler says which operators our time
goes to; `python` is what it finds in none of them.
"""

from __future__ import annotations

import argparse
import csv
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

ROOT = Path(__file__).parents[1]
TABLE, OPERATORS = (ROOT / "benchmarks" / name for name in ("table.csv", "operators.csv"))
COLUMNS = [
    "method", "net", "ratio_step_to_floor", "ratio_textbook_to_ours", "utilisation", "peak_mb", "spread",
]  # fmt: skip

#: Name: data set of random images (channels, side) and net of params.yaml.
NETS = {"mlp": (1, 28, "mlp"), "dcgan_32": (1, 28, "dcgan"), "dcgan_64_cifar": (3, 32, "dcgan_64")}
TURNS, SECONDS = 7, 0.5
QUICK = ("mlp",)
#: A ratio may get so much worse before the quick check fails.
TOLERANCE = 0.25


def main() -> int:
    """Measure, print and save; or measure the quick part and compare."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="compare with the committed table")
    parser.add_argument("--row", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.row:
        print(json.dumps(measure(*given.row)))
        return 0
    from benchmarks import page
    from replication.plan import registry

    nets = QUICK if given.quick else tuple(NETS)
    print("".join(f"{name:>24}" for name in COLUMNS))
    rows = [row(method, net) for net in nets for method in registry.ids("methods")]
    if given.quick:
        return compare(rows)
    shares = [
        {"method": own["method"], "net": own["net"], "operator": name, "share": share}
        for own in rows
        for name, share in own["operators"].items()
    ]
    page.write(OPERATORS, ["method", "net", "operator", "share"], shares)
    page.write(TABLE, COLUMNS, [{name: own[name] for name in COLUMNS} for own in rows])
    return 0


def row(method: str, net: str) -> dict[str, Any]:
    """One row, measured in a process of its own, whose memory is nobody else's."""
    command = [sys.executable, "-m", "benchmarks.steps", "--row", method, net]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print("".join(f"{found[name]!s:>24}" for name in COLUMNS), flush=True)
    return found


def compare(rows: list[dict[str, Any]]) -> int:
    """1 where a ratio is worse than the committed one by more than `TOLERANCE`."""
    with TABLE.open(encoding="utf-8") as file:
        committed = {(r["method"], r["net"]): r for r in csv.DictReader(file)}
    worse = 0
    for own in (own for own in rows if (own["method"], own["net"]) in committed):
        before = committed[own["method"], own["net"]]
        step = own["ratio_step_to_floor"] / float(before["ratio_step_to_floor"])
        lead = float(before["ratio_textbook_to_ours"]) / own["ratio_textbook_to_ours"]
        if max(step, lead) > 1 + TOLERANCE:
            worse = 1
            loss = 100 * (max(step, lead) - 1)
            print(f"{own['method']} {own['net']}: {loss:.0f} % worse than committed")
    return worse


def measure(method: str, net: str) -> dict[str, Any]:
    """Time one method and net in turns."""
    import torch

    from benchmarks import floor
    from benchmarks.textbook import Textbook
    from replication.jobs import memory

    memory.keep()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        training = set_up(method, net)
        before = resident()
        ours = iteration(training)
        ours()
        peak = resident() - before
        recorder = floor.record(ours)
        book = Textbook(training.run, training.train)
        square = torch.randn(2, 1024, 1024)
        ways: dict[str, Callable[[], Any]] = {
            "ours": ours,
            "floor": lambda: floor.replay(recorder),
            "textbook": book.iteration,
            "square": lambda: square[0] @ square[1],
        }
        times = in_turns(ways)
        operators = shares(ours)
    ratio = [a / b for a, b in zip(times["ours"], times["floor"], strict=True)]
    lead = [b / a for a, b in zip(times["ours"], times["textbook"], strict=True)]
    needed, rate = floor.multiply_adds(recorder), 1024**3 / statistics.median(times["square"])
    return {
        "method": method,
        "net": net,
        "ratio_step_to_floor": round(statistics.median(ratio), 2),
        "ratio_textbook_to_ours": round(statistics.median(lead), 2),
        "utilisation": round(needed / statistics.median(times["ours"]) / rate, 2),
        "peak_mb": round(peak),
        "spread": round((max(ratio) - min(ratio)) / statistics.median(ratio), 2),
        "operators": operators,
    }


def shares(way: Callable[[], None], repeats: int = 10, most: int = 8) -> dict[str, float]:
    """Share of the time of each of torch's operators, the costliest first, and of Python around them."""
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU]) as profiler:
        start = time.perf_counter()
        for _ in range(repeats):
            way()
        microseconds = 1e6 * (time.perf_counter() - start)
    spent = {
        event.key.removeprefix("aten::"): event.self_cpu_time_total / microseconds
        for event in profiler.key_averages()
        if event.key.startswith("aten::")
    }
    costliest = sorted(spent, key=lambda name: -spent[name])[:most]
    found = {name: round(spent[name], 3) for name in costliest}
    return found | {"python": round(max(0.0, 1 - sum(spent.values())), 3)}


def set_up(
    method: str,
    net: str,
    device: str = "cpu",
    seeds: int = 1,
    steps: int = 0,
    compile: bool = False,
) -> Any:
    """A run of the method's own recipe on random images, before its first step.

    Args:
        method: a method's name.
        net: one of `NETS`.
        device: ``cpu`` or ``cuda``.
        seeds: how many train together.
        steps: of the generator, with one log at their end; the laptop's where 0.
        compile: the nets' passes go through torch's compiler.
    """
    import numpy as np

    from replication.data._base import load, prepare
    from replication.plan.study import Study
    from replication.training.loop import Training

    channels, side, name = NETS[net]
    shape = (600, side, side) if channels == 1 else (600, side, side, channels)
    np.savez("noise.npz", images=np.random.default_rng(0).integers(0, 256, shape, np.uint8))
    raw = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    arm = {"dataset": "noise", "net": name, "methods": [method], "together": seeds > 1}
    budget = raw["profiles"]["laptop"] | {"seeds": seeds, "arms": [arm]}
    own = {"profiles": {"laptop": budget}, "own_data": {"noise": "noise.npz"}, "device": device}
    study = Study(raw | own | {"profile": "laptop", "compile": compile})
    path = study.paths.dataset("noise")
    prepare("noise", study.config, path)
    run = next(iter(study.runs.values()))
    if steps:
        short = {
            "steps": steps,
            "logs": (steps,),
            "checkpoints": (steps,),
            "copied_critic_steps": 0,
        }
        run = run.model_copy(update=short)
    return Training(run, load(path), study.paths.scratch)


def iteration(training: Any) -> Callable[[], None]:
    """One iteration of Algorithm 1 as the loop of `replication.training` takes it."""
    game, batches, counter = training.game, training.batches, iter(range(10**9))

    def step() -> None:
        for _ in range(training.run.recipe.n_critic):
            i = next(counter)
            game.critic_step(batches.critic(i))
        game.generator_step(batches.generator(i, i + 1))

    return step


def in_turns(ways: dict[str, Callable[[], Any]]) -> dict[str, list[float]]:
    """Seconds per call of each way, `TURNS` times in turns, each for about `SECONDS`."""
    repeats = {}
    for name, way in ways.items():
        way()
        start = time.perf_counter()
        way()
        repeats[name] = max(1, round(SECONDS / (time.perf_counter() - start)))
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(TURNS):
        for name, way in ways.items():
            start = time.perf_counter()
            for _ in range(repeats[name]):
                way()
            times[name].append((time.perf_counter() - start) / repeats[name])
    return times


def resident() -> float:
    """Most memory that this process has held so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
