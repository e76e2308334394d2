"""What a feature extractor is: a frozen net that turns images into the numbers that metrics compare.

An extractor is one file of this folder. Its head says ``LABEL``; ``TRAINED_ON``, the images that the
net learnt from, empty where every data set has a net of its own, trained on its labels; ``DIMENSION``
of the features; and ``CANONICAL``, true of the one extractor whose scores bear the plain names of the
literature (`fid`). Its one function is
``load(paths: Paths, dataset: str, evaluation: Evaluation, device: torch.device) -> Extractor | None``; None says
that the data set, prepared at `paths`, has no labels to train a net on.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor

from replication.jobs.files import ResultsError
from replication.jobs.progress import Progress
from replication.tensors.levels import to_uint8


class Source(Protocol):
    """Images ``[N, C, H, W]`` in [-1, 1], or points ``[N, d]``: a tensor, or what makes blocks of one on demand."""

    def __len__(self) -> int: ...

    def __getitem__(self, rows: slice, /) -> Tensor: ...


@dataclass(frozen=True, eq=False)
class Extractor:
    """A net in eval mode, and how to feed it.

    Attributes:
        net: images ``[n, C, H, W]`` in [-1, 1] to features ``[n, D]`` and logits ``[n, classes]``.
        block: images a forward pass; no more are asked of a source at once, so that memory grows with their
            number only by the answer.
        sha256: of the file of its weights.
        device: where the net is.
    """

    net: Callable[[Tensor], tuple[Tensor, Tensor]]
    block: int
    sha256: str = ""
    device: torch.device | str = "cpu"

    @torch.inference_mode()
    def extract(
        self, images: Source, progress: Progress = lambda done: None
    ) -> tuple[Tensor, Tensor]:
        """What the net sees in images ``[N, C, H, W]`` of float32 in [-1, 1].

        Args:
            images: of the 256 levels that a saved image has; asked for in order, each once.
            progress: told the number of images done.

        Returns:
            Features ``[N, D]`` and logits ``[N, classes]``, float64 on the CPU.
        """
        # Parts kept one by one, among the many tensors that a net lets go, would leave the memory in pieces.
        wholes: list[Tensor] = []
        for start in range(0, max(1, len(images)), self.block):
            block = images[start : start + self.block]
            seen = self.net(block.to(self.device))
            wholes = wholes or [
                torch.empty(len(images), part.shape[1], dtype=torch.float64) for part in seen
            ]
            for whole, part in zip(wholes, seen, strict=True):
                whole[start : start + len(block)] = part
            progress(start + len(block))
        features, logits = wholes
        return features, logits


def colour(images: Tensor) -> Tensor:
    """Images in [-1, 1] of one or three channels as uint8 ``[n, 3, H, W]``: grey three times over."""
    return to_uint8(images).expand(-1, 3, -1, -1)


def weights(path: Path, sha256: str | None, remedy: str) -> dict[str, Any]:
    """The tensors of a file that `torch.save` wrote; no code in it is run.

    Args:
        path: the file.
        sha256: hexadecimal, of the whole file; None lets any weights pass, which only tests may do.
        remedy: what to do where the file is not that one.

    Raises:
        ResultsError: it is missing, or its bytes are not those of `sha256`.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ResultsError(f"{path}: {error.strerror}; {remedy}") from None
    if sha256 is not None and (found := hashlib.sha256(content).hexdigest()) != sha256:
        raise ResultsError(
            f"{path}: not the published weights: its SHA-256 begins with {found[:8]}, not "
            f"{sha256[:8]}; {remedy}"
        )
    tensors: dict[str, Any] = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    return tensors
