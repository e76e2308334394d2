"""Exact Wasserstein-1 distance between small patches of images, which ignores how a picture hangs together."""

from __future__ import annotations

import torch
from torch import Tensor

from replication.metrics._base import Batch, Protocol
from replication.metrics.w1_pixels import transport

LABEL = "Patch W1"
DIRECTION = "lower"
UNIT = "Euclidean distance, pixels in [-1, 1]"
LEAST = 0.0
NEEDS = "images"
OUTSIDE = True
PROTOCOL = "a patch of a quarter of the side each from {transport_samples:,} generated v {transport_samples:,} held-out"


def compute(real: Batch, fake: Batch, protocol: Protocol) -> float:
    """Least E |x - y|_2 over couplings of patches, one of a place drawn for each image, the same for all samples.

    A convolutional critic may see no more than patches of an image, and then compares those (Elnekave and
    Weiss 2025).
    """
    n = protocol.transport_samples
    return transport(patches(fake.images[:n]), patches(real.images[:n]))


def patches(images: Tensor) -> Tensor:
    """One square of a quarter of the shorter side per image: ``[n, C, H, W]`` to ``[n, C, side, side]``."""
    count, _, height, width = images.shape
    side = max(1, min(height, width) // 4)
    draws = torch.Generator().manual_seed(0)
    down = torch.randint(0, height - side + 1, (count, 1, 1), generator=draws)
    right = torch.randint(0, width - side + 1, (count, 1, 1), generator=draws)
    rows, columns = down + torch.arange(side)[:, None], right + torch.arange(side)
    cut = images[torch.arange(count)[:, None, None], :, rows, columns]
    return cut.permute(0, 3, 1, 2)
