"""Pictures beside the pages: an arm's samples over training on one sheet, and small pictures of figures.

Of images a sheet shows the images themselves, of points in the plane a cloud for each checkpoint, in front of the data.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from replication.jobs import files

Array = NDArray[Any]

#: Images of a checkpoint, and how many stand in a row; pixels between them.
IMAGES, ACROSS, GAP = 16, 8, 1

#: The side of a cloud's square, pixels; the half width of a dot; the ink of the data.
SIDE, DOT, DATA = 160, 1, (190, 196, 203)

#: The width of a small picture of a figure, pixels.
SMALL = 360
#: The heights that a small picture may have, over its width: a card of the front page shows it whole from the lower on.
LOW_HIGH = (0.4, 0.8)


@dataclass(frozen=True)
class Sheet:
    """A picture of one tile above the other, one for each checkpoint.

    Attributes:
        steps: generator steps, in order.
        width: of a tile, pixels.
        height: likewise.
    """

    steps: list[int]
    width: int
    height: int


def write(path: Path, samples: Mapping[int, Array], data: Array | None, colour: str) -> Sheet:
    """Write the sheet of an arm, and beside it as ``-last.png`` its last tile.

    Args:
        path: the PNG to write.
        samples: by generator step, uint8 ``[n, C, H, W]`` or points ``[n, 2]``.
        data: points of the data; None of images.
        colour: of the clouds, ``#rrggbb``.
    """
    tiles = [
        _images(own) if data is None else _cloud(own, data, colour) for own in samples.values()
    ]
    if not tiles:
        tiles = [np.full((SIDE // 2, SIDE, 3), 255, np.uint8)]
    height, width = tiles[0].shape[:2]
    _png(path, np.concatenate(tiles))
    _png(path.with_name(path.name.removesuffix(".png") + "-last.png"), tiles[-1])
    return Sheet(list(samples), width, height)


def _images(samples: Array) -> Array:
    """The first `IMAGES` in rows of `ACROSS`: uint8 [height, width, 3]."""
    chosen = samples[:IMAGES]
    n, channels, height, width = chosen.shape
    rows = -(-n // ACROSS)
    tile = np.full((rows * (height + GAP), ACROSS * (width + GAP), 3), 255, np.uint8)
    for i, image in enumerate(chosen):
        y, x = i // ACROSS * (height + GAP), i % ACROSS * (width + GAP)
        pixels = np.moveaxis(image, 0, -1)
        tile[y : y + height, x : x + width] = pixels if channels == 3 else pixels[..., :1]
    return tile


def _cloud(points: Array, data: Array, colour: str) -> Array:
    """Points in front of the data, which fill four fifths of the square: uint8 [SIDE, SIDE, 3]."""
    tile = np.full((SIDE, SIDE, 3), 255, np.uint8)
    middle, reach = (data.max(0) + data.min(0)) / 2, float(np.ptp(data, axis=0).max()) / 2 or 1.0
    ink = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
    for cloud, dots in ((data, DATA), (points, ink)):
        places = (cloud[:, :2] - middle) / reach * 0.8
        places = places[np.isfinite(places).all(1) & (np.abs(places) <= 0.97).all(1)]
        columns = np.rint((places[:, 0] + 1) / 2 * (SIDE - 1)).astype(int)
        rows = np.rint((1 - places[:, 1]) / 2 * (SIDE - 1)).astype(int)
        for dy in range(-DOT, DOT + 1):
            for dx in range(-DOT + abs(dy), DOT + 1 - abs(dy)):
                tile[rows + dy, columns + dx] = dots
    tile[[0, -1]] = tile[:, [0, -1]] = (225, 229, 233)
    return tile


def _png(path: Path, pixels: Array) -> None:
    """Few levels or colours, so that the file stays small."""
    grey = bool(
        (pixels[..., 0] == pixels[..., 1]).all() and (pixels[..., 0] == pixels[..., 2]).all()
    )
    image = (
        Image.fromarray(pixels[..., 0] // 17 * 17).quantize(16)
        if grey
        else Image.fromarray(pixels).quantize(64, dither=Image.Dither.NONE)
    )
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    _replace(path, buffer.getvalue())


def thumbnail(figure: Path, path: Path) -> None:
    """A figure's png as a small picture; a tall figure is cut off below, a low one stands on paper."""
    with Image.open(figure) as image:
        picture = image.convert("RGB")
    low, high = (round(picture.width * share) for share in LOW_HIGH)
    height = max(low, min(picture.height, high))
    paper = Image.new("RGB", (picture.width, height), "white")
    paper.paste(picture, (0, max(0, (height - picture.height) // 2)))
    size = (SMALL, round(SMALL * height / picture.width))
    buffer = io.BytesIO()
    paper.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0).save(buffer, "WEBP", quality=70)
    _replace(path, buffer.getvalue())


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with files.replacing(path) as aside:
        aside.write_bytes(content)
