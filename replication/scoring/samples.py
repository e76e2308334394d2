"""The user's samples: a folder of images, an ``.npz`` file, or the checkpoints of a run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import torch
from pydantic import ValidationError
from safetensors import SafetensorError, safe_open
from torch import Tensor

from replication.data._own import AS_THEY_ARE
from replication.features._base import Source
from replication.jobs.files import ResultsError
from replication.metrics._base import WALK_STEPS, WALKS
from replication.plan import study
from replication.plan.config import Config, Run
from replication.plan.paths import Paths
from replication.scoring.sources import TO_GREY, Generated, Saved
from replication.training.sampler import Sampler, checkpoint_name, form

CHECKPOINTS = "checkpoints.safetensors"


@dataclass(frozen=True)
class Prepared:
    """What the header of a prepared data set says.

    Attributes:
        dataset: its id.
        shape: of one image, channels first; of one point.
        count: of its samples, training and held out.
        heldout: of those that are held out.
        labelled: whether the held-out samples have labels.
    """

    dataset: str
    shape: tuple[int, ...]
    count: int
    heldout: int
    labelled: bool

    @classmethod
    def read(cls, paths: Paths, dataset: str) -> Prepared:
        """The header of a data set; raises `ResultsError` where it is missing or damaged."""
        path = paths.dataset(dataset)
        try:
            with safe_open(path, framework="np") as tensors:
                heldout, train = (
                    tensors.get_slice(f"{part}_images").get_shape() for part in ("heldout", "train")
                )
                labelled = "heldout_labels" in set(tensors.keys())
                count = heldout[0] + train[0]
                return cls(dataset, tuple(heldout[1:]), count, heldout[0], labelled)
        except (OSError, SafetensorError):
            fault = f"{path}: missing or damaged; run `replication data {dataset}`"
            raise ResultsError(fault) from None


class Samples(NamedTuple):
    """Samples of one source.

    Attributes:
        name: the path as it was given; with the seed, where it holds several generators.
        images: float32 ``[N, C, H, W]`` in [-1, 1]; or points ``[N, d]``; made when they are looked at.
        walks: paths through z, ``[WALKS, WALK_STEPS + 1, C, H, W]``, where a generator made them.
        notes: what was read and converted, one line each.
    """

    name: str
    images: Source
    walks: Tensor | None = None
    notes: tuple[str, ...] = ()


def read(target: str, real: Prepared, config: Config) -> list[Samples]:
    """The samples of a path, of the shape of a data set; headers are read here, and most images later.

    Args:
        target: a path; a folder that holds `CHECKPOINTS` stands for that file.
        real: the data set that they are to be compared with.
        config: says how many samples are generated, and where.

    Raises:
        DataError, ResultsError: they cannot be read, or cannot be compared: one line.
    """
    path = Path(target)
    if (path / CHECKPOINTS).exists():
        path /= CHECKPOINTS
    if path.suffix == ".safetensors" and path.exists():
        return _generated(path, real, config)
    if study.kind(real.dataset) == "points":
        fault = f"{path}: {real.dataset} holds points, not images; only checkpoints can be scored"
        raise ResultsError(fault)
    how = config.own_data.get(real.dataset, AS_THEY_ARE)
    images = Saved(path, how, real.shape[0])
    _alike(target, images.shape, real, _conversion(images.shape, real))
    return [Samples(target, images, notes=images.notes)]


def _generated(path: Path, real: Prepared, config: Config) -> list[Samples]:
    """Samples of the last checkpoint of a run, for each of its seeds."""
    run = _run(path).model_copy(update={"device": config.device, "threads": config.threads})
    try:
        _fits(run, path, real)
        sampler = Sampler(run, path)
    # The record may name any sizes, and the file hold anything: nets and safetensors fail in many ways.
    except ResultsError:
        raise
    except Exception:
        fault = f"{path}: not the whole checkpoints of a run; copy it again, or train the run again"
        raise ResultsError(fault) from None
    if not sampler.steps:
        raise ResultsError(f"{path}: holds no checkpoint: the run diverged before its first")
    last = sampler.steps[-1]
    count = config.budget.evaluation.samples
    walks = sampler.walks(last, WALKS, WALK_STEPS).cpu()
    return [
        Samples(f"{path}, step {last}, seed {seed}", Generated(sampler, last, i, count), walks[i])
        for i, seed in enumerate(run.seeds)
    ]


def _fits(run: Run, path: Path, real: Prepared) -> None:
    """Compare the net that the record names with the tensors before either takes memory."""
    kept: dict[str, dict[str, list[int]]] = {}
    with safe_open(path, framework="np") as file:
        stated = json.loads((file.metadata() or {})["header"])["shape"]
        for key in file.keys():
            step, _, name = key.partition("/")
            kept.setdefault(step, {})[name] = file.get_slice(key).get_shape()
    shape = tuple(int(side) for side in stated.split("x"))
    _alike(str(path), shape, real, "compare it with what it was trained on")
    with torch.device("meta"):
        built = form(run, real.shape).state_dict()
    sizes = {name: list(tensor.shape) for name, tensor in built.items()}
    if any(step != checkpoint_name(int(step[4:])) or kept[step] != sizes for step in kept):
        raise ValueError("the tensors are not those of the net")


def _run(path: Path) -> Run:
    """The run that checkpoints belong to, of the record beside them."""
    record = path.with_name("provenance.json")
    try:
        return Run.model_validate_json(json.dumps(json.loads(record.read_text())["run"]))
    except (OSError, LookupError, TypeError, ValueError, ValidationError, RecursionError):
        raise ResultsError(
            f"{record}: missing or damaged; it says which net {path.name} belongs to: "
            "copy it from the run's folder"
        ) from None


def _alike(place: str, shape: tuple[int, ...], real: Prepared, remedy: str) -> None:
    if tuple(shape) != real.shape:
        raise ResultsError(
            f"{place}: {_size(shape)}, but {real.dataset} holds {_size(real.shape)}; {remedy}"
        )


def _conversion(shape: tuple[int, ...], real: Prepared) -> str:
    """The line that makes image files fit a data set."""
    if shape[1:] == real.shape[1:]:
        return TO_GREY
    height, width = real.shape[1:]
    return f"resize: ImageOps.fit(Image.open(f), ({width}, {height})).save(f)"


def _size(shape: tuple[int, ...]) -> str:
    if len(shape) == 1:
        return f"points of {shape[0]} values"
    channels, height, width = shape
    colour = {1: "grey", 3: "colour"}.get(channels, f"{channels}-channel")
    return f"{colour} images of {height}x{width}"
