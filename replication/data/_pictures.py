"""One image file as a net sees it: upright, 8 bits, without transparency; every change has a name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import ExifTags, Image, ImageOps

from replication.data._checks import Array, DataError, reason
from replication.data._listing import FORMATS, counted
from replication.plan.config import Reading

#: From an image to the next, and what was changed; "" where nothing was.
Step = Callable[[Image.Image, Reading], tuple[Image.Image, str]]

#: Pillow's modes that mean grey, and names of those that do not explain themselves.
GREY = ("1", "L", "LA")
NAMES = {"1": "black and white", "L": "grey", "LA": "grey with alpha", "P": "palette"}


class Picture(NamedTuple):
    """An image file, read.

    Attributes:
        pixels: uint8 ``[H, W, C]``; C = 1 where red, green and blue are equal everywhere, else 3.
        mode: Pillow's, as stored.
        size: height and width, upright and before any resizing.
        changes: what was changed, in words.
    """

    pixels: Array
    mode: str
    size: tuple[int, int]
    changes: tuple[str, ...]


@dataclass
class Tally:
    """What was read, counted: the source of the lines that tell a user what happened to the images."""

    modes: Counter[str] = field(default_factory=Counter)
    sizes: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    grey: int = 0
    grey_by_mode: int = 0

    def add(self, picture: Picture) -> None:
        """Count one image."""
        self.modes[NAMES.get(picture.mode, picture.mode)] += 1
        self.sizes["of {}x{}".format(*picture.size)] += 1
        self.changes.update(picture.changes)
        self.grey += picture.pixels.shape[2] == 1
        self.grey_by_mode += picture.mode in GREY

    @property
    def channels(self) -> int:
        """1 where all images are grey, else 3."""
        return 1 if self.grey == self.modes.total() else 3

    def notes(self) -> list[str]:
        """One line for each kind of fact; height stands before width."""
        count = self.modes.total()
        lines = [f"{count:,} images: {counted(self.modes)}", f"sizes: {counted(self.sizes)}"]
        lines += [f"{number:,} {change}" for change, number in self.changes.items()]
        if self.channels == 1 and self.grey_by_mode < count:
            lines.append("read as grey: red, green and blue are equal in every image")
        if self.channels == 3 and self.grey:
            lines.append(f"{self.grey:,} grey among coloured ones, read as colour")
        return lines


def look(file: Path, place: str, how: Reading) -> Picture:
    """Read an image file.

    Args:
        file: of a format in `FORMATS`.
        place: where its folder was given, for the message.
        how: the side to resize to, and what shows behind transparent pixels.

    Raises:
        DataError: it cannot be read, or only by a guess at what is meant; the line that converts is in the message.
    """
    try:
        with Image.open(file, formats=FORMATS) as image:
            return _read(image, how)
    except DataError as error:
        raise DataError(f"{place}: {file}: {error}") from None
    # Each format's plug-in has its own way to fail on a broken file; all mean the same here.
    except Exception as error:
        why = reason(error).replace(str(file), file.name)
        raise DataError(f"{place}: {file}: unreadable ({why}); replace or remove it") from None


def _read(image: Image.Image, how: Reading) -> Picture:
    mode, changes = image.mode, []
    for step in STEPS:
        image, change = step(image, how)
        changes.append(change)
    size = image.height, image.width
    image, change = _fit(image, how)
    pixels = np.asarray(image)
    if (pixels == pixels[..., :1]).all():
        pixels = pixels[..., :1]
    return Picture(pixels, mode, size, tuple(filter(None, [*changes, change])))


def _first_frame(image: Image.Image, how: Reading) -> tuple[Image.Image, str]:
    return image, "with several frames: the first is read" * (getattr(image, "n_frames", 1) > 1)


def _eight_bits(image: Image.Image, how: Reading) -> tuple[Image.Image, str]:
    """Pillow takes the upper 8 of a colour channel's 16 bits; the range of other numbers only their owner knows."""
    if image.mode.startswith(("I", "F")):
        top = 65535 if image.mode.startswith("I") else 1
        raise DataError(
            f"more than 8 bits a channel; if its values reach from 0 to {top}, convert: Image.fromarray("
            f"(np.asarray(Image.open(f)) * (255 / {top})).round().astype('uint8')).save(f)"
        )
    # Only Pillow's plan for decoding, such as RGB;16B, still tells.
    deep = re.search(r"(RGB[AaX]?|LA|CMYK);16", str(getattr(image, "tile", "")))
    return image, "with 16 bits a channel: the upper 8 are read" if deep else ""


def _upright(image: Image.Image, how: Reading) -> tuple[Image.Image, str]:
    turned = image.getexif().get(ExifTags.Base.Orientation, 1) in range(2, 9)
    return ImageOps.exif_transpose(image), "turned upright by EXIF orientation" if turned else ""


def _opaque(image: Image.Image, how: Reading) -> tuple[Image.Image, str]:
    """As viewers show it; where transparent pixels hide a picture, only its owner knows which one is meant."""
    if not image.has_transparency_data:
        return image, ""
    image = image.convert("RGBA")
    pixels = np.asarray(image)
    if pixels[..., 3].min() == 255:
        return image.convert("RGB"), "with alpha that is opaque everywhere: dropped"
    hidden = pixels[pixels[..., 3] == 0]
    if how.backdrop is None and len(hidden) and (hidden != hidden[0]).any():
        raise DataError(
            "transparent pixels hide colours; say what shows there, `backdrop: white` beside the path in own_data, "
            "or show the hidden colours: Image.open(f).convert('RGB').save(f)"
        )
    colour = how.backdrop or "white"
    below = Image.new("RGBA", image.size, colour)
    laid = Image.alpha_composite(below, image).convert("RGB")
    return laid, f"with transparent pixels: laid on {colour}"


def _rgb(image: Image.Image, how: Reading) -> tuple[Image.Image, str]:
    exact = image.mode in ("1", "L", "P", "RGB")
    change = "" if exact else f"{image.mode} converted to RGB without a colour profile"
    return image.convert("RGB"), change


#: What makes an image 8-bit RGB, in this order.
STEPS: tuple[Step, ...] = (_first_frame, _eight_bits, _upright, _opaque, _rgb)


def _fit(image: Image.Image, how: Reading) -> tuple[Image.Image, str]:
    """A centred square, resized by Pillow's bicubic filter, which widens with the factor: no aliasing."""
    side = how.resize
    if side is None or image.size == (side, side):
        return image, ""
    verb = "enlarged" if min(image.size) < side else "reduced"
    resized = ImageOps.fit(image, (side, side), Image.Resampling.BICUBIC)
    return resized, f"cut to a centred square and {verb} to {side}x{side}"
