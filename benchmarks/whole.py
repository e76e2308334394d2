"""Throughput of the whole machine: the objectives of the laptop profile, our way and a tutorial's.

    python -m benchmarks.whole                 written to benchmarks/whole.csv

Ours is what the workflow does: one training on one thread for every core, all at once. The other way is a user's
with a script per objective: one after another, each on as many threads as PyTorch takes by itself. Both take the same
iterations of Algorithm 1 on equal nets; the ways take turns, and medians are kept. A ratio of 2 says that our way
finishes the same runs in half the time.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import chdir
from pathlib import Path
from typing import Any

from benchmarks import page, steps

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "benchmarks" / "whole.csv"
COLUMNS = ["method", "net", "iterations", "seconds_ours", "seconds_textbook", "ratio"]
NET, TURNS, SECONDS = "mlp", 5, 1.0


def main() -> int:
    """Measure every objective, print, and save."""
    from replication.plan import registry

    cores = os.cpu_count() or 1
    rows = [row(method, cores) for method in registry.ids("methods")]
    totals = {key: round(sum(own[key] for own in rows), 2) for key in COLUMNS[3:5]}
    ratio = round(totals["seconds_textbook"] / totals["seconds_ours"], 2)
    rows.append({"method": "all", "net": NET, "iterations": "", **totals, "ratio": ratio})
    print(*rows[-1].values(), sep="\t")
    page.write(TABLE, COLUMNS, rows)
    return 0


def row(method: str, cores: int) -> dict[str, Any]:
    """Seconds in which each way takes as many iterations as our way takes in `SECONDS` on every core."""
    count = max(1, round(SECONDS / seconds(method, "ours", 20, 1) * 20))
    turns = [
        (seconds(method, "ours", count, cores), cores * seconds(method, "textbook", count, 1))
        for _ in range(TURNS)
    ]
    ours, textbook = (statistics.median(way) for way in zip(*turns, strict=True))
    ratio = statistics.median(b / a for a, b in turns)
    values = (method, NET, count * cores, round(ours, 2), round(textbook, 2), round(ratio, 2))
    print(*values, sep="\t", flush=True)
    return dict(zip(COLUMNS, values, strict=True))


def seconds(method: str, way: str, count: int, copies: int) -> float:
    """Seconds that the slowest of so many processes spends in `count` iterations, all at once."""
    command = [sys.executable, "-m", "benchmarks.whole", method, way, str(count)]
    free = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    jobs = [
        subprocess.Popen(command, cwd=ROOT, env=free, stdout=subprocess.PIPE, text=True)
        for _ in range(copies)
    ]
    said = [job.communicate()[0] for job in jobs]
    if any(job.returncode for job in jobs):
        raise SystemExit(f"{method}, {way}: failed")
    return max(json.loads(text.splitlines()[-1]) for text in said)


def measure(method: str, way: str, count: int) -> float:
    """Seconds of this process in `count` iterations, after two that are not counted."""
    import torch

    from benchmarks.textbook import Textbook
    from replication.jobs import memory

    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        if way == "ours":
            memory.keep()
            torch.set_num_threads(1)
            iterate = steps.iteration(steps.set_up(method, NET))
        else:
            threads = torch.get_num_threads()
            training = steps.set_up(method, NET)
            torch.set_num_threads(threads)  # a training of ours takes one
            iterate = Textbook(training.run, training.train).iteration
        iterate()
        iterate()
        start = time.perf_counter()
        for _ in range(count):
            iterate()
        return time.perf_counter() - start


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
        sys.exit(0)
    sys.exit(main())
