"""What a study has evidence of, and the files in which it stands. No torch here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from replication.evidence import pictures
from replication.evidence.pictures import Array
from replication.jobs.files import ResultsError, replacing
from replication.plan.paths import ARM_FILES, DATASET_FILES, Paths
from replication.plan.study import Study, kind

#: In the metadata of an experiment's table.
MADE_BY = b"made_by"

#: What every curves.parquet has at least.
CURVE_COLUMNS = (
    "seed",
    "step",
    "critic_steps",
    "critic_loss",
    "generator_loss",
    "estimate_train",
    "estimate_heldout",
    "lipschitz",
    "score_gap",
    "w_bound",
    "critic_grad_norm",
    "generator_grad_norm",
    "seconds",
)


def arm_files(paths: Paths, arm: str) -> list[Path]:
    """The files of an arm's evidence."""
    return [paths.arm(arm) / name for name in ARM_FILES[kind(arm.partition("/")[0])]]


def dataset_files(paths: Paths, dataset: str) -> list[Path]:
    """The files of a data set's evidence."""
    return [paths.real(dataset) / name for name in DATASET_FILES[kind(dataset)]]


def arms(study: Study) -> list[str]:
    """The arms of a study that have evidence, in its order."""
    return [arm for arm in study.arms if all(f.exists() for f in arm_files(study.paths, arm))]


def datasets(study: Study, among: Iterable[str]) -> list[str]:
    """Those data sets that have evidence."""
    return [d for d in among if all(f.exists() for f in dataset_files(study.paths, d))]


def outcomes(paths: Paths, arm: str) -> dict[str, Any]:
    """What became of an arm's runs: arm.json.

    Returns:
        ``arm``; ``made_by``, see `replication.evidence.current`; and ``runs``, each with ``name``, ``status`` (of
        every seed its state, last step and reason) and ``provenance``.

    Raises:
        ResultsError: it is missing or damaged.
    """
    return _json(paths.arm(arm) / "arm.json", ("made_by", "runs"))


def about(paths: Paths, dataset: str) -> dict[str, Any]:
    """What is known of a data set: dataset.json.

    Returns:
        ``dataset``, ``made_by``, ``train`` and ``heldout`` (numbers of samples), ``shape`` of one, ``labelled``, and
        ``classifier``, the record of the net whose features its metrics use; empty where there is none.

    Raises:
        ResultsError: it is missing or damaged.
    """
    return _json(paths.real(dataset) / "dataset.json", ("made_by", "train", "heldout", "shape"))


def write_experiment(path: Path, table: pd.DataFrame, made_by: Mapping[str, str]) -> None:
    """Write what an experiment measured, with what made it in the file's metadata."""
    said = pa.Table.from_pandas(table, preserve_index=False)
    own = {MADE_BY: json.dumps(made_by).encode(), **(said.schema.metadata or {})}
    with replacing(path) as aside:
        pq.write_table(said.replace_schema_metadata(own), aside)


def experiment_made_by(path: Path) -> dict[str, str]:
    """What made the table of an experiment, see `replication.evidence.current`.

    Raises:
        ResultsError: it is missing or damaged.
    """
    try:
        made_by: dict[str, str] = json.loads((pq.read_schema(path).metadata or {})[MADE_BY])
    except FileNotFoundError:
        raise ResultsError(f"{path}: no such file; {remedy(path)}") from None
    except (OSError, ValueError, LookupError):
        raise ResultsError(f"{path}: damaged; delete it, then {remedy(path)}") from None
    return made_by


def samples(paths: Paths, arm: str) -> dict[int, dict[int, Array]]:
    """Samples of an arm by seed and generator step, the same z at all steps: uint8 or float32 ``[n, ...]``.

    Of the first seed every checkpoint is there, of the others the last one.
    """
    found: dict[int, dict[int, Array]] = {}
    if kind(arm.partition("/")[0]) == "points":
        clouds = pictures.read_points(paths.arm(arm) / "samples.parquet", "seed", "step")
        for (seed, step), cloud in clouds.items():
            found.setdefault(seed, {})[step] = cloud
    else:
        for entry, images in pictures.read_images(paths.arm(arm) / "samples.png"):
            found.setdefault(entry["seed"], {})[entry["step"]] = images
    return found


def walks(paths: Paths, arm: str) -> Array | None:
    """Paths through z at the last checkpoint of an arm's leading seed, uint8 [n, steps, C, H, W]; None of points."""
    path = paths.arm(arm) / "walks.png"
    if kind(arm.partition("/")[0]) == "points" or not (blocks := pictures.read_images(path)):
        return None
    return np.stack([images for _, images in blocks])


def held_out(paths: Paths, dataset: str, count: int) -> Array:
    """`count` of the held-out samples that are kept, evenly spaced: images [count, C, H, W] or points [count, d].

    Raises:
        ResultsError: there is no evidence of the data set.
    """
    folder = paths.real(dataset)
    if kind(dataset) == "points":
        (kept,) = pictures.read_points(folder / "heldout.parquet", "part").values()
    else:
        ((_, kept),) = pictures.read_images(folder / "heldout.png")
    chosen: Array = kept[np.linspace(0, len(kept) - 1, count).astype(int)]
    return chosen


def found(study: Study) -> list[Study]:
    """The studies that have evidence, in the order of the profiles of params.yaml, from the smallest on."""
    every = (study if name == study.name else study.another(name) for name in study.config.profiles)
    return [one for one in every if one.paths.evidence.exists() and arms(one)]


def read_frame(path: Path, columns: Iterable[str]) -> pd.DataFrame:
    """Read a parquet file that must have these columns; it may have more.

    Raises:
        ResultsError: it is missing, damaged or lacks a column.
    """
    try:
        frame = pd.read_parquet(path)
    except FileNotFoundError:
        raise ResultsError(f"{path}: no such file; {remedy(path)}") from None
    except (OSError, ValueError):
        raise ResultsError(f"{path}: damaged; delete it, then {remedy(path)}") from None
    if missing := [column for column in columns if column not in frame]:
        lacks = f"{path}: has no column {', '.join(missing)}"
        raise ResultsError(f"{lacks}; delete it, then {remedy(path)}")
    return frame


def remedy(path: Path) -> str:
    """How a results file is made again."""
    return f"run `snakemake --cores all {path}`"


def _json(path: Path, keys: Iterable[str]) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        for key in keys:
            read[key]
    except FileNotFoundError:
        raise ResultsError(f"{path}: no such file; {remedy(path)}") from None
    except (ValueError, LookupError, TypeError):
        raise ResultsError(f"{path}: damaged; delete it, then {remedy(path)}") from None
    return read
