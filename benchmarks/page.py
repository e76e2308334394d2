"""The tables of this folder, how they are written, and the page that shows them: benchmarks/README.md."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.machine import machine, versions

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "benchmarks"
PAGE, MADE = FOLDER / "README.md", FOLDER / "made.json"

Rows = list[dict[str, Any]]

#: What a step should cost; utilisation by net.
FLOOR, LEAD, UTILISATION = 1.2, 1.5, {"mlp": 0.7, "dcgan_32": 0.6}
#: What a study may spend on all but its work, and of its work on evaluation.
OVERHEAD, EVALUATION = 0.15, 0.15
#: What the whole machine should gain.
WHOLE = 2.0

TRIED = """\
- **In use**: one forward pass of the critic for real and generated images where no batch is normalised; no graph of
  the generator in critic steps, no weight gradients of the critic in generator steps; rectifiers without second
  derivatives where a penalty takes them, torch's own elsewhere (Python between two kernels took 4 to 5 % on
  perceptrons); the transposed convolution to one channel as a convolution, and so the gradient of images of few
  channels (2 to 4 %), with its kernel rearranged by one product; channels last; in-place rectifiers in the
  convolutional generator (0 to 4 %); Adam and RMSProp as one fused kernel that is called at once (3 to 4 % on
  perceptrons); clipping in one pass over a weight; spectral norm on a dense layer's output and on a convolution's
  kernel, whichever is smaller (15 % of SN-GAN's step on DCGAN of width 32, against the output for both); plain matrix
  products where a penalty differentiates twice; noise drawn in blocks; freed memory stays with the process; denormals
  are zero.
- **Tried, and left out**: plain matrix products everywhere (1 to 2 % slower without a penalty); channels last for
  images of one channel too (3 % slower, with a penalty 9 %; with channels-last kernels besides, no difference);
  channels-last kernels alone (14 % slower); channels last from the rearranged images on (8 % slower with a penalty);
  in-place rectifiers in critics (no difference); torch's compiler around the nets' passes (`compile: true`: 1.4 to 1.5
  times as slow on one core, and half a minute before the first step); remembering a net's lists of weights and layers
  between steps (under 1 %).
- **What holds the ratio above its floor**: on perceptrons the calls themselves (`python` above, which the profiler
  makes larger; what an iteration takes whose products are next to nothing is the first row of "How cost grows"), and
  Adam, which reads and writes seven numbers for each weight at every step; on convolutions batch normalisation,
  rectifiers and copies between layouts. Narrow first and last layers keep utilisation below that of large products.
"""


def write(path: Path, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    """A table as csv, with a note on what it was made with; and the page."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    known = json.loads(MADE.read_text(encoding="utf-8")) if MADE.exists() else {}
    known[path.stem] = {
        "machine": machine(),
        "versions": versions("torch", "snakemake"),
        "commit": _git("rev-parse", "--short", "HEAD"),
    }
    MADE.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The page, of the tables that there are."""
    parts = [
        "# What it costs\n",
        "Written by `make bench`; ratios are of ways that took turns on one machine.\n",
    ]
    for title, stem, section in (
        ("Where the hour goes", "hour", _hour),
        ("A training step", "table", _steps),
        ("The whole machine", "whole", _whole),
        ("How cost grows", "growth", _growth),
        ("Planning a study", "scale", _scale),
        ("On one GPU", "gpu", _gpu),
    ):
        if rows := read(stem):
            parts += [f"## {title}\n", *section(rows), _made(stem)]
        elif stem == "gpu":
            parts += [
                f"## {title}\n",
                "Not measured yet: `make gpu-check` on a machine with one, 8 minutes at most.\n",
            ]
    return "\n".join(parts)


def read(stem: str) -> Rows:
    """A table of this folder; empty where it was not made."""
    path = FOLDER / f"{stem}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _hour(rows: Rows) -> list[str]:
    share = {row["part"]: float(row["share"]) for row in rows}
    work = share["training"] + share["evaluation"] + share["experiments"]
    met = {
        f"at most {OVERHEAD:.0%} of the cores' time for what is no training, evaluation or experiment": 1
        - work
        <= OVERHEAD,
        f"at most {EVALUATION:.0%} of that work for evaluation": share["evaluation"]
        <= EVALUATION * work,
    }
    return [
        "`make reproduce` from nothing, all cores: what each second of each core was for.\n",
        *(f"- {target}: {'met' if own else 'missed'}" for target, own in met.items()),
        "",
        *_markdown(rows),
    ]


def _steps(rows: Rows) -> list[str]:
    met = {
        f"at most {FLOOR} times the floor": [
            float(r["ratio_step_to_floor"]) <= FLOOR for r in rows
        ],
        f"at least {LEAD} times as fast as the textbook": [
            float(r["ratio_textbook_to_ours"]) >= LEAD for r in rows
        ],
        "utilisation at least " + ", ".join(f"{v} ({k})" for k, v in UTILISATION.items()): [
            float(r["utilisation"]) >= UTILISATION[r["net"]]
            for r in rows
            if r["net"] in UTILISATION
        ],
    }
    targets = [f"- {target}: met by {sum(own)} of {len(own)}" for target, own in met.items()]
    shares: dict[tuple[str, str], list[str]] = {}
    for own in read("operators"):
        said = f"{own['operator']} {100 * float(own['share']):.0f} %"
        shares.setdefault((own["method"], own["net"]), []).append(said)
    shown = [
        row | {"where our time goes": ", ".join(shares.get((row["method"], row["net"]), []))}
        for row in rows
    ]
    return [
        "One thread. The floor is the matrix products and convolutions of our own step and nothing else; the",
        "textbook is a loop as tutorials write it, on equal nets; utilisation is the rate of multiply-adds over that",
        "of a product of two 1,024 x 1,024 matrices; spread is the range of the first ratio over its median.\n",
        *targets,
        "",
        *_markdown(shown),
        "### What was tried\n",
        TRIED,
    ]


def _whole(rows: Rows) -> list[str]:
    return [
        "Seconds for equal iterations: ours on every core at once, one thread each; the textbook's one after",
        f"another, on PyTorch's own number of threads. Wanted: {WHOLE:g} in the last row.\n",
        *_markdown(rows),
    ]


def _growth(rows: Rows) -> list[str]:
    return [
        "Drawn on the report's page on the methods: one iteration of Algorithm 1, or the evaluation of so many",
        "samples.\n",
        *_markdown(rows),
    ]


def _scale(rows: Rows) -> list[str]:
    return [
        "`snakemake --dry-run` of the paper profile with more seeds. See also docs/scale.md.\n",
        *_markdown(rows),
    ]


def _gpu(rows: Rows) -> list[str]:
    kept = {
        "nothing in the loop waits for the device": [row["waits"] == "no" for row in rows],
        "a run that was cut off goes on to the same bits": [
            row["resumes"] == "yes" for row in rows
        ],
        "one seed gives the same bits twice": [row["repeats"] == "yes" for row in rows],
    }
    return [
        "Milliseconds of one iteration of Algorithm 1 with so many seeds in one process, and its time over that of",
        "compiled nets and of a CUDA graph of the same iteration on one batch; empty: not measured.\n",
        *(f"- {promise}: {sum(rows)} of {len(rows)} rows" for promise, rows in kept.items()),
        "",
        *_markdown(rows),
    ]


def _markdown(rows: Rows) -> list[str]:
    head = list(rows[0])
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    lines += [" | ".join(str(row[name]) for name in head) for row in rows]
    return [*(f"| {line} |" for line in lines), ""]


def _made(stem: str) -> str:
    known = json.loads(MADE.read_text(encoding="utf-8")) if MADE.exists() else {}
    if stem not in known:
        return ""
    made = known[stem]
    return f"Made on {made['machine']}; {made['versions']}; commit {made['commit']}.\n"


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"
