"""Ways of damaging images by degrees (Heusel et al. 2017, section 4.1 and appendix A1.3), and ways of missing variety.

Images are float32 [n, C, H, W] in [-1, 1] and keep that range; strength 0 leaves them as they are.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Images = NDArray[np.float32]
Damage = Callable[[Images, float, np.random.Generator], Images]

RECTANGLES = 5


def noise(images: Images, strength: float, rng: np.random.Generator) -> Images:
    """(1 - strength) x + strength N(0, 1)."""
    drawn = rng.standard_normal(images.shape, np.float32)
    return _clipped((1 - strength) * images + strength * drawn)


def blur(images: Images, strength: float, rng: np.random.Generator) -> Images:
    """Gaussian blur, its standard deviation in pixels."""
    return _clipped(ndimage.gaussian_filter(images, (0, 0, strength, strength)))


def rectangles(images: Images, strength: float, rng: np.random.Generator) -> Images:
    """Five black rectangles an image; their sides are uniform up to `strength` of the image's."""
    _, _, height, width = images.shape
    damaged = images.copy()
    for image in damaged:
        for _ in range(RECTANGLES):
            sides = (rng.random(2) * strength * (height, width)).round().astype(int)
            top, left = (rng.random(2) * ((height, width) - sides + 1)).astype(int)
            image[:, top : top + sides[0], left : left + sides[1]] = -1
    return damaged


def swirl(images: Images, strength: float, rng: np.random.Generator) -> Images:
    """Each point turned about the middle by strength * exp(-r / R) radians, R a quarter of the image's height."""
    height, width = images.shape[2:]
    middle = np.array([height - 1, width - 1])[:, None, None] / 2
    y, x = np.mgrid[:height, :width] - middle
    angle = strength * np.exp(-np.hypot(y, x) / (height / 4))
    turned = np.stack(
        [y * np.cos(angle) + x * np.sin(angle), x * np.cos(angle) - y * np.sin(angle)]
    )
    planes = [
        ndimage.map_coordinates(plane, turned + middle, order=1, mode="nearest")
        for plane in images.reshape(-1, height, width)
    ]
    return _clipped(np.reshape(planes, images.shape))


def salt_and_pepper(images: Images, strength: float, rng: np.random.Generator) -> Images:
    """A share of the pixels becomes black or white, each as likely; all channels of a pixel alike."""
    count, _, height, width = images.shape
    hit = rng.random((count, 1, height, width)) < strength
    value = np.where(rng.random((count, 1, height, width)) < 0.5, np.float32(-1), np.float32(1))
    return np.where(hit, value, images)


def foreign(images: Images, strength: float, rng: np.random.Generator) -> Images:
    """A share of the images belongs to another data set: the same, turned by a quarter (square images only).

    The paper mixes CelebA with ImageNet.
    """
    turned = np.rot90(images, axes=(2, 3))
    strangers = rng.random(len(images)) < strength
    return np.where(strangers[:, None, None, None], turned, images)


#: Kind of damage: how, and its strengths above none (authors' code; its mixture in steps of a quarter).
KINDS: dict[str, tuple[Damage, tuple[float, ...]]] = {
    "noise": (noise, (0.25, 0.5, 0.75)),
    "blur": (blur, (1.0, 2.0, 4.0)),
    "rectangles": (rectangles, (0.25, 0.5, 0.75)),
    "swirl": (swirl, (1.0, 2.0, 4.0)),
    "salt and pepper": (salt_and_pepper, (0.1, 0.2, 0.3)),
    "foreign": (foreign, (0.25, 0.5, 0.75)),
}


def _clipped(images: NDArray[np.floating]) -> Images:
    return np.clip(images, -1, 1).astype(np.float32)
