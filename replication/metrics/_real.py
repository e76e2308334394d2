"""What an extractor sees in a data set's own images, kept on disk under the hash of all that decides it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch
from torch import Tensor

from replication.features._base import Extractor
from replication.jobs.fingerprint import fingerprint
from replication.jobs.progress import Progress
from replication.tensors import store


def features(
    folder: Path, name: str, extractor: Extractor, images: Tensor, progress: Progress
) -> tuple[Tensor, Tensor]:
    """Features ``[N, D]`` and logits ``[N, classes]`` of real images, computed once for any number of jobs.

    Args:
        folder: undeclared to Snakemake: several jobs use a file, and whichever comes first writes it.
        name: the extractor's id.
        extractor: its net; one whose weights have no hash is asked anew each time.
        images: ``[N, C, H, W]`` in [-1, 1].
        progress: told the number of images done.
    """
    if not extractor.sha256:
        return extractor.extract(images, progress)
    path = folder / f"{_key(name, extractor, images)}.safetensors"
    try:
        held, _ = store.load(path)
    except (FileNotFoundError, store.CorruptFile):
        seen, logits = extractor.extract(images, progress)
        path.parent.mkdir(parents=True, exist_ok=True)
        store.save(path, {"features": seen, "logits": logits}, {})
        return seen, logits
    progress(len(images))
    return held["features"], held["logits"]


def _key(name: str, extractor: Extractor, images: Tensor) -> str:
    """The images, the weights, the code that applies them, and the kind of device that they ran on."""
    content = store.digest({"images": images.cpu()})
    device, code = torch.device(extractor.device).type, fingerprint(f"features/{name}")
    return hashlib.sha256(" ".join([content, extractor.sha256, code, device]).encode()).hexdigest()
