"""What a benchmark ran on: times mean little without it, and ratios not much more."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil


def machine() -> str:
    """Processor, cores and memory."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    models = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    name = models[0] if models else platform.processor()
    return f"{name}, {os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB"


def versions(*packages: str) -> str:
    """Python, and packages by the names under which they are installed."""
    others = (f"{package} {version(package)}" for package in packages)
    return ", ".join([f"Python {platform.python_version()}", *others])
