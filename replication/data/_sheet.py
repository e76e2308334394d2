"""The contact sheet of a prepared data set: what a net will see, for a person to look at."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from replication.data._checks import Array
from replication.jobs.files import replacing

#: Images on a sheet, rows of classes, and pixels of the smallest side at which images are shown.
TILES, ROWS, SIDE = 64, 16, 64


def draw(prepared: Path, sheet: Path) -> None:
    """Write the sheet of a prepared data set as PNG: its training images, or the density of its points.

    Args:
        prepared: the file that `prepare` wrote.
        sheet: the PNG to write.
    """
    from PIL import Image
    from safetensors.numpy import load_file

    tensors = load_file(prepared)
    images, labels = tensors["train_images"], tensors.get("train_labels")
    picture = _density(images) if images.ndim == 2 else _grid(images, rows(labels, len(images)))
    with replacing(sheet) as aside:
        Image.fromarray(picture).save(aside, "PNG")


def rows(labels: Array | None, count: int) -> list[Array]:
    """Places of the images of each row, at most `TILES` in all.

    Labelled images have one row per class, in order, of at most `ROWS` classes evenly spread; images without labels
    are evenly spread over the set.
    """
    if labels is None:
        side = int(TILES**0.5)
        chosen = _spread(np.arange(count), TILES)
        return [chosen[start : start + side] for start in range(0, len(chosen), side)]
    classes = _spread(np.unique(labels), ROWS)
    return [np.flatnonzero(labels == k)[: TILES // len(classes)] for k in classes]


def _spread(items: Array, most: int) -> Array:
    """At most so many of the items, evenly spaced."""
    return items[np.linspace(0, len(items) - 1, min(most, len(items))).astype(int)]


def _grid(images: Array, places: list[Array]) -> Array:
    """Images ``[N, C, H, W]`` as one picture uint8 ``[height, width, 3]``, row by row; small ones enlarged."""
    import torch
    from torchvision.utils import make_grid

    columns = max(map(len, places))
    tiles = np.full((len(places), columns, *images.shape[1:]), 255, np.uint8)
    for row, chosen in zip(tiles, places, strict=True):
        row[: len(chosen)] = images[chosen]
    zoom = max(1, SIDE // min(images.shape[2:]))
    tiles = tiles.reshape(-1, *images.shape[1:]).repeat(zoom, 2).repeat(zoom, 3)
    grid = make_grid(torch.from_numpy(tiles), columns, pad_value=255)
    return np.ascontiguousarray(grid.permute(1, 2, 0).numpy())


def _density(points: Array) -> Array:
    """Points ``[N, d]`` by their first and last coordinate, dark where there are many; uint8 ``[height, width]``."""
    counts, _, _ = np.histogram2d(points[:, 0], points[:, -1], bins=4 * SIDE)
    shade = 255 * (1 - np.sqrt(counts / counts.max()))
    return np.ascontiguousarray(shade.T[::-1]).astype(np.uint8).repeat(2, 0).repeat(2, 1)
