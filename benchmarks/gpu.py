"""What one GPU makes of a training step, and whether it keeps the project's promises there.

    python -m benchmarks.gpu                every row, written to benchmarks/gpu.csv (at most 8 minutes)
    python -m benchmarks.gpu --device cpu   the same code on a CPU, printed and not written

A row is a method on a net with so many seeds in one process. `milliseconds` is one iteration of Algorithm 1
(n_critic critic steps and a generator step), from the first launch to an idle device. `ratio_captured` is its time
over that of a CUDA graph of the same iteration on one batch again and again: what capturing could gain at most.
`ratio_compiled` is its time over that with `compile: true`. A cell is empty where a way was not measured; what
stopped it is printed. Three columns are promises: nothing in the loop waits for the device (`waits`), a run that
was cut off goes on to the same bits (`resumes`), and one seed gives the same bits twice (`repeats`).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from typing import Any

import torch
from torch import Tensor

from benchmarks import page
from benchmarks.steps import NETS, iteration, set_up
from replication.plan import registry

TABLE = page.FOLDER / "gpu.csv"
COLUMNS = [
    "method", "net", "seeds", "milliseconds", "ratio_compiled", "ratio_captured", "peak_mb", "waits", "resumes",
    "repeats",
]  # fmt: skip
#: Several seeds share a card in one process, on these nets; the compiler takes minutes, and is measured on this one.
SEEDS, SHARED, COMPILED = (1, 4, 16), ("mlp", "dcgan_32"), ("dcgan_64_cifar",)
TURNS, SECONDS, STEPS = 5, 0.2, 6

Row = dict[str, Any]


def main() -> int:
    """Measure, print and save."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    given = parser.parse_args()
    if given.device == "cuda" and not torch.cuda.is_available():
        print("torch sees no CUDA device: nothing was measured (--device cpu runs the same code)")
        return 0
    rows = []
    for method, net, seeds in cases():
        rows.append(row(method, net, seeds, given.device))
        print("  ".join(f"{name} {rows[-1][name]}" for name in COLUMNS), flush=True)
    if given.device == "cuda":
        page.write(TABLE, COLUMNS, rows)
    return 0


def cases() -> Iterator[tuple[str, str, int]]:
    """Every method and net with one seed, then the nets on which several are measured."""
    for net in NETS:
        for method in registry.ids("methods"):
            for seeds in SEEDS if net in SHARED else SEEDS[:1]:
                yield method, net, seeds


def row(method: str, net: str, seeds: int, device: str) -> Row:
    """One row of the table."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        training = set_up(method, net, device, seeds)
        eager = iteration(training)
        eager()
        found = {"method": method, "net": net, "seeds": seeds, "peak_mb": peak(eager, device)}
        ways = {"eager": eager}
        if device == "cuda":
            ways |= {"captured": captured} if (captured := capture(training)) else {}
        if net in COMPILED:
            ways["compiled"] = iteration(set_up(method, net, device, seeds, compile=True))
        seconds = in_turns(ways, device)
        found["milliseconds"] = round(1000 * seconds["eager"], 3)
        for way in ("compiled", "captured"):
            found[f"ratio_{way}"] = (
                round(seconds["eager"] / seconds[way], 2) if way in seconds else ""
            )
        found["waits"] = waits(eager) if device == "cuda" else ""
        whole = weights(play(method, net, device, seeds))
        found["repeats"] = same(whole, weights(play(method, net, device, seeds)))
        found["resumes"] = same(whole, weights(play(method, net, device, seeds, cut=STEPS // 2)))
    return found


def in_turns(ways: dict[str, Callable[[], None]], device: str) -> dict[str, float]:
    """Median seconds of a call of each way over `TURNS` turns of about `SECONDS` each."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    repeats = {name: max(1, round(SECONDS / timed(way, 1, device))) for name, way in ways.items()}
    for _ in range(TURNS):
        for name, way in ways.items():
            times[name].append(timed(way, repeats[name], device))
    return {name: statistics.median(own) for name, own in times.items()}


def timed(way: Callable[[], None], repeats: int, device: str) -> float:
    """Seconds of a call, after one that does not count, until the device is idle."""
    way()
    idle(device)
    start = time.perf_counter()
    for _ in range(repeats):
        way()
    idle(device)
    return (time.perf_counter() - start) / repeats


def idle(device: str) -> None:
    """Let the device finish."""
    if device == "cuda":
        torch.cuda.synchronize()


def peak(way: Callable[[], None], device: str) -> int | str:
    """Most memory of the device that a call holds, in MiB; empty on a CPU."""
    if device != "cuda":
        return ""
    torch.cuda.reset_peak_memory_stats()
    way()
    return round(torch.cuda.max_memory_allocated() / 2**20)


def capture(training: Any) -> Callable[[], None] | None:
    """An iteration on one batch as a CUDA graph; None, and a line that says why, where it cannot be captured."""
    game, n_critic = training.game, training.run.recipe.n_critic
    critic, generator = training.batches.critic(0), training.batches.generator(0, 1)

    def step() -> None:
        for _ in range(n_critic):
            game.critic_step(critic)
        game.generator_step(generator)

    graph, side = torch.cuda.CUDAGraph(), torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(side)
    try:
        with torch.cuda.graph(graph):
            step()
    except RuntimeError as error:
        print(f"not captured: {str(error).splitlines()[0]}")
        return None
    replay: Callable[[], None] = graph.replay
    return replay


def waits(way: Callable[[], None]) -> str:
    """Whether a call makes the processor wait for the device."""
    with waiting_is_an_error():
        try:
            way()
        except RuntimeError as error:
            print(f"waits: {str(error).splitlines()[0]}")
            return "yes"
    return "no"


@contextmanager
def waiting_is_an_error() -> Iterator[None]:
    """Torch raises where an operation would wait for the device."""
    torch.cuda.set_sync_debug_mode("error")
    try:
        yield
    finally:
        torch.cuda.set_sync_debug_mode("default")


def play(method: str, net: str, device: str, seeds: int, cut: int | None = None) -> Any:
    """A training of `STEPS` generator steps in a folder of its own; stopped before step `cut` and begun again."""
    from replication.training.loop import Paused

    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        if cut is None:
            training = set_up(method, net, device, seeds, steps=STEPS)
            training.play(lambda step: None)
            return training
        first = set_up(method, net, device, seeds, steps=STEPS)
        try:
            first.play(lambda step: None, lambda: first.step == cut)
        except Paused:
            second = set_up(method, net, device, seeds, steps=STEPS)
            second.play(lambda step: None)
            return second
    raise RuntimeError("the training was not cut off")


def weights(training: Any) -> list[Tensor]:
    """All weights of both nets."""
    game = training.game
    return [*game.generator.state_dict().values(), *game.critic.state_dict().values()]


def same(a: list[Tensor], b: list[Tensor]) -> str:
    """Whether two lists of tensors agree to the bit."""
    return "yes" if all(torch.equal(x, y) for x, y in zip(a, b, strict=True)) else "no"


if __name__ == "__main__":
    sys.exit(main())
