"""The 256 levels that a saved image has."""

from __future__ import annotations

import torch
from torch import Tensor


def to_uint8(images: Tensor) -> Tensor:
    """Images in [-1, 1] to the 256 levels of a file; what is not a number becomes mid-grey."""
    levels = images.nan_to_num(nan=0.0, posinf=1.0, neginf=-1.0).clamp(-1, 1).add(1).mul(127.5)
    return levels.round().to(torch.uint8)


def to_float(levels: Tensor) -> Tensor:
    """The inverse of `to_uint8`, as a saved image is read: float32 in [-1, 1]."""
    return levels.to(torch.float32).div(127.5).sub(1)
