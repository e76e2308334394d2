"""Where a run's numbers come from: code, configuration, machine and time."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import subprocess
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from replication.plan.config import Run

PACKAGES = (
    "torch",
    "torchvision",
    "torch-fidelity",
    "numpy",
    "scipy",
    "POT",
    "pandas",
    "snakemake",
    "dvc",
)


def fingerprint(run: Run) -> str:
    """Hex SHA-256 of a resolved run: equal for equal configurations, whatever the machine."""
    return hashlib.sha256(run.model_dump_json().encode()).hexdigest()


def now() -> str:
    """UTC time, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def collect(run: Run, device: Any, seconds: float, started: str) -> dict[str, Any]:
    """The record of a run.

    Args:
        run: the resolved configuration.
        device: the torch device it ran on.
        seconds: wall seconds of training steps alone, over all resumptions.
        started: when this process began, as from `now`.
    """
    return {
        "run": run.model_dump(mode="json"),
        "config_sha256": fingerprint(run),
        "git": git(),
        "versions": versions(),
        "machine": machine(device),
        "device": str(device),
        "threads": run.threads,
        "training_seconds": round(seconds, 3),
        "wall_seconds": round(_age(started), 3),
        "cpu_seconds": round(time.process_time(), 3),
        "started": started,
        "finished": now(),
    }


def git() -> dict[str, Any]:
    """Commit of the code, and whether files differ from it; None where the code's folder is no repository's root.

    Code that was unpacked inside another repository, or installed in an environment there, is not of its commits.
    """
    root = Path(__file__).parents[2]
    try:
        top, commit = _git(root, "rev-parse", "--show-toplevel", "HEAD").splitlines()
        if not root.samefile(top):
            return {"commit": None, "dirty": None}
        dirty = bool(_git(root, "status", "--porcelain", "--", "replication", "params.yaml"))
    except (OSError, subprocess.CalledProcessError):
        return {"commit": None, "dirty": None}
    return {"commit": commit, "dirty": dirty}


@cache
def versions() -> dict[str, str]:
    """Python and the libraries that decide numbers."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "absent"
    return found


def machine(device: Any) -> dict[str, Any]:
    """CPU model, number of cores, and the GPU in use."""
    gpu = None
    if getattr(device, "type", "cpu") == "cuda":
        import torch

        gpu = torch.cuda.get_device_name(device)
    return {"system": platform.system(), "cpu": _cpu(), "cores": os.cpu_count(), "gpu": gpu}


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def _age(started: str) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(started)).total_seconds()
