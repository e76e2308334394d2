"""What a run has left, and whether it is what another left, to the bit; and what an unfinished one resumes from."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from safetensors.numpy import load_file

from replication.tensors import store

Outcome = dict[str, np.ndarray]


def outcome(run: Path) -> Outcome:
    """The checkpoints and curves in a run's folder, without its clock."""
    curves = pd.read_parquet(run / "curves.parquet").drop(columns="seconds")
    return load_file(run / "checkpoints.safetensors") | {c: curves[c].to_numpy() for c in curves}


def same(one: Outcome, other: Outcome) -> None:
    """Fail at the first array that differs in one bit; NaN equals NaN."""
    assert one.keys() == other.keys()
    for name, array in one.items():
        assert array.dtype == other[name].dtype, name
        assert np.array_equal(array, other[name], equal_nan=array.dtype.kind == "f"), name


def state(study: Path) -> Path | None:
    """The state from which the unfinished run of a study would go on."""
    return next((study / "results" / "smoke" / "scratch").glob("*/state.safetensors"), None)


def saved_on_request(study: Path) -> bool:
    """Whether that state is of a step that is no checkpoint: nothing but a request saves there."""
    path = state(study)
    assert path
    _, counters = store.load(path)
    checkpoints = {int(file.stem.removeprefix("step")) for file in path.parent.glob("step*")}
    assert checkpoints
    return int(counters["step"]) not in checkpoints


def wait_until(done: Callable[[], object], complaint: str, patience: float = 600.0) -> None:
    """Look again and again until something is true; fails with a complaint if it never is."""
    end = time.monotonic() + patience
    while not done():
        assert time.monotonic() < end, complaint
        time.sleep(0.01)
