"""Logs of anybody's training, read as tables of their columns: CSV, JSON lines, TensorBoard events, or our evidence."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from replication.analysis.tracking import ESTIMATES
from replication.evidence.store import read_frame
from replication.metrics._base import QUALITY_COLUMNS

#: How the names of TensorBoard's files begin.
EVENTS = "events.out.tfevents"

#: The tables of an arm's evidence.
ARM_TABLES = ("curves.parquet", "quality.parquet")

DELIMITERS = ",;\t|"


class LogError(ValueError):
    """A log that cannot be followed: one line, with the remedy."""


class Log(NamedTuple):
    """A log as it was read.

    Attributes:
        name: of the file or folder.
        frame: its columns, not yet numbers.
        ours: whether it is evidence of this project, whose names and signs are known.
    """

    name: str
    frame: pd.DataFrame
    ours: bool = False


def read(path: Path) -> Log:
    """Read a log by what it is.

    Raises:
        LogError: it is missing, empty, damaged or of no kind that is known.
    """
    if not path.exists():
        raise LogError(f"{path}: no such file or folder; correct the path")
    if path.is_dir():
        if all((path / name).is_file() for name in ARM_TABLES):
            return Log(str(path), _arm(path), ours=True)
        if not any(file.name.startswith(EVENTS) for file in path.iterdir()):
            raise LogError(f"{path}: a folder with neither TensorBoard events nor {' and '.join(ARM_TABLES)}; "
                           "name a log file")  # fmt: skip
        return Log(str(path), _events(path))
    if EVENTS in path.name:
        return Log(str(path), _events(path))
    text = _text(path)
    frame = _records(path, text) if text.lstrip()[:1] in ("{", "[") else _separated(path, text)
    if frame.empty:
        raise LogError(f"{path}: no row of values; name a log with checkpoints")
    return Log(str(path), frame)


def _arm(folder: Path) -> pd.DataFrame:
    """The curves of an arm's finished seeds, beside its quality with a column per metric."""
    curves = read_frame(folder / ARM_TABLES[0], ["seed", "step", *ESTIMATES])
    quality = read_frame(folder / ARM_TABLES[1], QUALITY_COLUMNS)
    wide = quality.pivot(index=["seed", "step"], columns="metric", values="value").reset_index()
    frame = curves.merge(wide, on=["seed", "step"], how="outer")
    record = folder / "arm.json"
    if record.is_file():
        runs = json.loads(record.read_text(encoding="utf-8"))["runs"]
        done = [s["seed"] for run in runs for s in run["status"] if s["state"] == "finished"]
        frame = frame[frame["seed"].isin(done)]
    if frame.empty:
        raise LogError(f"{folder}: none of its runs finished; name another arm")
    return frame


def _text(path: Path) -> str:
    raw = path.read_bytes()
    wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = raw.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise LogError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    if "\0" in text:
        raise LogError(f"{path}: no text; name a CSV file, JSON lines or TensorBoard events")
    if not text.strip():
        raise LogError(f"{path}: empty; name a log with checkpoints")
    return text


def _separated(path: Path, text: str) -> pd.DataFrame:
    """A CSV file, whatever of `DELIMITERS` separates its values. A last line that was cut short is filled up."""
    head = text.lstrip().splitlines()[0]
    delimiter = max(DELIMITERS, key=head.count)
    delimiter = delimiter if delimiter in head else " "
    # Blank lines above the header would otherwise be taken for it.
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    try:
        lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise LogError(f"{path}: line {reader.line_num}: {error}; correct it") from None
    names = [name.strip() for name in lines[0][1]]
    if all(_is_number(name) for name in names if name):
        raise LogError(
            f"{path}: its first line has no names of columns; add a header, such as step,estimate,fid"
        )
    if twice := sorted({name for name in names if name and names.count(name) > 1}):
        raise LogError(f"{path}: column {twice[0]} stands twice; rename one")
    for number, row in lines[1:]:
        if any(cell.strip() for cell in row[len(names) :]):
            raise LogError(
                f"{path}: line {number} has {len(row)} values and the header {len(names)} names; correct it"
            )
    rows = [(row + [""] * len(names))[: len(names)] for _, row in lines[1:]]
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    return frame[[name for name in names if name]]


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def _records(path: Path, text: str) -> pd.DataFrame:
    """JSON lines, or one JSON list of objects; nested names are joined by a slash."""
    if text.lstrip().startswith("["):
        records = _json(path, "", text)
    else:
        lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
        records = []
        for place, (number, line) in enumerate(lines):
            try:
                records.append(_json(path, f"line {number}: ", line))
            except LogError:
                # A training that was killed may have left half a line.
                if place == 0 or place < len(lines) - 1:
                    raise
    if not all(isinstance(record, dict) for record in records):
        raise LogError(
            f'{path}: not every record is an object, such as {{"step": 100, "fid": 12.5}}; correct it'
        )
    return pd.json_normalize(records, sep="/")


def _json(path: Path, place: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LogError(f"{path}: {place}not JSON ({error}); correct it") from None


def _events(path: Path) -> pd.DataFrame:
    """The scalars of TensorBoard's event files: a row per step, a column per tag."""
    try:
        from tensorboard.backend.event_processing import event_accumulator
        from tensorboard.util import tensor_util
    except ImportError:
        raise LogError(
            f"{path}: TensorBoard's events need its package; pip install -e '.[tensorboard]'"
        ) from None
    kinds = {event_accumulator.SCALARS: 0, event_accumulator.TENSORS: 0}
    events = event_accumulator.EventAccumulator(str(path), size_guidance=kinds).Reload()
    tags, rows = events.Tags(), []
    for tag in tags["scalars"]:
        rows += [(event.step, tag, event.value) for event in events.Scalars(tag)]
    for tag in tags["tensors"]:
        values = [
            (e.step, np.asarray(tensor_util.make_ndarray(e.tensor_proto)))
            for e in events.Tensors(tag)
        ]
        rows += [(step, tag, value.item()) for step, value in values if value.size == 1]
    rows = [row for row in rows if row[1] != "step"]
    if not rows:
        raise LogError(f"{path}: no scalar was logged; name a run with scalars")
    long = pd.DataFrame(rows, columns=["step", "tag", "value"])
    # What is logged twice at a step was logged again: the last one counts.
    return long.pivot_table(
        index="step", columns="tag", values="value", aggfunc="last"
    ).reset_index()
