"""What images and labels must be before training; a fault is one line with its remedy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

#: Two strided convolutions halve a side twice; below this nothing is left for a critic to see.
SMALLEST_SIDE = 8


class DataError(ValueError):
    """Images that cannot be trained on: one line that names the place and the remedy."""


class Part(NamedTuple):
    """Images with their labels.

    Attributes:
        images: uint8 ``[N, C, H, W]``; as read, also ``[N, H, W]`` or ``[N, H, W, C]``.
        labels: int64 ``[N]``, the classes numbered from 0; None where there are none.
        notes: what was read and converted, one line each.
    """

    images: Array
    labels: Array | None
    notes: tuple[str, ...] = ()


def reason(error: Exception) -> str:
    """What another library says went wrong, on one line."""
    return " ".join(str(error).split()) or type(error).__name__


def checked(part: Part, place: str) -> Part:
    """The part with its images as uint8 ``[N, C, H, W]`` and its labels as int64 ``[N]``.

    Args:
        part: as it was read.
        place: where it was read, for the message.

    Raises:
        DataError: images or labels of another type or shape.
    """
    images = pixels(part.images, place)
    labels = None if part.labels is None else classes(part.labels, len(images), place)
    return part._replace(images=images, labels=labels)


def pixels(images: Array, place: str) -> Array:
    """Images as contiguous uint8 ``[N, C, H, W]``; never rescaled, only their axes are moved."""
    images = laid_out(images, place)
    bright([images], place)
    return np.ascontiguousarray(images)


def bright(blocks: Iterable[Array], place: str) -> None:
    """Refuse images none of which has a pixel above 1; reads no further than the first that has."""
    if not any(block.max() > 1 for block in blocks):
        raise DataError(
            f"{place}: no pixel is above 1, so nearly all is black; convert: images * 255"
        )


def laid_out(images: Array, place: str, count: int | None = None) -> Array:
    """A view of images as uint8 ``[N, C, H, W]``; `count`, of a block, is the number in the whole, for the message."""
    if images.size == 0:
        raise DataError(f"{place}: holds no images; at least 100 different ones are needed")
    if images.dtype != np.uint8:
        raise DataError(
            f"{place}: images are {images.dtype}, not uint8 from 0 to 255; {_to_uint8(images)}"
        )
    shape = images.shape if count is None else (count, *images.shape[1:])
    if images.ndim == 3:
        images = images[:, None]
    elif images.ndim == 4 and images.shape[1] not in (1, 3) and images.shape[3] in (1, 3):
        images = images.transpose(0, 3, 1, 2)
    if images.ndim != 4 or images.shape[1] not in (1, 3):
        raise DataError(
            f"{place}: images have shape {shape}; reshape to [N, H, W], "
            "[N, H, W, C] or [N, C, H, W] with 1 or 3 channels"
        )
    if min(images.shape[2:]) < SMALLEST_SIDE:
        height, width = images.shape[2:]
        raise DataError(
            f"{place}: images are {height}x{width}; resize them so that each side has "
            f"{SMALLEST_SIDE} pixels or more"
        )
    return images


def classes(labels: Array, count: int, place: str) -> Array:
    """Labels as int64 ``[N]``; the classes must be numbered from 0 without gaps."""
    if labels.shape != (count,):
        raise DataError(
            f"{place}: labels have shape {labels.shape} for {count} images; save one number "
            f"per image{_one_each(labels, count)}"
        )
    if labels.dtype.kind not in "iu":
        raise DataError(f"{place}: labels are {labels.dtype}; {_whole_numbers(labels)}")
    found = np.unique(labels)
    if len(found) < 2:
        raise DataError(
            f"{place}: all labels are {found[0]}; leave labels out for images of one kind"
        )
    if not np.array_equal(found, np.arange(len(found))):
        raise DataError(
            f"{place}: {len(found)} classes are numbered {found[0]} to {found[-1]}; number them "
            "from 0 without gaps: np.unique(labels, return_inverse=True)[1]"
        )
    return labels.astype(np.int64)


def _one_each(labels: Array, count: int) -> str:
    """How to make one label per image of these, where their shape tells."""
    if labels.size == count:
        return ": labels.ravel()"
    if labels.ndim == 2 and len(labels) == count:
        return ", from one-hot: labels.argmax(1)"
    return ", shape [N]"


def _whole_numbers(labels: Array) -> str:
    """How to make class numbers of labels of another type."""
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        return "some are NaN or infinite: repair them or drop those images"
    if labels.dtype.kind in "fb" and np.array_equal(labels, labels.astype(np.int64)):
        return "save whole numbers: labels.astype('int64')"
    return "number the classes: np.unique(labels, return_inverse=True)[1]"


def grey(images: Array) -> bool:
    """Whether red, green and blue are equal in all of these images ``[N, 3, H, W]``; stops at the first where not."""
    return all(bool((image == image[:1]).all()) for image in images)


def _to_uint8(images: Array) -> str:
    """How to make uint8 of these images; their scale is a guess, so only their owner converts."""
    if images.dtype.kind not in "fiub":
        return "save them as an array of numbers"
    if not np.isfinite(images).all():
        return "some pixels are NaN or infinite: repair or drop those images, then convert"
    if images.dtype.kind == "b":
        return "convert: images.astype('uint8') * 255"
    low, high = images.min(), images.max()
    if low >= 0 and high <= 1:
        return "convert: (images * 255).round().astype('uint8')"
    if low >= -1 and high <= 1:
        return "convert: (images * 127.5 + 127.5).round().astype('uint8')"
    if low >= 0 and high <= 255:
        return "convert: images.round().astype('uint8')"
    return f"they reach from {low:g} to {high:g}: scale to 0 to 255, then .round().astype('uint8')"
