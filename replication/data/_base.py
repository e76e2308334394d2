"""From a source of images to the one file that a study trains on, and back.

A data set keeps its official test part as the held-out part. Where it has none, the held-out part
is the fifth of each class whose salted hashes are the smallest: the split depends on pixels and labels
only, not on the order of the source, and equal images are never on both sides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from replication.data import _own
from replication.data._checks import Array, DataError, Part, checked
from replication.jobs.files import replacing
from replication.plan import registry
from replication.plan.config import Config
from replication.plan.study import kind

if TYPE_CHECKING:
    import torch

__all__ = ["DataError", "Images", "Part", "load", "prepare", "split"]

HELDOUT_SHARE = 0.2
FEWEST = 100


@dataclass(frozen=True, eq=False)
class Images:
    """A data set as training and evaluation see it: images, or points.

    Attributes:
        train: float32 ``[N, C, H, W]`` in [-1, 1]; points ``[N, d]`` of any size.
        heldout: likewise, ``[M, ...]``; no critic or generator ever trains on these.
        train_labels: int64 ``[N]``, or None for unlabelled images.
        heldout_labels: int64 ``[M]``, or None for unlabelled images.
    """

    train: torch.Tensor
    heldout: torch.Tensor
    train_labels: torch.Tensor | None
    heldout_labels: torch.Tensor | None

    @property
    def shape(self) -> tuple[int, ...]:
        """Channels, height and width of an image; the dimension of a point."""
        return tuple(self.train.shape[1:])


def prepare(
    dataset: str, config: Config, path: Path, tell: Callable[[str], object] = lambda line: None
) -> None:
    """Read a data set, check it, and write its train and held-out parts.

    Where the split is by hash, the same images in any order give the same bytes.

    Args:
        dataset: its id.
        config: says where it is.
        path: the file to write.
        tell: called with each line about what was read, passed over and converted.

    Raises:
        DataError: missing, damaged or unsuitable images, in one line that says what to do.
        UnknownName: a data set that is neither a file of this folder nor one of ``own_data``.
    """
    # One metadata key only: safetensors writes several in an order that changes from run to run.
    from safetensors.numpy import save

    place, parts = _read(dataset, config)
    if kind(dataset) == "images":
        parts = tuple(checked(part, place) for part in parts)
    keys = [image_hashes(part.images, dataset) for part in parts]
    if (count := len({key for part in keys for key in part})) < FEWEST:
        raise DataError(f"{place}: {count} different images; at least {FEWEST} are needed")
    train, heldout = parts if len(parts) == 2 else split(parts[0], keys[0])
    for line in (place, *(f"  {note}" for part in parts for note in part.notes)):
        tell(line)
    tell(f"  {len(train.images):,} to train on, {len(heldout.images):,} held out")
    tensors = _tensors(train, heldout, place)
    with replacing(path) as aside:
        aside.write_bytes(save(tensors, {"sha256": fingerprint(dataset, tensors)}))


def load(path: Path) -> Images:
    """Open a prepared data set, with every byte checked.

    Args:
        path: the file that `prepare` wrote, which is named after the data set.

    Raises:
        DataError: the file is missing or damaged.
    """
    import torch

    tensors = _verified(path)

    def images(key: str) -> torch.Tensor:
        stored = torch.from_numpy(tensors[key])
        return stored if stored.is_floating_point() else stored.float().div_(127.5).sub_(1)

    def labels(key: str) -> torch.Tensor | None:
        return torch.from_numpy(tensors[key]) if key in tensors else None

    return Images(
        train=images("train_images"),
        heldout=images("heldout_images"),
        train_labels=labels("train_labels"),
        heldout_labels=labels("heldout_labels"),
    )


def split(part: Part, keys: Sequence[bytes]) -> tuple[Part, Part]:
    """Train and held-out parts by hash, both with the class shares of the whole.

    The first images of either part have these shares too: its classes alternate, each in the order of its hashes.

    Args:
        part: ``[N, C, H, W]`` images, with or without labels.
        keys: N hashes, equal for equal images.

    Returns:
        The train part and the held-out part: `HELDOUT_SHARE` of the images, or slightly more where
        a cut would fall between equal images.
    """
    strata = _strata(part.labels, keys)
    sizes = [len(stratum) for stratum in strata]
    train, heldout = [], []
    for stratum, cut in zip(strata, _quotas(sizes, round(HELDOUT_SHARE * len(keys))), strict=True):
        while 0 < cut < len(stratum) and keys[stratum[cut]] == keys[stratum[cut - 1]]:
            cut += 1
        heldout.append(stratum[:cut])
        train.append(stratum[cut:])
    return _part(part, _alternated(train, keys)), _part(part, _alternated(heldout, keys))


def _strata(labels: Array | None, keys: Sequence[bytes]) -> list[list[int]]:
    """Rows of each class in the order of their hashes; copies of one image count to the first of their labels."""
    classes = [0] * len(keys) if labels is None else labels.tolist()
    first: dict[bytes, int] = {}
    strata: dict[int, list[int]] = {}
    for row in sorted(range(len(keys)), key=lambda row: (keys[row], classes[row])):
        strata.setdefault(first.setdefault(keys[row], classes[row]), []).append(row)
    return [strata[label] for label in sorted(strata)]


def _quotas(sizes: Sequence[int], total: int) -> list[int]:
    """Whole numbers that add up to `total`, in proportion to `sizes`, by the largest remainder."""
    shares = [divmod(size * total, sum(sizes)) for size in sizes]
    short = total - sum(whole for whole, _ in shares)
    rounded_up = sorted(range(len(sizes)), key=lambda i: -shares[i][1])[:short]
    return [whole + (i in rounded_up) for i, (whole, _) in enumerate(shares)]


def _alternated(strata: Sequence[Sequence[int]], keys: Sequence[bytes]) -> list[int]:
    """The rows of all strata, those of each spread evenly over the whole."""
    places = {
        row: ((rank + 0.5) / len(stratum), keys[row])
        for stratum in strata
        for rank, row in enumerate(stratum)
    }
    return sorted(places, key=places.__getitem__)


def _part(part: Part, rows: list[int]) -> Part:
    return Part(part.images[rows], None if part.labels is None else part.labels[rows])


def image_hashes(images: Array, salt: str) -> list[bytes]:
    """SHA-256 of each image's bytes; the salt gives every data set its own order."""
    start = hashlib.sha256(f"{salt}\n".encode())
    hashes = []
    for image in images:
        (one := start.copy()).update(image.tobytes())
        hashes.append(one.digest())
    return hashes


def fingerprint(dataset: str, tensors: dict[str, Array]) -> str:
    """Hex SHA-256 of a data set's id and of the names, types, shapes and bytes of its tensors."""
    digest = hashlib.sha256(dataset.encode())
    for name, tensor in sorted(tensors.items()):
        digest.update(f"\n{name} {tensor.dtype} {tensor.shape}\n".encode())
        digest.update(np.ascontiguousarray(tensor).data)
    return digest.hexdigest()


def _read(dataset: str, config: Config) -> tuple[str, tuple[Part, ...]]:
    """The parts of a data set as its source holds them, and the words for that place."""
    if dataset not in config.own_data:
        module = registry.load("data", dataset)
        return dataset, module.read(Path(config.data_root).expanduser())
    if dataset in registry.ids("data"):
        raise DataError(
            f"params.yaml: own_data.{dataset}: a built-in data set has this name; choose another"
        )
    own = config.own_data[dataset]
    place = f"params.yaml: own_data.{dataset}: {own.path}"
    return place, (_own.read(Path(own.path).expanduser(), place, own),)


def _tensors(train: Part, heldout: Part, place: str) -> dict[str, Array]:
    """The tensors of the file; labels only where there are any."""
    tensors = {"train_images": train.images, "heldout_images": heldout.images}
    if train.labels is not None and heldout.labels is not None:
        if untrained := set(heldout.labels.tolist()) - set(train.labels.tolist()):
            raise DataError(
                f"{place}: class {min(untrained)} has so few images that all are held out; "
                "add images of it, or drop it"
            )
        tensors |= {"train_labels": train.labels, "heldout_labels": heldout.labels}
    return tensors


def _verified(path: Path) -> dict[str, Array]:
    """The tensors of a prepared file, whose hash must be the one written beside them."""
    from safetensors import SafetensorError, safe_open

    if not path.exists():
        raise DataError(f"{path}: no such file; make it: snakemake --cores all {path}")
    try:
        with safe_open(path, framework="numpy") as file:
            stated = (file.metadata() or {}).get("sha256")
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    except (SafetensorError, OSError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(path, " ".join(str(error).split())) from None
    if stated != fingerprint(path.stem, tensors):
        raise _damaged(path, "its content does not match its checksum")
    return tensors


def _damaged(path: Path, reason: str) -> DataError:
    return DataError(
        f"{path}: damaged ({reason}); delete {path} and run again: snakemake re-makes it"
    )
