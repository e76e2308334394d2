"""Dequantisation: uniform noise between the levels of real images (Gulrajani et al. 2017, code of the ResNet)."""

from __future__ import annotations

from torch import Tensor

from replication.techniques import _base
from replication.techniques._batch import Noise

LABEL = "Dequantisation"
OPTIONS = {"levels": 256}


class Technique(_base.Technique):
    """Level k of n becomes 2 (k + u) / n - 1 with u ~ U(0, 1), for every pixel; Miyato et al. 2018 do likewise.

    Real images have n levels and generated ones have none, so a critic could tell them apart by that alone.
    Generated images and points stay as they are.

    Args:
        levels: n; the lowest lies at -1 and the highest at 1 before.
    """

    def __init__(self, levels: int) -> None:
        self.levels = levels

    def inputs(self, images: Tensor, noise: Noise) -> Tensor:
        """Real images in training and in records; every kind of image has noise under a name of its own."""
        if images.dim() < 5 or noise._prefix.endswith("fake/"):
            return images
        u = noise.uniform("dequantisation", tuple(images.shape[1:]))
        level = (images + 1) * ((self.levels - 1) / 2)
        return (level + u) * (2 / self.levels) - 1
