"""Samples as evidence: images on one sheet that people look at and figures read back, points in a table.

The sheet is a PNG, which loses nothing; its text says what stands where. No torch here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from replication.jobs.files import ResultsError, replacing

Array = NDArray[Any]

#: Images in a row of a sheet.
ACROSS = 16

#: The key of the text of a PNG.
TEXT = "replication"


def write_images(
    path: Path,
    shape: tuple[int, ...],
    blocks: Iterable[tuple[Mapping[str, int], Array]],
    across: int = ACROSS,
) -> None:
    """Write blocks of images on one sheet, each from a new row.

    Args:
        path: the PNG to write.
        shape: (C, H, W) of an image, C being 1 or 3.
        blocks: what a block shows, such as its seed and step, and uint8 ``[n, C, H, W]``.
        across: images in a row.
    """
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    channels, height, width = shape
    entries, rows = [], [np.zeros((0, height, across * width, channels), np.uint8)]
    for entry, images in blocks:
        count = -(-len(images) // across)
        padded = np.zeros((count * across, channels, height, width), np.uint8)
        padded[: len(images)] = images
        tiles = padded.reshape(count, across, channels, height, width)
        rows.append(tiles.transpose(0, 3, 1, 4, 2).reshape(count, height, across * width, channels))
        entries.append({**entry, "count": len(images)})
    # A PNG has one row of pixels at least.
    pixels = np.concatenate(rows).reshape(-1, across * width, channels)
    pixels = pixels if len(pixels) else np.zeros((1, across * width, channels), np.uint8)
    text = PngInfo()
    text.add_text(TEXT, json.dumps({"shape": shape, "across": across, "blocks": entries}))
    with replacing(path) as aside:
        image = Image.fromarray(pixels[..., 0] if channels == 1 else pixels)
        image.save(aside, "PNG", pnginfo=text, optimize=True)


def read_images(path: Path) -> list[tuple[dict[str, int], Array]]:
    """The blocks of a sheet: what each shows, and uint8 ``[n, C, H, W]``.

    Raises:
        ResultsError: the file is missing, or no such sheet.
    """
    from PIL import Image

    try:
        with Image.open(path) as image:
            image.verify()  # reading alone makes black of pixels that are damaged
        with Image.open(path) as image:
            said = json.loads(image.info[TEXT])
            pixels = np.asarray(image)
        (channels, height, width), across = said["shape"], said["across"]
        blocks, top = [], 0
        for entry in said["blocks"]:
            rows = -(-entry["count"] // across)
            strip = pixels[top : top + rows * height].reshape(rows, height, across, width, channels)
            tiles = strip.transpose(0, 2, 4, 1, 3).reshape(-1, channels, height, width)
            blocks.append((entry, tiles[: entry["count"]]))
            top += rows * height
    except FileNotFoundError:
        raise ResultsError(f"{path}: no such file; take it from git again") from None
    # Pillow calls bytes that are no PNG's a syntax error.
    except (OSError, ValueError, LookupError, TypeError, ArithmeticError, SyntaxError):
        raise ResultsError(f"{path}: no sheet of samples; take it from git again") from None
    return blocks


def write_points(path: Path, blocks: Iterable[tuple[Mapping[str, int], Array]]) -> None:
    """Write blocks of points ``[n, d]`` as a table: x0, x1, ... as half floats, and columns of what a block shows.

    What a half float cannot hold, beyond 65,504, becomes infinite.
    """
    with np.errstate(over="ignore"):
        halves = [(entry, points.astype(np.float16)) for entry, points in blocks]
    tables = [
        pd.DataFrame(points, columns=[f"x{i}" for i in range(points.shape[1])])
        .assign(**entry)
        .astype(dict.fromkeys(entry, "int32"))
        for entry, points in halves
    ]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    with replacing(path) as aside:
        table.to_parquet(aside, index=False)


def read_points(path: Path, *keys: str) -> dict[tuple[int, ...], Array]:
    """The blocks of a table of points by the columns `keys`: float32 ``[n, d]``.

    Raises:
        ResultsError: the file is missing, or no such table.
    """
    try:
        table = pd.read_parquet(path)
        if table.empty:
            return {}
        places = [column for column in table if str(column).startswith("x")]
        grouped = table.groupby([table[key] for key in keys], sort=True)
        return {key: own[places].to_numpy(np.float32) for key, own in grouped}
    except FileNotFoundError:
        raise ResultsError(f"{path}: no such file; take it from git again") from None
    except (OSError, ValueError, LookupError, TypeError):
        raise ResultsError(f"{path}: no table of points; take it from git again") from None
