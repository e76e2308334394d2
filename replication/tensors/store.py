"""Tensors on disk: whole or absent, checked by hash when read, never unpickled."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as serialise
from torch import Tensor, nn

from replication.jobs.files import replacing


class CorruptFile(ValueError):
    """A file that is not what was written."""


def save(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> None:
    """Write tensors atomically, with the hash of their content beside `metadata`.

    The file is a function of its content: safetensors would write several keys in any order.
    """
    ready = {name: t.detach().cpu().contiguous() for name, t in tensors.items()}
    header = json.dumps({**metadata, "sha256": digest(ready)}, sort_keys=True)
    with replacing(path) as aside:
        aside.write_bytes(serialise(ready, {"header": header}))


def load(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Read tensors and metadata back.

    Raises:
        CorruptFile: the file is truncated, is no safetensors file, or its content has changed.
    """
    try:
        with safe_open(path, "pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}
            metadata = dict(json.loads((file.metadata() or {})["header"]))
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise CorruptFile(_remedy(path)) from None
    if metadata.pop("sha256", None) != digest(tensors):
        raise CorruptFile(_remedy(path))
    return tensors, metadata


def digest(tensors: Mapping[str, Tensor]) -> str:
    """SHA-256 over names, types, shapes and bytes, in the order of names."""
    state = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name].contiguous()
        state.update(f"{name} {tensor.dtype} {tuple(tensor.shape)};".encode())
        state.update(tensor.flatten().view(torch.uint8).numpy().data)
    return state.hexdigest()


def prefixed(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Keys under ``prefix/``."""
    return {f"{prefix}/{name}": tensor for name, tensor in tensors.items()}


def under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The inverse of `prefixed`."""
    start = len(prefix) + 1
    return {k[start:]: t for k, t in tensors.items() if k.startswith(f"{prefix}/")}


def finite(net: nn.Module) -> bool:
    """Whether every weight and buffer of a net is finite."""
    return all(
        bool(torch.isfinite(t).all()) for t in net.state_dict().values() if t.is_floating_point()
    )


def _remedy(path: Path) -> str:
    return f"{path}: truncated or changed since it was written; delete it and run snakemake again"
